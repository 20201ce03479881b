#include "gateway/http/client.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::http {

using core::Errc;
using core::Failure;

namespace {

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_ipv6_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

Failure malformed(const char* what) {
    return Failure(Errc::malformed, what);
}

}   // namespace

Result<Url> parse_url(std::string_view text) {
    Url url;
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) {
        return malformed("a URL begins with http:// or https://");
    }
    url.endpoint.scheme.assign(text.substr(0, colon));
    std::transform(url.endpoint.scheme.begin(), url.endpoint.scheme.end(),
                   url.endpoint.scheme.begin(), lower);
    if (url.endpoint.scheme != "http" && url.endpoint.scheme != "https") {
        return malformed("a URL begins with http:// or https://");
    }
    text.remove_prefix(colon + 3);
    const std::size_t slash = std::min(text.find_first_of("/?#"), text.size());
    std::string_view authority = text.substr(0, slash);
    url.target.assign(text.substr(slash));
    if (!url.target.starts_with('/')) {
        url.target.insert(0, "/");
    }
    const bool clean = std::all_of(url.target.begin(), url.target.end(),
                                   [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
    if (!clean) {
        return malformed("a URL's path holds a space, a fragment or characters that are not ASCII");
    }
    std::string host;
    const bool bracketed = authority.starts_with('[');
    if (bracketed) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return malformed("a URL's address lacks its bracket");
        }
        host.assign(authority.substr(1, end - 1));
        authority.remove_prefix(end + 1);
    } else {
        const std::size_t end = std::min(authority.find(':'), authority.size());
        host.assign(authority.substr(0, end));
        authority.remove_prefix(end);
        std::transform(host.begin(), host.end(), host.begin(), lower);
        if (!std::all_of(host.begin(), host.end(), is_host_character)) {
            return malformed("a URL's host holds a character that hosts do not have");
        }
    }
    std::transform(host.begin(), host.end(), host.begin(), lower);
    if (host.empty() || (bracketed && !std::all_of(host.begin(), host.end(), is_ipv6_character))) {
        return malformed("a URL without a host");
    }
    url.endpoint.host = std::move(host);
    url.endpoint.port = url.endpoint.scheme == "http" ? 80 : 443;
    if (!authority.empty()) {
        const char* end = authority.data() + authority.size();
        const auto read = std::from_chars(authority.data() + 1, end, url.endpoint.port);
        if (authority.front() != ':' || authority.size() == 1 || read.ec != std::errc{} ||
            read.ptr != end || url.endpoint.port == 0) {
            return malformed("a URL's port is not a number from 1 to 65535");
        }
    }
    return url;
}

}   // namespace gateway::http
