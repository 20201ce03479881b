#pragma once

// What a letter may not ask of policy, whatever channel carries it: found at accept and in dry run.
// Pure.

#include "gateway/core/code.hpp"
#include "gateway/route/choose.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace gateway::route {

/// All at once; nothing for other types than letters.
std::vector<core::Problem> check_letter(const Question& question);

/// How long the letter waits to be opened before it goes on paper; nothing without that rule.
/// "P2D", "P1W", "PT40H": days are 24 hours.
std::optional<std::chrono::hours> unread_after(const json::Value& letter);

}   // namespace gateway::route
