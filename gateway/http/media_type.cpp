#include "gateway/http/media_type.hpp"

#include <algorithm>

namespace gateway::http {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, last - first + 1);
}

bool is_word(std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char one, char other) {
        return (one >= 'A' && one <= 'Z' ? one - 'A' + 'a' : one) == other;
    });
}

bool is_media_type(std::string_view content_type, std::string_view type) {
    return is_word(trimmed(content_type.substr(0, content_type.find(';'))), type);
}

std::optional<std::string> parameter_of(std::string_view text, std::string_view name) {
    auto semicolon = text.find(';');
    while (semicolon != std::string_view::npos) {
        text = trimmed(text.substr(semicolon + 1));
        if (text.empty() || text.front() == ';') {
            semicolon = text.find(';');
            continue;
        }
        const auto equals = text.find_first_of("=;");
        if (equals == std::string_view::npos || text[equals] == ';') {
            return std::string();
        }
        const bool wanted = is_word(trimmed(text.substr(0, equals)), name);
        text = trimmed(text.substr(equals + 1));
        std::string value;
        if (!text.empty() && text.front() == '"') {
            std::size_t i = 1;
            for (; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\' && i + 1 < text.size()) {
                    ++i;
                }
                value.push_back(text[i]);
            }
            if (i >= text.size()) {
                return std::string();
            }
            text = text.substr(i + 1);
        } else {
            const auto end = std::min(text.find(';'), text.size());
            value = trimmed(text.substr(0, end));
            text = text.substr(end);
        }
        if (wanted) {
            return value;
        }
        semicolon = text.find(';');
    }
    return std::nullopt;
}

}   // namespace gateway::http
