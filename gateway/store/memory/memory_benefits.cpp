#include "gateway/store/memory/memory_benefits.hpp"

namespace gateway::store {

void MemoryBenefits::add(std::chrono::sys_days day, const std::vector<ports::BenefitCount>& counts,
                         std::chrono::sys_days apart) {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, count] : counts) {
        days_[day][key] += count;
    }
    if (days_.empty() || days_.begin()->first >= apart) {
        return;
    }
    auto& first = days_.begin()->second;
    auto at = std::next(days_.begin());
    while (at != days_.end() && at->first < apart) {
        for (const auto& [key, count] : at->second) {
            first[key] += count;
        }
        at = days_.erase(at);
    }
}

ports::BenefitSums MemoryBenefits::sums(std::optional<std::chrono::sys_days> from,
                                        std::optional<std::chrono::sys_days> until) {
    const std::lock_guard lock(mutex_);
    ports::BenefitSums sums;
    if (!days_.empty()) {
        sums.first = days_.begin()->first;
    }
    std::map<ports::BenefitKey, std::uint64_t> all;
    for (const auto& [day, counts] : days_) {
        if ((from && day < *from) || (until && day > *until)) {
            continue;
        }
        for (const auto& [key, count] : counts) {
            all[key] += count;
        }
    }
    for (auto& [key, count] : all) {
        sums.counts.emplace_back(key, count);
    }
    return sums;
}

}   // namespace gateway::store
