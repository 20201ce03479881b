#pragma once

// .cpp files here only.

#include "gateway/json/rapidjson_include.hpp"
#include "gateway/json/value.hpp"

namespace gateway::json {

/// A value as valijson compares it with those of `const` and `enum`.
class Comparable {
public:
    /// `value` outlives it: its strings are referred to, not copied.
    explicit Comparable(const Value& value);
    bool equals(const valijson::adapters::FrozenValue& expected) const;

private:
    rapidjson::Document::AllocatorType memory_;   // allocates nothing for a plain value
    rapidjson::Value value_;
};

}   // namespace gateway::json
