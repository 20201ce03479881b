#pragma once

// The regular expressions of a schema. They work on characters, not bytes, and one by one over the
// text: simple ones by an automaton of our own, the rest in libstdc++'s breadth-first mode. Its
// usual one recurses once per character and takes exponential time on an unlucky pattern, so any
// caller could stop the program.

#include "gateway/json/simple_pattern.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <variant>

namespace gateway::json {

/// Filled once, then read by any thread.
class SchemaPatterns {
public:
    /// Every `pattern` and name of `patternProperties` in the schema. Throws std::regex_error.
    void add_all(const Value& schema);
    /// Does it occur anywhere in the text? A pattern never added does not.
    bool matches(std::string_view pattern, std::string_view text) const;

private:
    void add(const std::string& pattern);

    std::map<std::string, std::variant<SimplePattern, std::wregex>, std::less<>> compiled_;
};

}   // namespace gateway::json
