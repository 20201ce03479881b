#pragma once

// The words of a notice by e-mail or SMS, and of the title shown before logging in: what they must
// not give away, and what they cost. Pure.

#include "gateway/core/code.hpp"
#include "gateway/duties/duty_book.hpp"
#include "gateway/json/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::route {

/// Words in lower case, one space around each, nothing else: " du har fått brev ".
std::string words_of(std::string_view text);

/// A notice that holds the letter's title, or a word that names a decision. `now` decides which
/// duties count.
std::vector<core::Problem> check_notice(const json::Value& letter, const duties::DutyBook& book,
                                        core::Time now);
/// An SMS that one odd character makes longer than it need be.
std::vector<core::Problem> warn_of_notice(const json::Value& letter);

}   // namespace gateway::route
