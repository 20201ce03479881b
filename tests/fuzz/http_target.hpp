#pragma once

// Request targets: what was decoded never climbs, is text, and encoded anew decodes to the same.

#include "gateway/http/target.hpp"
#include "gateway/json/utf8.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::http_target {

inline void append_escaped(std::string& out, std::string_view text, bool keep_slash) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (keep_slash && c == '/') {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    }
}

inline void promise_text(std::string_view text) {
    promise(!has_control(text), "decoded text has no control characters");
    promise(gateway::json::utf8_fault(text) == std::string::npos, "decoded text is UTF-8");
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const auto text = text_of(data, size);
    promise(gateway::http::is_utf8(text) ==
                (gateway::json::utf8_fault(text) == std::string_view::npos),
            "both readers of UTF-8 agree");
    const auto target = gateway::http::parse_target(text);
    if (!target || target->path == "*") {
        return;
    }
    const std::string around = target->path + "/";
    promise(target->path.starts_with('/'), "a path begins with a slash");
    promise(around.find("/../") == std::string::npos && around.find("/./") == std::string::npos,
            "a path does not climb");
    promise_text(target->path);
    std::string written;
    append_escaped(written, target->path, true);
    char sign = '?';
    for (const auto& [name, value] : target->query) {
        promise_text(name);
        promise_text(value);
        written.push_back(sign);
        append_escaped(written, name, false);
        written.push_back('=');
        append_escaped(written, value, false);
        sign = '&';
    }
    const auto again = gateway::http::parse_target(written);
    promise(again && again->path == target->path && again->query == target->query,
            "a target encoded anew is the same");
}

}   // namespace fuzz::http_target
