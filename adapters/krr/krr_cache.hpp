#pragma once

// What was looked up a short while ago, by tenant and person. Bounded: the oldest goes first. In
// memory alone. Pure.

#include "gateway/sdk/register.hpp"

#include <list>
#include <map>
#include <utility>

namespace gateway::krr {

/// Used on the adapter's strand.
class Cache {
public:
    explicit Cache(std::size_t entries_max) : entries_max_(entries_max) {}

    /// Nothing when it is not there or too old, by either clock: one of them may have been set.
    const sdk::RegisterEntry* find(const core::TenantId& tenant, const std::string& key,
                                   const sdk::Clock& clock) const;
    void put(const core::TenantId& tenant, const sdk::RegisterEntry& entry,
             const sdk::Clock& clock);
    std::size_t size() const { return entries_.size(); }

private:
    using Key = std::pair<core::TenantId, std::string>;
    struct Kept {
        sdk::RegisterEntry entry;
        core::SteadyTime ends_at{};
        std::list<Key>::iterator place;

        Kept() = default;
    };

    std::size_t entries_max_;
    std::map<Key, Kept> entries_;
    std::list<Key> order_;   // as they were put, oldest first
};

}   // namespace gateway::krr
