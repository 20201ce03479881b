#include "gateway/accept/identity.hpp"

#include "gateway/crypto/digest.hpp"

namespace gateway::accept {
namespace {

constexpr std::size_t known_max = 4096;
constexpr std::chrono::seconds known_for{5};

}   // namespace

Authenticator::Authenticator(ports::Store& store, const ports::ConfigurationSource& configuration,
                             sdk::Clock& clock)
    : store_(store), configuration_(configuration), clock_(clock) {}

sdk::Task<core::Result<std::optional<ports::Credential>>>
Authenticator::look_up(std::string key_id) {
    std::uint64_t revocations = 0;
    {
        const std::lock_guard lock(mutex_);
        revocations = revocations_;
        const auto found = known_.find(key_id);
        if (found != known_.end() && found->second.until > clock_.steady()) {
            co_return std::optional(found->second.credential);
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

sdk::Task<core::Result<std::optional<ports::Caller>>>
Authenticator::identify(std::string_view header) {
    const auto key = parse_api_key(header);
    if (!key) {
        co_return std::optional<ports::Caller>();
    }
    const auto credential = co_await look_up(key->id);
    if (!credential) {
        co_return credential.error();
    }
    const auto given = key->secret_hash();
    // An unknown key costs the same comparison as a known one.
    const std::string expected =
        credential->has_value() ? (*credential)->secret_hash : std::string(given.size(), '\0');
    const bool same = crypto::equal_in_constant_time(given, expected);
    if (!same || !credential->has_value() || (*credential)->revoked ||
        (*credential)->kind != "system") {
        co_return std::optional<ports::Caller>();
    }
    const auto configuration = configuration_.current();
    const auto tenant = configuration->tenants.find((*credential)->tenant);
    if (tenant == configuration->tenants.end()) {
        co_return std::optional<ports::Caller>();
    }
    const auto system = tenant->second.systems.find((*credential)->system);
    if (system == tenant->second.systems.end()) {
        co_return std::optional<ports::Caller>();
    }
    ports::Caller caller;
    caller.tenant = tenant->first;
    caller.system = system->first;
    caller.grants = system->second.grants;
    co_return std::optional(std::move(caller));
}

void Authenticator::forget(const std::string& key_id) {
    const std::lock_guard lock(mutex_);
    known_.erase(key_id);
    ++revocations_;
}

}   // namespace gateway::accept
