#include "gateway/json/schema_patterns.hpp"

#include "gateway/json/utf8.hpp"

namespace gateway::json {
namespace {

constexpr auto regex_flags = std::regex_constants::ECMAScript | std::regex_constants::__polynomial |
                             std::regex_constants::optimize;

std::wstring to_wide(std::string_view text) {
    std::wstring wide;
    wide.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        char32_t code_point = 0xFFFD;
        const std::size_t length = utf8_next(text, at, code_point);
        wide.push_back(static_cast<wchar_t>(code_point));
        at += length == 0 ? 1 : length;
    }
    return wide;
}

bool holds_no_schema(std::string_view keyword) {
    return keyword == "enum" || keyword == "const" || keyword == "default" || keyword == "examples";
}

}   // namespace

void SchemaPatterns::add_all(const Value& schema) {
    for (const Value& item : schema.items()) {
        add_all(item);
    }
    for (const auto& [keyword, value] : schema.members()) {
        if (keyword == "pattern" && value.is_string()) {
            add(value.as_string());
        }
        if (keyword == "patternProperties") {
            for (const auto& [pattern, sub] : value.members()) {
                add(pattern);
                add_all(sub);
            }
        } else if (!holds_no_schema(keyword)) {
            add_all(value);
        }
    }
}

void SchemaPatterns::add(const std::string& pattern) {
    if (compiled_.find(pattern) != compiled_.end()) {
        return;
    }
    if (auto simple = SimplePattern::compile(pattern)) {
        compiled_.emplace(pattern, std::move(*simple));
    } else {
        compiled_.emplace(pattern, std::wregex(to_wide(pattern), regex_flags));
    }
}

bool SchemaPatterns::matches(std::string_view pattern, std::string_view text) const {
    const auto place = compiled_.find(pattern);
    if (place == compiled_.end()) {
        return false;
    }
    const auto* const simple = std::get_if<SimplePattern>(&place->second);
    return simple != nullptr
               ? simple->matches(text)
               : std::regex_search(to_wide(text), std::get<std::wregex>(place->second));
}

}   // namespace gateway::json
