#pragma once

#include "gateway/core/code.hpp"
#include "gateway/json/value.hpp"

#include <string_view>
#include <vector>

namespace gateway::ports {

/// Message schemas by type ("letter/v1"). Any thread.
class SchemaSet {
public:
    virtual ~SchemaSet() = default;
    virtual bool knows(std::string_view type) const = 0;
    /// All problems at once, each with its JSON pointer and a `schema.*` code.
    virtual std::vector<core::Problem> check(std::string_view type,
                                             const json::Value& message) const = 0;
};

}   // namespace gateway::ports
