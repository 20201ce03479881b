#include "adapters/fiks_io/receiver_pace.hpp"

#include <algorithm>

namespace gateway::fiks_io {

core::SteadyTime ConnectBudget::reserve(core::SteadyTime now) {
    full_at_ = std::max(full_at_, now) + each;
    const core::SteadyTime may = full_at_ - at_once * each;
    return std::max(now, may);
}

core::Duration ConnectPause::next(bool needs_person, std::uint64_t chance) {
    constexpr int doublings_max = 10;
    constexpr std::uint64_t thousand = 1000;
    const std::chrono::milliseconds first = std::chrono::seconds(needs_person ? 30 : 1);
    const std::chrono::milliseconds most = std::chrono::seconds(needs_person ? 300 : 60);
    const auto pause = std::min(first * (1 << std::min(failures_++, doublings_max)), most);
    const auto parts = static_cast<std::int64_t>(thousand * 3 / 4 + chance % (thousand / 2));
    return pause * parts / static_cast<std::int64_t>(thousand);
}

}   // namespace gateway::fiks_io
