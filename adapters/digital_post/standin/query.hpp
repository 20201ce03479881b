#pragma once

// What callers may say in the query. Facts: wire notes 2.2.

#include "adapters/digital_post/standin/problem.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

namespace gateway::digital_post::standin {

struct Query {
    std::optional<std::string> channel;       // lower case: "A" and "a" are the same
    std::optional<std::string> sender_unit;   // avsenderidentifikator
    std::size_t page_size = 100;
    std::size_t page = 0;   // the first one is 0
};

/// 400 for what is not allowed.
std::variant<Query, Refusal> read_query(const http::Request& request);

}   // namespace gateway::digital_post::standin
