#pragma once

// Refusals as HTTP answers; their body is made by texts/problem_json.

#include "gateway/http/message.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/texts/problem_json.hpp"
#include "gateway/view/refusal.hpp"

namespace gateway::accept {

using CallContext = texts::ProblemContext;
using texts::problem_item;
using view::refusal_of;

http::Response problem(const ports::Refusal& refusal, const CallContext& context);
/// A status other than the code's own (the server's own refusals).
http::Response problem(const ports::Refusal& refusal, const CallContext& context, int status);

}   // namespace gateway::accept
