#pragma once

// Who calls: `Authorization: Bearer slu_<key id>_<43 base64url characters>`. Missing, malformed,
// unknown and revoked keys are told apart by nobody.

#include "gateway/crypto/api_key.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/clock.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::accept {

using crypto::parse_api_key;

/// Any thread. Looked-up keys are remembered for a few seconds; forget() makes a revocation hold at
/// once.
class Authenticator {
public:
    Authenticator(ports::Store& store, const ports::ConfigurationSource& configuration,
                  sdk::Clock& clock);

    /// The caller; nothing when there is none; a failure only when the store cannot be asked.
    sdk::Task<core::Result<std::optional<ports::Caller>>>
    identify(std::string_view authorization_header);
    void forget(const std::string& key_id);

private:
    struct Known {
        ports::Credential credential;
        core::SteadyTime until;
    };
    sdk::Task<core::Result<std::optional<ports::Credential>>> look_up(std::string key_id);

    ports::Store& store_;
    const ports::ConfigurationSource& configuration_;
    sdk::Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Known> known_;
    std::uint64_t revocations_ = 0;
};

}   // namespace gateway::accept
