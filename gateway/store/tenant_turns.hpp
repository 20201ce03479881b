#pragma once

#include "gateway/core/ids.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace gateway::store {

/// Fairness of claims: one of each tenant in turn, and the next claim begins after the tenant that
/// was served last. Not shared between threads.
class TenantTurns {
public:
    /// Tenants in the order they are asked, given sorted.
    std::vector<core::TenantId> order(const std::vector<core::TenantId>& sorted) const {
        std::vector<core::TenantId> turned;
        turned.reserve(sorted.size());
        for (const bool after : {true, false}) {
            for (const auto& tenant : sorted) {
                if ((tenant > last_) == after) {
                    turned.push_back(tenant);
                }
            }
        }
        return turned;
    }

    const core::TenantId& last() const { return last_; }

    /// Picks at most `limit` candidates, round by round; each tenant's own come in their order.
    template <class T>
    std::vector<T> pick(std::vector<std::pair<core::TenantId, std::vector<T>>> candidates,
                        std::size_t limit) {
        std::vector<T> picked;
        for (std::size_t round = 0;; ++round) {
            bool any = false;
            for (auto& [tenant, own] : candidates) {
                if (round >= own.size()) {
                    continue;
                }
                if (picked.size() == limit) {
                    return picked;
                }
                picked.push_back(std::move(own[round]));
                last_ = tenant;
                any = true;
            }
            if (!any) {
                return picked;
            }
        }
    }

private:
    core::TenantId last_;
};

}   // namespace gateway::store
