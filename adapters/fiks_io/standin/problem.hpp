#pragma once

// Refusals as KS's platform writes them. Facts: wire notes 1.

#include "gateway/http/message.hpp"

#include <string>

namespace gateway::fiks_io::standin {

/// Why a request is not carried out.
struct Refusal {
    int status = 0;
    std::string message;

    Refusal(int code, std::string words) : status(code), message(std::move(words)) {}
};

/// With an errorId of its own, for this path, at this time (milliseconds since 1970).
http::Response to_response(const Refusal& refusal, const std::string& path, std::int64_t now_ms);

}   // namespace gateway::fiks_io::standin
