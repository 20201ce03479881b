#pragma once

// The `kanal` of each sending system. Corner 2 gives a receipt to whoever asks for the kanal of the
// letter it answers, so each system of each tenant has its own, and every one that a letter ever
// went out by is asked for ever: an opening receipt may come after months.

#include "gateway/core/ids.hpp"
#include "gateway/sdk/host.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::digital_post {

inline constexpr std::size_t channel_length_max = 28;   // OpenAPI of corner 2

/// `<first>_<tenant>_<system>` in [A-Za-z0-9_-]; where that is too long, the system's name gives
/// way to a hash of it. Corner 2 does not tell upper from lower case, and neither do our names.
std::string channel_name(std::string_view first, const core::TenantId& tenant,
                         const core::SystemId& system);

/// The channels used so far, durable in the connection's state. Lives on the connection's strand.
class Channels {
public:
    explicit Channels(sdk::State& state) : state_(state) {}

    /// Durable before it returns; at once when it has been used before.
    sdk::Task<core::Result<void>> use(std::string channel);
    /// All of them, read from the store when not yet known.
    sdk::Task<core::Result<std::vector<std::string>>> all();

private:
    sdk::Task<core::Result<void>> load();
    bool knows(const std::string& channel) const;

    sdk::State& state_;
    std::vector<std::string> known_;
    std::uint64_t version_ = 0;
    bool loaded_ = false;
};

}   // namespace gateway::digital_post
