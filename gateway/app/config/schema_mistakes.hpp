#pragma once

// Faults of a JSON Schema in a person's words, at the line and column where the value stands. A
// value is never quoted: it may be a password that somebody wrote where a reference belongs.

#include "gateway/app/config/document.hpp"
#include "gateway/json/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::app {

/// A schema with its own text at hand, to name what would have been right. Immutable; any thread.
class TeachingSchema {
public:
    /// `malformed` when the text is no schema.
    static core::Result<TeachingSchema> compile(std::string_view text);

    /// Checks `value`, which stands at `base` in the document. `more_names`: further keys that may
    /// stand at its top (checked elsewhere), for suggestions.
    void check(const Document& document, const std::string& base, const json::Value& value,
               const std::vector<std::string>& more_names, Mistakes& mistakes) const;

    /// Names of the members the schema knows at its top.
    std::vector<std::string> names() const;
    /// An annotation at its top; null when absent.
    const json::Value& annotation(std::string_view name) const { return text_[name]; }

private:
    TeachingSchema(json::Schema schema, json::Value text)
        : schema_(std::move(schema)), text_(std::move(text)) {}
    const json::Value* part_at(const std::string& pointer) const;
    Mistake mistake_of(const json::SchemaFault& fault, const Document& document,
                       const std::string& base, const std::vector<std::string>& more_names,
                       const json::Value& value) const;

    json::Schema schema_;
    json::Value text_;
};

}   // namespace gateway::app
