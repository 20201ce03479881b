#pragma once

// A TOML file as a JSON value that remembers where each key and value stood. toml++ is behind it
// and nowhere else.

#include "gateway/app/config/mistake.hpp"
#include "gateway/json/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::app {

class Document {
public:
    Document(std::string file, json::Value value)
        : file_(std::move(file)), value_(std::move(value)) {}

    const std::string& file() const { return file_; }
    const json::Value& value() const { return value_; }
    /// Where the value at a JSON pointer stands; of what holds it when it is absent.
    Place value_place(const std::string& pointer) const { return find(values_, pointer); }
    /// Where its key stands.
    Place key_place(const std::string& pointer) const { return find(keys_, pointer); }

    void remember_value(const std::string& pointer, unsigned line, unsigned column);
    void remember_key(const std::string& pointer, unsigned line, unsigned column);

private:
    using Positions = std::map<std::string, std::pair<unsigned, unsigned>>;
    Place find(const Positions& positions, std::string pointer) const;

    std::string file_;
    json::Value value_;
    Positions keys_;
    Positions values_;
};

/// Nothing, and a mistake added, when the text is no TOML (the first fault: what follows one is
/// guesswork) or holds what JSON cannot (dates, nan).
std::optional<Document> read_toml(const std::string& file, std::string_view text,
                                  Mistakes& mistakes);

}   // namespace gateway::app
