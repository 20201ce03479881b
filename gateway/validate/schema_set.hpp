#pragma once

// The message schemas of schemas/messages/, embedded in the program.

#include "gateway/ports/schemas.hpp"

#include <memory>

namespace gateway::validate {

/// Fails (in words) only when an embedded schema is no schema: a fault of the build.
core::Result<std::unique_ptr<ports::SchemaSet>> make_schema_set();

}   // namespace gateway::validate
