#include "gateway/admin/oidc_pending.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

/// So that how long a look-up takes says nothing of the states that are there.
std::string state_hash(std::string_view state) {
    const auto hash = crypto::sha256(state);
    return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

}   // namespace

void OidcPendings::put(OidcPending pending) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(pending_, [&](const auto& entry) {
        return pending.began - entry.second.began >= oidc_pending_time_max;
    });
    if (pending_.size() >= pending_max) {
        pending_.erase(
            std::min_element(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
                return a.second.began < b.second.began;
            }));
    }
    auto key = state_hash(pending.secrets.state);
    pending_.insert_or_assign(std::move(key), std::move(pending));
}

std::optional<OidcPending> OidcPendings::take(std::string_view state, std::string_view browser,
                                              core::SteadyTime now) {
    const std::scoped_lock lock(mutex_);
    auto node = pending_.extract(state_hash(state));
    if (node.empty()) {
        return std::nullopt;
    }
    auto& pending = node.mapped();
    if (now - pending.began >= oidc_pending_time_max || pending.browser.empty() ||
        !crypto::equal_in_constant_time(pending.browser, browser)) {
        return std::nullopt;
    }
    return std::move(pending);
}

std::size_t OidcPendings::size() const {
    const std::scoped_lock lock(mutex_);
    return pending_.size();
}

}   // namespace gateway::admin
