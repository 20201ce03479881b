#pragma once

// Norwegian days: which are worked on, and what the clock on the wall says. Pure.

#include "gateway/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace gateway::alarms {

/// Neither a weekend nor a public holiday; Christmas Eve, New Year's Eve and the Saturdays before
/// Easter and Whitsun are no holidays by law.
bool is_working_day(std::chrono::sys_days day);
/// Working days after `from` up to and with `until`.
int working_days_between(std::chrono::sys_days from, std::chrono::sys_days until);

struct WallClock {
    std::chrono::sys_days day;
    std::chrono::minutes minute{0};   // after midnight

    WallClock() = default;
};
/// "2026-11-27".
std::string date_of(std::chrono::sys_days day);

/// In Norway: an hour before UTC in winter, two in summer.
WallClock norwegian_time(core::Time at);

}   // namespace gateway::alarms
