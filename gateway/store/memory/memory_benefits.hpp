#pragma once

// What storing data once has spared, by day, in memory. Private to this folder.

#include "gateway/ports/benefit_store.hpp"

#include <map>
#include <mutex>

namespace gateway::store {

class MemoryBenefits {
public:
    void add(std::chrono::sys_days day, const std::vector<ports::BenefitCount>& counts,
             std::chrono::sys_days apart);
    ports::BenefitSums sums(std::optional<std::chrono::sys_days> from,
                            std::optional<std::chrono::sys_days> until);

private:
    std::mutex mutex_;
    std::map<std::chrono::sys_days, std::map<ports::BenefitKey, std::uint64_t>> days_;
};

}   // namespace gateway::store
