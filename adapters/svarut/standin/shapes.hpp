#pragma once

// What SvarUt and SvarInn take as JSON, by kind. The rules stand in schemas/shipments.json, written
// from KS's published descriptions of v2 and v3.

#include "gateway/json/schema.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::svarut::standin {

/// Compiled once. Any thread.
class Shapes {
public:
    /// Throws std::runtime_error when the schema is damaged.
    Shapes();

    /// Where and why `value` is none of this kind; nothing when it is one. No value is quoted.
    std::optional<std::string> objection(const std::string& kind, const json::Value& value) const;

private:
    std::map<std::string, json::Schema> by_kind_;
};

}   // namespace gateway::svarut::standin
