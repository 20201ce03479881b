#include "gateway/seal/xml_text.hpp"

#include "gateway/json/utf8.hpp"

namespace gateway::seal {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool stays_in_uri(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '/';
}

}   // namespace

bool is_xml_text(std::string_view text) {
    if (json::utf8_fault(text) != std::string::npos) {
        return false;
    }
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') {
            return false;
        }
    }
    constexpr std::string_view reversed_mark = "\xef\xbf\xbe";   // U+FFFE
    constexpr std::string_view no_character = "\xef\xbf\xbf";    // U+FFFF
    return text.find(reversed_mark) == std::string_view::npos &&
           text.find(no_character) == std::string_view::npos;
}

std::string xml_character_data(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '\r': out += "&#xD;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string xml_attribute_value(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '"': out += "&quot;"; break;
        case '\t': out += "&#x9;"; break;
        case '\n': out += "&#xA;"; break;
        case '\r': out += "&#xD;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string uri_of_name(std::string_view name) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        if (stays_in_uri(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xfU];
        }
    }
    return out;
}

std::optional<std::string> name_of_uri(std::string_view uri, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        if (uri[i] == '%') {
            const int high = i + 2 < uri.size() ? hex_value(uri[i + 1]) : -1;
            const int low = i + 2 < uri.size() ? hex_value(uri[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_space && uri[i] == '+' ? ' ' : uri[i];
        }
    }
    return out;
}

std::optional<core::Time> parse_xml_time(std::string_view text) {
    if (auto time = core::parse_rfc3339(text)) {
        return *time;
    }
    if (auto time = core::parse_rfc3339(std::string(text) + "Z")) {
        return *time;
    }
    return std::nullopt;
}

}   // namespace gateway::seal
