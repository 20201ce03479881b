#include "adapters/maskinporten/standin/used_grants.hpp"

namespace gateway::maskinporten::standin {

namespace {
constexpr std::size_t prune_at = 10'000;
constexpr std::int64_t kept_after_expiry =
    600;   // so that a clock turned back a little opens nothing
}   // namespace

UsedGrants::UsedGrants(gateway::standin::Journal& journal) : journal_(journal) {
    for (const auto& [key, expires] : journal_.take("grant")) {
        expires_[key] = expires.as_int();
    }
}

bool UsedGrants::use(const std::string& key, std::int64_t expires, std::int64_t now) {
    if (expires_.contains(key)) {
        return false;
    }
    if (expires_.size() >= prune_at) {
        std::erase_if(expires_, [&](const auto& entry) {
            const bool old = entry.second + kept_after_expiry < now;
            if (old) {
                journal_.remove("grant", entry.first);
            }
            return old;
        });
    }
    expires_[key] = expires;
    journal_.put("grant", key, json::Value(expires));
    return true;
}

}   // namespace gateway::maskinporten::standin
