#pragma once

// The values that a schema's `enum` and `const` name, in words for whoever gave another. valijson
// keeps them so that they can be compared, not read. .cpp files here only.

#include "gateway/json/schema_comparable.hpp"
#include "gateway/json/value.hpp"

#include <valijson/constraints/concrete_constraints.hpp>

#include <string>
#include <vector>

namespace gateway::json {

/// Filled once, then read by any thread.
class SchemaWords {
public:
    /// Every value of an `enum` or `const` in the schema.
    void add_all(const Value& schema);
    /// `decision, information`: texts as they stand, other values as JSON.
    std::string text_of(const valijson::constraints::EnumConstraint& constraint) const;
    std::string text_of(const valijson::constraints::ConstConstraint& constraint) const;

private:
    void add(const Value& word);
    std::string text_of(const valijson::adapters::FrozenValue& value) const;

    std::vector<Value> words_;   // each once, in the schema's order
};

}   // namespace gateway::json
