#pragma once

// What Broker's refusals mean: Altinn/altinn-broker, Errors.cs. Who must act stands with the code
// in schemas/texts. Pure.

#include "gateway/sdk/exchange.hpp"

#include <span>

namespace gateway::altinn_broker {

/// BRO-nnnnn with words of its own in schemas/texts, in order.
std::span<const int> numbers_with_texts();

/// The number of BRO-nnnnn in a problem body; 0 when there is none.
int problem_number(const sdk::HttpResponse& response);

/// A 4xx or 5xx answer: `try_later` when it passes by itself, else `rejected` with its reason.
sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response);

}   // namespace gateway::altinn_broker
