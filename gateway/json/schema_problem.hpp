#pragma once

// A fault against a schema as a problem for people: its keyword becomes a `schema.*` code. Pure;
// any thread.

#include "gateway/core/code.hpp"
#include "gateway/json/schema.hpp"

#include <string>

namespace gateway::json {

/// `base` stands before the fault's pointer: where the checked value lies in what was sent.
core::Problem problem_of(const SchemaFault& fault, const std::string& base = {});

}   // namespace gateway::json
