#pragma once

// Who calls: `Authorization: Bearer slu_<key id>_<43 base64url characters>`, else Bearer and a
// token of Maskinporten, else, without Authorization, the certificate of the connection. What is
// missing, malformed, unknown, revoked or expired is told apart by nobody.

#include "gateway/crypto/api_key.hpp"
#include "gateway/http/message.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/signin/sign_in.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::accept {

using crypto::parse_api_key;

/// The caller, or why there is none.
struct Identity {
    std::optional<ports::Caller> caller;
    ports::Refusal refusal{"auth.missing_or_invalid"};

    Identity() = default;
    explicit Identity(ports::Caller who) : caller(std::move(who)), refusal(core::Code()) {}
    explicit Identity(ports::Refusal why) : refusal(std::move(why)) {}
};

/// Any thread. Looked-up keys are remembered for a few seconds; forget() makes a revocation hold at
/// once.
class Authenticator {
public:
    Authenticator(ports::Store& store, const ports::ConfigurationSource& configuration,
                  signin::SignIn& sign_in, sdk::Clock& clock);

    /// Who called a moment ago with the same key. Nothing for everybody else: identify() knows.
    std::optional<Identity> identify_at_once(const http::Request& request);
    /// A failure only when the store cannot be asked.
    sdk::Task<core::Result<Identity>> identify(const http::Request& request);
    void forget(const std::string& key_id);

private:
    struct Known {
        ports::Credential credential;
        core::SteadyTime until;
    };
    /// Nothing when it is not kept, or no longer holds. Under the lock, as is what it points to.
    const ports::Credential* find_known(const std::string& key_id) const;
    sdk::Task<core::Result<std::optional<ports::Credential>>> look_up(std::string key_id);
    sdk::Task<core::Result<Identity>> by_key(crypto::ApiKey key);
    /// Nobody when the configuration has no such system any more.
    Identity system_of(const core::TenantId& tenant, const core::SystemId& system) const;

    ports::Store& store_;
    const ports::ConfigurationSource& configuration_;
    signin::SignIn& sign_in_;
    sdk::Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Known> known_;
    std::uint64_t revocations_ = 0;
};

}   // namespace gateway::accept
