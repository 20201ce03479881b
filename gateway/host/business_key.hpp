#pragma once

#include "gateway/crypto/private_key.hpp"
#include "gateway/host/services.hpp"

#include <memory>
#include <optional>

namespace gateway::host {

/// A connection's key, and those that open what comes in, each loaded when first needed and again
/// when its file changes (looked at every half minute) or after a failure: a renewed certificate
/// needs no restart. Loading, signing and unwrapping run on the blocking executor. One strand.
class BusinessKey final : public sdk::Keys {
public:
    BusinessKey(Services services, core::ConnectionConfig connection);

    sdk::Task<sdk::Result<std::string>> sign_rs256(std::string bytes) override;
    sdk::Task<sdk::Result<std::string>> unwrap_key(core::KeyTransport transport,
                                                   std::string wrapped, std::size_t key_bytes,
                                                   std::size_t which) override;
    sdk::Task<sdk::Result<std::vector<std::string>>> opening_public_keys() override;
    using sdk::Keys::unwrap_key;
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
    /// The opening key of that number; nullptr when there is none.
    BusinessKey* opener(std::size_t which);
    sdk::Task<sdk::Result<std::string>> unwrap(core::KeyTransport transport, std::string wrapped,
                                               std::size_t key_bytes);
    /// After the key failed: a token pulled out, a session lost. It is opened anew next time.
    void forget();

    Services services_;
    core::ConnectionConfig connection_;
    Loaded loaded_;
    std::optional<core::SteadyTime> looked_at_;
    std::vector<std::unique_ptr<BusinessKey>> openers_;   // of `opening_keys`
};

}   // namespace gateway::host
