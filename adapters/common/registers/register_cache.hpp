#pragma once

// What was looked up a short while ago, by lane and key. Bounded: the oldest goes first. In memory
// alone. Pure.

#include "adapters/common/registers/lane.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/register.hpp"

#include <list>
#include <map>
#include <utility>

namespace gateway::registers {

/// Used on the adapter's strand.
class Cache {
public:
    explicit Cache(std::size_t entries_max) : entries_max_(entries_max) {}

    /// Nothing when it is not there or too old, by either clock: one of them may have been set.
    const sdk::RegisterEntry* find(const Lane& lane, const std::string& key,
                                   const sdk::Clock& clock) const;
    void put(const Lane& lane, const sdk::RegisterEntry& entry, const sdk::Clock& clock);
    std::size_t size() const { return entries_.size(); }

private:
    using Key = std::pair<Lane, std::string>;
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

}   // namespace gateway::registers
