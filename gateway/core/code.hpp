#pragma once

// A stable code and its parameters stand for a text: store, events and problems keep these, `texts`
// renders them. Parameters are machine values (numbers, names of fields, upstream codes); never
// personal data.

#include <compare>
#include <string>
#include <utility>
#include <vector>

namespace gateway::core {

struct Code {
    std::string value;   // "letter.title_too_long", a key of schemas/texts/*.json

    Code() = default;
    Code(const char* text) : value(text) {}
    explicit Code(std::string text) : value(std::move(text)) {}
    bool empty() const { return value.empty(); }
    friend auto operator<=>(const Code&, const Code&) = default;
};

/// In the order given; names unique.
using Params = std::vector<std::pair<std::string, std::string>>;

/// One fault in a message: where (JSON pointer, "" = the whole), what.
struct Problem {
    std::string pointer;
    Code code;
    Params params;

    Problem() = default;
    Problem(std::string where, Code what, Params with = {})
        : pointer(std::move(where)), code(std::move(what)), params(std::move(with)) {}
};

}   // namespace gateway::core
