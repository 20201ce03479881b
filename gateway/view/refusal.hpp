#pragma once

// What failed, as the caller sees it: a code of schemas/texts, never the failure's own words.

#include "gateway/core/configuration.hpp"
#include "gateway/core/failure.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"

#include <string>
#include <string_view>

namespace gateway::view {

/// Of the store, the documents or the body on the wire.
ports::Refusal refusal_of(const core::Failure& failure);
/// Of a body that is not JSON within the limits; says where.
ports::Refusal refusal_of(const json::ParseError& error, const core::Limits& limits);

/// Of a body that is JSON, but no object.
ports::Refusal no_object();
/// A parameter of the URL that is not known, or has no value that is.
ports::Refusal bad_parameter(const std::string& name);
/// The same of a member of the body; says where. "?" stands for a name that is not said again.
ports::Refusal bad_member(const std::string& name);
/// `allowed` as the header Allow has it.
ports::Refusal method_not_allowed(std::string_view allowed);

}   // namespace gateway::view
