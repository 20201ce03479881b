#pragma once

// Refusals as the access point's API writes them: problem+json (RFC 7807) with type, title, status,
// detail and instance. Facts: wire notes 2.2.

#include "gateway/http/message.hpp"

#include <string>

namespace gateway::digital_post::standin {

/// Why a request is not carried out.
struct Refusal {
    int status = 0;
    std::string detail;

    Refusal(int code, std::string words) : status(code), detail(std::move(words)) {}
};

http::Response to_response(const Refusal& refusal);
/// What the service says about an id it has seen before, in plain text only (wire notes 8).
http::Response already_used();

}   // namespace gateway::digital_post::standin
