#include "gateway/accept/identity.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace gateway::accept {
namespace {

constexpr std::string_view prefix = "slu_";
constexpr std::size_t secret_characters = 43;   // 256 bits
constexpr std::size_t key_id_max = 32;
constexpr std::size_t known_max = 4096;
constexpr std::chrono::seconds known_for{5};

bool is_key_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

bool is_secret_character(char c) {
    return is_key_character(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

}   // namespace

std::optional<ApiKey> parse_api_key(std::string_view header) {
    constexpr std::string_view scheme = "bearer ";
    if (header.size() < scheme.size() ||
        !std::equal(scheme.begin(), scheme.end(), header.begin(),
                    [](char a, char b) { return a == (b | 0x20); })) {
        return std::nullopt;
    }
    header.remove_prefix(scheme.size());
    if (header.substr(0, prefix.size()) != prefix) {
        return std::nullopt;
    }
    header.remove_prefix(prefix.size());
    const auto line = header.find('_');
    if (line == std::string_view::npos || line == 0 || line > key_id_max ||
        header.size() != line + 1 + secret_characters) {
        return std::nullopt;
    }
    const auto id = header.substr(0, line);
    const auto secret = header.substr(line + 1);
    if (!std::all_of(id.begin(), id.end(), is_key_character) ||
        !std::all_of(secret.begin(), secret.end(), is_secret_character)) {
        return std::nullopt;
    }
    return ApiKey{std::string(id), std::string(secret)};
}

Authenticator::Authenticator(ports::Store& store, const ports::ConfigurationSource& configuration,
                             sdk::Clock& clock)
    : store_(store), configuration_(configuration), clock_(clock) {}

sdk::Task<core::Result<std::optional<ports::Credential>>>
Authenticator::look_up(std::string key_id) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(key_id);
        if (found != known_.end() && found->second.until > clock_.steady()) {
            co_return std::optional(found->second.credential);
        }
    }
    auto credential = co_await store_.find_credential(key_id);
    if (credential && credential->has_value()) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= known_max) {
            known_.clear();
        }
        Known entry{**credential, clock_.steady() + known_for};
        known_.insert_or_assign(key_id, std::move(entry));
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
    const auto given = crypto::sha256(key->secret).to_bytes();
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
}

}   // namespace gateway::accept
