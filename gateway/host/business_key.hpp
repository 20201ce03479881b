#pragma once

#include "gateway/crypto/private_key.hpp"
#include "gateway/host/services.hpp"

#include <memory>
#include <optional>

namespace gateway::host {

/// A connection's key, loaded when first needed and again when its file changes (looked at every
/// half minute) or after a failure: a renewed certificate needs no restart. Loading, signing and
/// unwrapping run on the blocking executor. One strand.
class BusinessKey final : public sdk::Keys {
public:
    BusinessKey(Services services, core::ConnectionConfig connection)
        : services_(std::move(services)), connection_(std::move(connection)) {}

    sdk::Task<sdk::Result<std::string>> sign_rs256(std::string bytes) override;
    sdk::Task<sdk::Result<std::string>>
    unwrap_key(core::KeyTransport transport, std::string wrapped, std::size_t key_bytes) override;
    sdk::Task<sdk::Result<std::vector<std::string>>> certificate_chain() override;

    static constexpr std::chrono::seconds look_again{30};

private:
    using Key = std::shared_ptr<const crypto::PrivateKey>;
    struct Loaded {
        Key key;
        std::vector<std::string> chain;
        std::string source;   // digest of what it was read from

        Loaded() = default;
    };
    static core::Result<Loaded>
    load(const Services& services, const core::ConnectionConfig& connection, const Loaded& before);
    sdk::Task<sdk::Result<Key>> key();
    /// After the key failed: a token pulled out, a session lost. It is opened anew next time.
    void forget();

    Services services_;
    core::ConnectionConfig connection_;
    Loaded loaded_;
    std::optional<core::SteadyTime> looked_at_;
};

}   // namespace gateway::host
