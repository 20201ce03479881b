#pragma once

// The message schemas of schemas/messages/, embedded in the program. A fault's keyword becomes a
// `schema.*` code.

#include "gateway/ports/schemas.hpp"

#include <memory>

namespace gateway::validate {

/// Fails (in words) only when an embedded schema is no schema: a fault of the build.
core::Result<std::unique_ptr<ports::SchemaSet>> make_schema_set();

/// A JSON Schema keyword as our code and its parameters.
core::Problem problem_of(const std::string& pointer, const std::string& keyword,
                         const std::string& detail);

}   // namespace gateway::validate
