#pragma once

// JSON Schema draft 7 over our values (valijson behind it). Our own schemas only: `$ref` within the
// document, none fetched.

#include "gateway/json/value.hpp"

#include <memory>
#include <string>
#include <vector>

namespace gateway::json {

struct SchemaFault {
    std::string pointer;   // of the faulty value
    std::string keyword;   // "required", "additionalProperties", "maxLength", "pattern", "enum",
                           // "type", ...
    std::string detail;    // the member's name, the limit, the pattern; never the value itself
};

/// Compiled once, used by any thread.
class Schema {
public:
    /// `malformed` for a document that is no schema.
    static core::Result<Schema> compile(std::string_view text);
    Schema(Schema&&) noexcept;
    Schema& operator=(Schema&&) noexcept;
    ~Schema();

    /// Every fault, the deepest and most useful first said once per place; empty when valid. At
    /// most `faults_max`.
    std::vector<SchemaFault> check(const Value& value, std::size_t faults_max = 50) const;

private:
    struct Impl;
    explicit Schema(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::json
