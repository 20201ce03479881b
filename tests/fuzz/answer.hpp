#pragma once

// An answer of a component out of an input: "<status> <Retry-After>\n<body>".

#include "gateway/json/utf8.hpp"
#include "gateway/sdk/http_client.hpp"
#include "gateway/sdk/outcome.hpp"
#include "tests/fuzz/promise.hpp"

#include <charconv>

namespace fuzz {

inline gateway::sdk::HttpResponse answer_of(std::string_view input) {
    std::string_view line = first_line(input);
    unsigned status = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), status);
    line.remove_prefix(static_cast<std::size_t>(read.ptr - line.data()));
    gateway::sdk::HttpResponse response(static_cast<int>(status % 600U), std::string(input));
    response.headers.emplace_back("Content-Type", "application/json");
    response.headers.emplace_back("Date", "Thu, 15 Jan 2026 12:00:00 GMT");
    if (line.size() > 1) {
        response.headers.emplace_back("Retry-After", std::string(line.substr(1)));
    }
    const auto pause = response.retry_after();
    promise(!pause || (pause->count() >= 0 && *pause <= std::chrono::hours(1)),
            "a pause is between nothing and an hour");
    return response;
}

inline void promise_shown(const gateway::core::Code& code, const gateway::core::Params& params) {
    promise(!code.empty(), "what went wrong has a code");
    for (const auto& [name, value] : params) {
        promise(gateway::json::utf8_fault(name) == std::string::npos &&
                    gateway::json::utf8_fault(value) == std::string::npos,
                "parameters are UTF-8");
    }
}

}   // namespace fuzz
