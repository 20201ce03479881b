#pragma once

// What no call that serves a system or an operator takes, whatever it is about. Pure.

#include "gateway/http/message.hpp"
#include "gateway/ports/intake.hpp"

#include <optional>

namespace gateway::api {

/// A parameter of the URL that stands twice, so that nobody can say which one counts; a body that
/// is compressed, or JSON in other characters than UTF-8 (RFC 8259, 8.1).
std::optional<ports::Refusal> refuse_head(const http::Request& request);
/// For a call that has no parameters in its URL.
std::optional<ports::Refusal> refuse_parameters(const http::Request& request);

}   // namespace gateway::api
