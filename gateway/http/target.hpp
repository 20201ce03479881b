#pragma once

// The request target (RFC 9112 3.2), decoded. Pure.

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::http {

struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;

    Target() = default;
};

/// Origin form, absolute form, or "*". `malformed` for bad percent signs, control characters, text
/// that is not UTF-8, "." and
/// ".." as a segment (also percent-encoded), a fragment, and the authority form.
core::Result<Target> parse_target(std::string_view text);

bool is_utf8(std::string_view text);

}   // namespace gateway::http
