#pragma once

// Answers of JSON: values, and refusals as problems of RFC 9457 (made by texts/problem_json).

#include "gateway/core/configuration.hpp"
#include "gateway/http/message.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/texts/problem_json.hpp"

namespace gateway::api {

http::Response json_answer(int status, const json::Value& value);
/// Of JSON that is written already.
http::Response json_text_answer(int status, std::string text);
http::Response problem(const ports::Refusal& refusal, const texts::ProblemContext& context);
/// With another status than the code has.
http::Response problem(const ports::Refusal& refusal, const texts::ProblemContext& context,
                       int status);
/// What the HTTP server refuses by itself, with its own status; a limit that was passed is named.
http::Response server_problem(int status, std::string_view code, const core::Limits& limits,
                              const texts::ProblemContext& context);

}   // namespace gateway::api
