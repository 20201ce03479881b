#include "adapters/common/registers/register_pauses.hpp"

#include <algorithm>

namespace gateway::registers {
namespace {

constexpr std::chrono::seconds passing_pause{2};
constexpr std::chrono::seconds final_pause{15};
constexpr std::size_t lanes_max = 1000;

}   // namespace

void Pauses::begin(const Lane& lane, const sdk::RegisterFailure& failure, core::SteadyTime now) {
    Pause pause;
    pause.failure = failure;
    if (!failure.passing) {
        pause.ends_at = now + final_pause;
        if (of_lanes_.size() >= lanes_max && !of_lanes_.contains(lane)) {
            of_lanes_.erase(std::min_element(of_lanes_.begin(), of_lanes_.end(),
                                             [](const auto& one, const auto& other) {
                                                 return one.second.ends_at < other.second.ends_at;
                                             }));
        }
        of_lanes_[lane] = std::move(pause);
        return;
    }
    pause.ends_at = now + std::max(passing_pause, failure.retry_after.value_or(passing_pause));
    of_all_ = std::move(pause);
}

std::optional<sdk::RegisterFailure> Pauses::find(const Lane& lane, core::SteadyTime now) const {
    const auto of_lane = of_lanes_.find(lane);
    const Pause* pause = of_all_ ? &*of_all_ : nullptr;
    if (pause == nullptr || now >= pause->ends_at) {
        pause = of_lane == of_lanes_.end() ? nullptr : &of_lane->second;
    }
    if (pause == nullptr || now >= pause->ends_at) {
        return std::nullopt;
    }
    auto failure = pause->failure;
    failure.retry_after = std::chrono::ceil<std::chrono::seconds>(pause->ends_at - now);
    return failure;
}

void Pauses::end(const Lane& lane, core::SteadyTime now) {
    if (of_all_ && now >= of_all_->ends_at) {
        of_all_.reset();
    }
    const auto found = of_lanes_.find(lane);
    if (found != of_lanes_.end() && now >= found->second.ends_at) {
        of_lanes_.erase(found);
    }
}

sdk::Health Pauses::health() const {
    if (!of_all_ && of_lanes_.empty()) {
        return {};
    }
    const auto& trouble = of_all_ ? *of_all_ : of_lanes_.begin()->second;
    return sdk::Health(sdk::Condition::degraded, trouble.failure.code, trouble.failure.params);
}

}   // namespace gateway::registers
