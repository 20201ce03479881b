#include "adapters/common/registers/register_cache.hpp"

namespace gateway::registers {

const sdk::RegisterEntry* Cache::find(const Lane& lane, const std::string& key,
                                      const sdk::Clock& clock) const {
    const auto found = entries_.find(Key(lane, key));
    if (found == entries_.end()) {
        return nullptr;
    }
    const Kept& kept = found->second;
    const bool holds = clock.steady() < kept.ends_at && clock.now() < kept.entry.valid_until;
    return holds ? &kept.entry : nullptr;
}

void Cache::put(const Lane& lane, const sdk::RegisterEntry& entry, const sdk::Clock& clock) {
    const core::Duration left = entry.valid_until - clock.now();
    if (entries_max_ == 0 || left <= core::Duration::zero()) {
        return;
    }
    const Key key(lane, entry.key);
    const auto [found, is_new] = entries_.try_emplace(key);
    if (!is_new) {
        order_.erase(found->second.place);
    }
    found->second.entry = entry;
    found->second.ends_at = clock.steady() + left;
    found->second.place = order_.insert(order_.end(), key);
    if (entries_.size() > entries_max_) {
        entries_.erase(order_.front());
        order_.pop_front();
    }
}

}   // namespace gateway::registers
