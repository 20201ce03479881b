#include "gateway/notify/url_guard.hpp"

#include <algorithm>
#include <charconv>

namespace gateway::notify {
namespace {

constexpr std::size_t url_bytes_max = 2000;
constexpr std::size_t host_bytes_max = 253;
constexpr std::size_t label_bytes_max = 63;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

bool is_hexadecimal(std::string_view label) {
    return label.size() > 2 && label.starts_with("0x") &&
           label.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

/// Labels of letters, digits and inner hyphens, the last of them no number: 127.1, 0x7f.1 and
/// 2130706433 are IPv4 addresses to some resolvers.
bool is_name(std::string_view host) {
    if (host.empty() || host.size() > host_bytes_max) {
        return false;
    }
    std::string_view label;
    while (true) {
        const auto dot = host.find('.');
        label = host.substr(0, dot);
        if (label.empty() || label.size() > label_bytes_max || label.front() == '-' ||
            label.back() == '-' || !std::all_of(label.begin(), label.end(), is_name_character)) {
            return false;
        }
        if (dot == std::string_view::npos) {
            break;
        }
        host.remove_prefix(dot + 1);
    }
    return !std::all_of(label.begin(), label.end(), is_digit) && !is_hexadecimal(label);
}

/// Names that stand for this machine or this network by RFC 6761, RFC 6762, RFC 8375.
bool is_local_name(std::string_view host) {
    for (const std::string_view name : {"localhost", "local", "internal", "localdomain",
                                        "home.arpa", "in-addr.arpa", "ip6.arpa", "onion"}) {
        if (host == name || (host.size() > name.size() && host.ends_with(name) &&
                             host[host.size() - name.size() - 1] == '.')) {
            return true;
        }
    }
    return false;
}

UrlVerdict refused(const char* why) {
    UrlVerdict verdict;
    verdict.refused = why;
    return verdict;
}

bool is_allowed(const core::IpAddress& address, const core::WebhookConfig& config) {
    return std::any_of(config.allow.begin(), config.allow.end(),
                       [&](const core::IpRange& range) { return range.contains(address); });
}

}   // namespace

UrlVerdict judge_url(std::string_view url, const core::WebhookConfig& config) {
    if (url.size() > url_bytes_max) {
        return refused("too_long");
    }
    const bool clean = std::all_of(url.begin(), url.end(),
                                   [](char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
    if (!clean) {
        return refused("characters");
    }
    const auto colon = url.find("://");
    const auto scheme = lower(url.substr(0, std::min(colon, url.size())));
    if (colon == std::string_view::npos || (scheme != "https" && scheme != "http")) {
        return refused("not_https");
    }
    if (scheme == "http" && !config.plain_http) {
        return refused("not_https");
    }
    url.remove_prefix(colon + 3);
    if (url.find('#') != std::string_view::npos) {
        return refused("fragment");
    }
    auto authority = url.substr(0, url.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos) {
        return refused("user_info");
    }
    UrlVerdict verdict;
    std::string host;
    const bool bracketed = authority.starts_with('[');
    const auto end = bracketed ? authority.find(']') : authority.find(':');
    if (bracketed && end == std::string_view::npos) {
        return refused("host");
    }
    host = lower(bracketed ? authority.substr(1, end - 1) : authority.substr(0, end));
    authority.remove_prefix(std::min(authority.size(), bracketed ? end + 1 : end));
    verdict.target.port = scheme == "https" ? 443 : 80;
    if (!authority.empty()) {
        const auto* last = authority.data() + authority.size();
        const auto read = std::from_chars(authority.data() + 1, last, verdict.target.port);
        if (authority.front() != ':' || authority.size() == 1 || read.ec != std::errc{} ||
            read.ptr != last || verdict.target.port == 0) {
            return refused("port");
        }
    }
    const auto address = core::parse_ip_address(host);
    if (bracketed != (address && address->is_v6)) {
        return refused("host");
    }
    if (!address && !is_name(host)) {
        return refused("host");
    }
    if (!address && is_local_name(host) && config.allow.empty()) {
        return refused("private");
    }
    if (address && !core::is_public(*address) && !is_allowed(*address, config)) {
        return refused("private");
    }
    const bool port_fits =
        std::any_of(config.ports.begin(), config.ports.end(),
                    [&](const auto& range) { return range.contains(verdict.target.port); });
    if (!port_fits) {
        return refused("port");
    }
    verdict.target.host = std::move(host);
    return verdict;
}

bool may_call(const core::IpAddress& address, std::uint16_t port,
              const core::WebhookConfig& config) {
    return (core::is_public(address) || is_allowed(address, config)) &&
           std::any_of(config.ports.begin(), config.ports.end(),
                       [&](const auto& range) { return range.contains(port); });
}

}   // namespace gateway::notify
