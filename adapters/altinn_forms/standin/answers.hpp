#pragma once

// How these services write: times with seven decimals, refusals as bare strings or problems.

#include "gateway/core/time.hpp"
#include "gateway/http/message.hpp"
#include "gateway/json/value.hpp"

#include <string>

namespace gateway::altinn_forms::standin {

/// "2026-08-20T08:00:06.4010000Z".
std::string written(core::Time time);
http::Response bare_string(int status, const std::string& text);
http::Response problem(int status, const std::string& title);
/// Without the members that are the imitation's own (their names begin with "_"), at any depth.
json::Value shown(const json::Value& value);

}   // namespace gateway::altinn_forms::standin
