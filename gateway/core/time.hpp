#pragma once

// Points in time. Stored and shown times are UTC microseconds; waits use the steady clock. Nobody
// here reads a clock: times come from sdk::Clock.

#include "gateway/core/failure.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace gateway::core {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;
using Duration = std::chrono::microseconds;

/// RFC 3339, UTC, milliseconds, `Z`: "2026-11-22T10:46:32.120Z".
std::string to_rfc3339(Time);

/// RFC 3339 with any offset and 0 to 9 fraction digits, years 1970 to 9999. `malformed` otherwise.
Result<Time> parse_rfc3339(std::string_view);

/// "YYYY-MM-DD" only.
Result<std::chrono::year_month_day> parse_date(std::string_view);

}   // namespace gateway::core
