#pragma once

// What Altinn's refusals mean: Altinn/altinn-correspondence, Errors.cs and ProblemDetailsHelper.cs.
// Who must act stands with the code in schemas/texts. Pure.

#include "gateway/json/value.hpp"
#include "gateway/sdk/exchange.hpp"

#include <span>
#include <string>

namespace gateway::altinn {

/// CORR-nnnnn with words of its own in schemas/texts, in order.
std::span<const int> numbers_with_texts();

/// The number of CORR-nnnnn in a problem body; 0 when there is none.
int problem_number(const sdk::HttpResponse& response);

/// A 4xx or 5xx answer: `try_later` when it passes by itself, else `rejected` with its reason.
sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response);

}   // namespace gateway::altinn
