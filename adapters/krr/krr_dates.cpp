#include "adapters/krr/krr_dates.hpp"

#include "adapters/common/registers/dates.hpp"

#include <algorithm>

namespace gateway::krr {
namespace {

constexpr std::chrono::months usable_for{18};

core::Time months_later(core::Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto month = date.year() / date.month() + usable_for;
    const auto last = std::chrono::year_month_day(month / std::chrono::last).day();
    return std::chrono::sys_days(month / std::min(date.day(), last)) + (time - day);
}

}   // namespace

std::optional<core::Time> notify_until(std::string_view updated, std::string_view verified,
                                       core::Time now) {
    const auto newer = std::max(registers::read_time(updated), registers::read_time(verified));
    return newer ? std::optional(months_later(std::min(*newer, now))) : std::nullopt;
}

}   // namespace gateway::krr
