#pragma once

// The members a business message may have, by its type. The rules stand in
// schemas/business_message.json, written from wire notes 2.3 and 2.4.

#include "gateway/json/schema.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::digital_post::standin {

/// Compiled once. Any thread.
class Shapes {
public:
    /// Throws std::runtime_error when the schema is damaged.
    Shapes();

    bool knows(const std::string& type) const { return by_type_.contains(type); }
    /// Where and why `message` ({"standardBusinessDocument": ...}) is none of this type; nothing
    /// when it is one. No value is quoted.
    std::optional<std::string> objection(const std::string& type, const json::Value& message) const;

private:
    std::map<std::string, json::Schema> by_type_;
};

}   // namespace gateway::digital_post::standin
