#include "gateway/api/request_head.hpp"

#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <string_view>

namespace gateway::api {
namespace {

/// Whether it is that word, which is in lower case, in whatever case.
bool is_word(std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char one, char other) {
        return (one >= 'A' && one <= 'Z' ? one - 'A' + 'a' : one) == other;
    });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, last - first + 1);
}

/// `utf-8` of `application/json; charset="UTF-8"`; empty when none is stated.
std::string_view charset_of(std::string_view content_type) {
    while (!content_type.empty()) {
        const auto end = std::min(content_type.find(';'), content_type.size());
        const auto part = trimmed(content_type.substr(0, end));
        content_type.remove_prefix(std::min(end + 1, content_type.size()));
        const auto equals = part.find('=');
        if (equals == std::string_view::npos ||
            !is_word(trimmed(part.substr(0, equals)), "charset")) {
            continue;
        }
        auto value = trimmed(part.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        return value;
    }
    return {};
}

bool is_json(std::string_view content_type) {
    return is_word(trimmed(content_type.substr(0, content_type.find(';'))), "application/json");
}

/// ASCII is UTF-8, and "utf8" is what many write.
bool is_unicode(std::string_view charset) {
    return is_word(charset, "utf-8") || is_word(charset, "utf8") || is_word(charset, "us-ascii");
}

}   // namespace

std::optional<ports::Refusal> refuse_head(const http::Request& request) {
    for (auto one = request.query.begin(); one != request.query.end(); ++one) {
        const bool again = std::any_of(request.query.begin(), one, [&one](const auto& other) {
            return other.first == one->first;
        });
        if (again) {
            return ports::Refusal("request.repeated_parameter", {{"name", one->first}});
        }
    }
    const bool is_packed =
        std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
            return is_word(header.first, "content-encoding") && !is_word(header.second, "identity");
        });
    if (is_packed) {
        return ports::Refusal("request.content_encoding");
    }
    const auto type = request.header("Content-Type");
    if (const auto charset = charset_of(type);
        is_json(type) && !charset.empty() && !is_unicode(charset)) {
        return ports::Refusal("request.unsupported_media_type",
                              {{"expected", "application/json; charset=utf-8"}});
    }
    return std::nullopt;
}

std::optional<ports::Refusal> refuse_parameters(const http::Request& request) {
    return request.query.empty() ? std::nullopt
                                 : std::optional(view::bad_parameter(request.query.front().first));
}

}   // namespace gateway::api
