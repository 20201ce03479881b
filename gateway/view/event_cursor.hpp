#pragma once

// A position in a list as callers carry it, of an event or a numbered item: opaque to them.

#include "gateway/json/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::view {

std::string write_cursor(std::uint64_t position);
std::optional<std::uint64_t> read_cursor(std::string_view text);
/// {"items", "next"} of a page of at most `limit`; `last` is the number of its last item.
json::Value page_of(json::Value items, std::size_t limit, std::uint64_t last);

}   // namespace gateway::view
