#include "adapters/altinn_broker/broker_budget.hpp"

#include <algorithm>
#include <map>

namespace gateway::altinn_broker {

std::shared_ptr<SearchBudget> SearchBudget::of(const std::string& base_url) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<SearchBudget>> budgets;
    const std::lock_guard lock(mutex);
    std::erase_if(budgets, [](const auto& item) { return item.second.expired(); });
    auto& known = budgets[base_url];
    auto budget = known.lock();
    if (!budget) {
        budget = std::make_shared<SearchBudget>();
        known = budget;
    }
    return budget;
}

core::SteadyTime SearchBudget::next(core::SteadyTime now) const {
    core::SteadyTime at = std::max(now, paused_until_);
    if (!taken_.empty()) {
        at = std::max(at, taken_.back());
    }
    if (taken_.size() == searches_max) {
        at = std::max(at, taken_.front() + window);
    }
    return at;
}

core::SteadyTime SearchBudget::reserve(core::SteadyTime now) {
    return *reserve_before(now, core::SteadyTime::max());
}

std::optional<core::SteadyTime> SearchBudget::reserve_before(core::SteadyTime now,
                                                             core::SteadyTime latest) {
    const std::lock_guard lock(mutex_);
    const core::SteadyTime at = next(now);
    if (at > latest) {
        return std::nullopt;
    }
    taken_.push_back(at);
    if (taken_.size() > searches_max) {
        taken_.pop_front();
    }
    return at;
}

void SearchBudget::pause(core::SteadyTime until) {
    const std::lock_guard lock(mutex_);
    paused_until_ = std::max(paused_until_, until);
}

}   // namespace gateway::altinn_broker
