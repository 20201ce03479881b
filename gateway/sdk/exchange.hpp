#pragma once

// What every HTTP adapter says of an exchange that did not come to an answer of the component's
// own. Pure.

#include "gateway/sdk/http_client.hpp"
#include "gateway/sdk/outcome.hpp"

#include <optional>

namespace gateway::sdk {

/// Whether the request could change something at the component.
enum class Effect { none, possible };

/// The text code of a failed exchange: "upstream.unreachable", "upstream.answer_lost", ...
core::Code code_of_failure(const Failure& failure);

/// No whole answer came: `unknown` when the request may have taken effect, else `try_later`.
Outcome outcome_of_failure(const Failure& failure, Effect effect);

/// 408, 429 and 5xx: `try_later` with the pause that was asked for. Nothing for any other status.
std::optional<Outcome> outcome_of_passing_status(const HttpResponse& response);

/// An answer that is not what the protocol says (a login page, other JSON): the effect decides as
/// for a lost answer.
Outcome outcome_of_bad_answer(const HttpResponse& response, Effect effect);

/// The first bytes of what a component said, for the sealed part of the timeline, cut between
/// characters.
std::string peer_text(std::string_view text);

}   // namespace gateway::sdk
