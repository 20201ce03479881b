#include "gateway/accept/identity.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace gateway::accept {
namespace {

constexpr std::size_t known_max = 4096;
constexpr std::chrono::seconds known_for{5};
constexpr std::string_view bearer = "bearer ";
// What has our form is a key of ours, be it a wrong one.
constexpr std::string_view key_start = "slu_";

bool is_bearer(std::string_view header) {
    return header.size() > bearer.size() &&
           std::equal(bearer.begin(), bearer.end(), header.begin(),
                      [](char a, char b) { return a == (b | 0x20); }) &&
           !header.substr(bearer.size()).starts_with(key_start);
}

Identity identity_of(signin::SignedIn signed_in) {
    switch (signed_in.verdict) {
    case signin::Verdict::accepted: return Identity(std::move(signed_in.caller));
    case signin::Verdict::not_bound: return Identity(ports::Refusal("auth.not_bound"));
    case signin::Verdict::unavailable: return Identity(ports::Refusal("auth.keys_unavailable"));
    case signin::Verdict::invalid: break;
    }
    return {};
}

bool may_call(const ports::Credential& credential) {
    return !credential.revoked && credential.kind == "system";
}

}   // namespace

Authenticator::Authenticator(ports::Store& store, const ports::ConfigurationSource& configuration,
                             signin::SignIn& sign_in, sdk::Clock& clock)
    : store_(store), configuration_(configuration), sign_in_(sign_in), clock_(clock) {}

const ports::Credential* Authenticator::find_known(const std::string& key_id) const {
    const auto found = known_.find(key_id);
    const bool holds = found != known_.end() && found->second.until > clock_.steady();
    return holds ? &found->second.credential : nullptr;
}

sdk::Task<core::Result<std::optional<ports::Credential>>>
Authenticator::look_up(std::string key_id) {
    std::uint64_t revocations = 0;
    {
        const std::lock_guard lock(mutex_);
        revocations = revocations_;
        if (const auto* known = find_known(key_id)) {
            co_return std::optional(*known);
        }
    }
    auto credential = co_await store_.find_credential(key_id);
    if (credential && credential->has_value()) {
        const std::lock_guard lock(mutex_);
        // A key revoked while the store was asked may have been read as it was before.
        if (revocations == revocations_) {
            if (known_.size() >= known_max) {
                known_.clear();
            }
            Known entry{**credential, clock_.steady() + known_for};
            known_.insert_or_assign(key_id, std::move(entry));
        }
    }
    co_return credential;
}

sdk::Task<core::Result<Identity>> Authenticator::identify(const http::Request& request) {
    const std::string_view header = request.header("Authorization");
    if (auto key = parse_api_key(header)) {
        co_return co_await by_key(std::move(*key));
    }
    if (is_bearer(header)) {
        std::string token(header.substr(bearer.size()));
        auto signed_in = co_await sign_in_.by_token(std::move(token));
        co_return identity_of(std::move(signed_in));
    }
    // Whoever states who he is is held to that.
    const bool by_connection =
        !sdk::has_header(request.headers, "Authorization") && !request.client_certificate.empty();
    if (by_connection) {
        co_return identity_of(sign_in_.by_certificate(request.client_certificate));
    }
    co_return Identity();
}

sdk::Task<core::Result<Identity>> Authenticator::by_key(crypto::ApiKey key) {
    const auto credential = co_await look_up(key.id);
    if (!credential) {
        co_return credential.error();
    }
    const auto given = key.secret_hash();
    // An unknown key costs the same comparison as a known one.
    const std::string expected =
        credential->has_value() ? (*credential)->secret_hash : std::string(given.size(), '\0');
    const bool same = crypto::equal_in_constant_time(given, expected);
    if (!same || !credential->has_value() || !may_call(**credential)) {
        co_return Identity();
    }
    co_return system_of((*credential)->tenant, (*credential)->system);
}

std::optional<Identity> Authenticator::identify_at_once(const http::Request& request) {
    const auto key = parse_api_key(request.header("Authorization"));
    if (!key) {
        return std::nullopt;
    }
    const auto given = key->secret_hash();
    core::TenantId tenant;
    core::SystemId system;
    {
        const std::lock_guard lock(mutex_);
        const auto* known = find_known(key->id);
        if (known == nullptr || !crypto::equal_in_constant_time(given, known->secret_hash) ||
            !may_call(*known)) {
            return std::nullopt;
        }
        tenant = known->tenant;
        system = known->system;
    }
    return system_of(tenant, system);
}

Identity Authenticator::system_of(const core::TenantId& tenant_id,
                                  const core::SystemId& system_id) const {
    const auto configuration = configuration_.current();
    const auto tenant = configuration->tenants.find(tenant_id);
    if (tenant == configuration->tenants.end()) {
        return {};
    }
    const auto system = tenant->second.systems.find(system_id);
    if (system == tenant->second.systems.end()) {
        return {};
    }
    ports::Caller caller;
    caller.tenant = tenant->first;
    caller.system = system->first;
    caller.grants = system->second.grants;
    return Identity(std::move(caller));
}

void Authenticator::forget(const std::string& key_id) {
    const std::lock_guard lock(mutex_);
    known_.erase(key_id);
    ++revocations_;
}

}   // namespace gateway::accept
