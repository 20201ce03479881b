#include "gateway/http/target.hpp"

#include "gateway/http/control.hpp"

#include <algorithm>

namespace gateway::http {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

int hex(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Result<std::string> decode(std::string_view text, bool plus_is_space) {
    const auto is_escaped = [plus_is_space](char c) {
        return c == '%' || (c == '+' && plus_is_space);
    };
    const bool is_plain = std::none_of(text.begin(), text.end(), [&](char c) {
        return is_control(c) || is_escaped(c) || static_cast<unsigned char>(c) >= 0x80;
    });
    if (is_plain) {
        return std::string(text);
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return Failure(Errc::malformed, "a percent sign without two digits");
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return Failure(Errc::malformed, "a control character");
        }
        out.push_back(c);
    }
    if (!is_utf8(out)) {
        return Failure(Errc::malformed, "not UTF-8");
    }
    return out;
}

bool climbs(std::string_view path) {
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        if (segment == ".." || segment == ".") {
            return true;
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

/// "http://host/path" gives "/path"; anything else as it is.
std::string_view without_authority(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (text.starts_with(scheme)) {
            const std::size_t path = text.find_first_of("/?", scheme.size());
            return path == std::string_view::npos ? std::string_view("/") : text.substr(path);
        }
    }
    return text;
}

}   // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) {
            ++i;
            continue;
        }
        const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || i + more >= text.size()) {
            return false;
        }
        for (std::size_t k = 1; k <= more; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80) {
                return false;
            }
        }
        const auto second = static_cast<unsigned char>(text[i + 1]);
        const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
        const bool surrogate = first == 0xed && second > 0x9f;
        const bool beyond = first == 0xf4 && second > 0x8f;
        if (overlong || surrogate || beyond) {
            return false;
        }
        i += more + 1;
    }
    return true;
}

Result<Target> parse_target(std::string_view text) {
    Target target;
    if (text == "*") {
        target.path = "*";
        return target;
    }
    text = without_authority(text);
    const std::size_t question = text.find('?');
    std::string_view path = text.substr(0, question);
    if (text.find('#') != std::string_view::npos) {
        return Failure(Errc::malformed, "a fragment in the target");
    }
    if (path.empty() && question == 0) {
        path = "/";
    }
    if (!path.starts_with('/')) {
        return Failure(Errc::malformed, "the target does not begin with a slash");
    }
    auto decoded = decode(path, false);
    if (!decoded) {
        return decoded.error();
    }
    if (climbs(*decoded)) {
        return Failure(Errc::malformed, "a dot segment in the path");
    }
    target.path = std::move(*decoded);
    std::string_view query = question == std::string_view::npos ? "" : text.substr(question + 1);
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = decode(pair.substr(0, equals), true);
        auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value) {
            return (!name ? name : value).error();
        }
        target.query.emplace_back(std::move(*name), std::move(*value));
    }
    return target;
}

}   // namespace gateway::http
