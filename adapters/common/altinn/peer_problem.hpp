#pragma once

// A refusal of one of the platform's services: a problem body with the number of its kind
// ("CORR-01034", "BRO-00016"), or something on the way that is not Altinn. Pure.

#include "gateway/json/value.hpp"
#include "gateway/sdk/exchange.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gateway::altinn_platform {

/// The problem body; null when it is none.
json::Value problem_of(const sdk::HttpResponse& response);

/// The number in `code` behind "<prefix>-", five digits; 0 when there is none.
int number_in(const json::Value& problem, std::string_view prefix);

/// `number` written by a format of printf, for codes of texts and of the platform.
std::string written(int number, const char* format);

bool holds(std::span<const int> numbers, int number);

/// A page for people: something on the way, not Altinn.
bool is_html(const sdk::HttpResponse& response);

/// A numbered refusal that passes by itself, by its number or its status, is tried later.
void mark_if_passing(sdk::Outcome& outcome, const sdk::HttpResponse& response, int number,
                     std::span<const int> passing);

}   // namespace gateway::altinn_platform
