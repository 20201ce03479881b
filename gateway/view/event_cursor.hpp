#pragma once

// The position of an event as callers carry it: opaque to them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::view {

std::string write_cursor(std::uint64_t position);
std::optional<std::uint64_t> read_cursor(std::string_view text);

}   // namespace gateway::view
