#pragma once

// What the Correspondence API takes of a letter, said before it is accepted: all problems at once,
// each at its JSON pointer. Limits and combinations: Altinn/altinn-correspondence, request models,
// Errors.cs, ApplicationConstants.cs. Pure.

#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace gateway::altinn {

std::vector<core::Problem> check_letter(const json::Value& letter,
                                        std::span<const core::DocumentRef> documents,
                                        core::Time now);

/// Length as .NET counts it: UTF-16 units.
std::size_t utf16_length(std::string_view utf8);
/// A file name Windows can hold.
bool is_windows_file_name(std::string_view name);
/// ".pdf" of "Vedtak.PDF"; empty when there is none.
std::string file_ending(std::string_view name);

}   // namespace gateway::altinn
