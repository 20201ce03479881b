#pragma once

// JSON as a plain value, strictly read and exactly written. RapidJSON is behind it and nowhere
// else: its documents abort on misuse and its default parser overflows the stack on deep input.

#include "gateway/core/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gateway::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
using Object = std::vector<Member>;   // in the order read or set; names unique

class Value {
public:
    Value() = default;   // null
    Value(bool value) : data_(value) {}
    Value(int value) : data_(static_cast<std::int64_t>(value)) {}
    Value(std::int64_t value) : data_(value) {}
    Value(std::uint64_t value);   // beyond int64: kept as double
    Value(double value) : data_(value) {}
    Value(const char* text) : data_(std::string(text)) {}
    Value(std::string text) : data_(std::move(text)) {}
    Value(std::string_view text) : data_(std::string(text)) {}
    Value(Array items) : data_(std::move(items)) {}
    Value(Object members) : data_(std::move(members)) {}

    static Value array() { return Value(Array{}); }
    static Value object() { return Value(Object{}); }

    bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
    bool is_bool() const { return std::holds_alternative<bool>(data_); }
    bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
    bool is_number() const { return is_int() || std::holds_alternative<double>(data_); }
    bool is_string() const { return std::holds_alternative<std::string>(data_); }
    bool is_array() const { return std::holds_alternative<Array>(data_); }
    bool is_object() const { return std::holds_alternative<Object>(data_); }

    // Of the right kind, or the empty value of that kind: readers of checked documents need no
    // branches.
    bool as_bool(bool otherwise = false) const;
    std::int64_t as_int(std::int64_t otherwise = 0) const;
    double as_double(double otherwise = 0) const;
    const std::string& as_string() const;
    const Array& items() const;
    const Object& members() const;

    /// The member of an object; nullptr when absent or not an object.
    const Value* find(std::string_view name) const;
    Value* find(std::string_view name);
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// The member, or null.
    const Value& operator[](std::string_view name) const;
    /// Sets or replaces a member; a null value becomes an object. Returns *this for chaining.
    Value& set(std::string_view name, Value value);
    bool remove(std::string_view name);
    /// Appends; a null value becomes an array.
    Value& push(Value value);
    Array& mutable_items();

    /// RFC 6901; nullptr when nothing is there.
    const Value* at(std::string_view pointer) const;

    friend bool operator==(const Value&, const Value&) = default;

private:
    friend struct Access;
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct ParseLimits {
    std::size_t bytes_max = 1U << 20U;
    std::size_t depth_max = 32;
    std::size_t values_max = 100'000;
};

enum class ParseFault { malformed, duplicate_key, not_utf8, too_deep, too_large };

struct ParseError {
    ParseFault fault = ParseFault::malformed;
    std::size_t offset = 0;   // byte
    std::size_t line = 1;
    std::size_t column = 1;
    std::string pointer;   // where in the document, as far as it was read
};

/// RFC 8259, UTF-8 checked (also escapes: no lone surrogates), no byte order mark, no duplicate
/// names, whole input. Bounded memory and stack at any input.
boost::system::result<Value, ParseError> parse(std::string_view text,
                                               const ParseLimits& limits = {});

/// As above with the error folded into a Failure (`malformed`, or `too_large`).
core::Result<Value> parse_or_failure(std::string_view text, const ParseLimits& limits = {});

/// Shortest text that reads back equal.
std::string write(const Value& value);
/// For people: two spaces.
std::string write_pretty(const Value& value);
/// Members sorted by name: the same content has the same text.
std::string write_canonical(const Value& value);

/// One reference token of a JSON pointer, escaped (~0, ~1), with its leading slash.
std::string pointer_token(std::string_view name);

[[noreturn]] void throw_exception_from_error(const ParseError&, const boost::source_location&);

}   // namespace gateway::json
