#pragma once

// Times as registers write them. Pure.

#include "gateway/core/time.hpp"

#include <optional>
#include <string_view>

namespace gateway::registers {

/// RFC 3339; also an offset of hours alone ("...+02"), one without its colon, none (read as UTC),
/// a date alone. Nothing for anything else.
std::optional<core::Time> read_time(std::string_view text);
/// "YYYY-MM-DD", and a day that there is, or was: people and enterprises are older than 1970.
bool is_date(std::string_view text);

}   // namespace gateway::registers
