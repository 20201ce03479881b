#include "gateway/exchanges/mask_head.hpp"

#include "gateway/exchanges/harmless.hpp"
#include "gateway/exchanges/mask_body.hpp"

#include <algorithm>
#include <array>

namespace gateway::exchanges {
namespace {

constexpr std::size_t length_digits_max = 7;   // a telephone number has eight
constexpr std::size_t count_digits_max = 5;

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// An IMF-fixdate whose day is one: its words are nobody's.
bool is_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return sdk::parse_http_date(text).has_value() && is_one_of(days, text.substr(0, 3));
}

/// version-trace-parent-flags of W3C Trace Context.
bool is_trace_parent(std::string_view text) {
    constexpr std::size_t bytes = 55;
    constexpr std::size_t trace_at = 3;
    constexpr std::size_t trace_bytes = 32;
    return text.size() == bytes && text.starts_with("00-") && text[35] == '-' && text[52] == '-' &&
           is_made_id(text.substr(trace_at, trace_bytes));
}

std::string shown_value(std::string_view name, std::string_view value) {
    constexpr std::array<std::string_view, 8> ids{
        "x-request-id", "request-id",      "x-correlation-id", "correlation-id",
        "x-trace-id",   "x-ms-request-id", "idempotency-key",  "requestid"};
    constexpr std::array<std::string_view, 4> lengths{"content-length", "upload-length",
                                                      "upload-offset", "age"};
    constexpr std::array<std::string_view, 6> counts{"retry-after",           "ratelimit-limit",
                                                     "ratelimit-remaining",   "ratelimit-reset",
                                                     "x-ratelimit-remaining", "x-ratelimit-limit"};
    constexpr std::array<std::string_view, 3> dates{"date", "retry-after", "last-modified"};
    constexpr std::array<std::string_view, 4> ways{"content-encoding", "transfer-encoding",
                                                   "accept-encoding", "connection"};
    constexpr std::array<std::string_view, 7> ways_known{
        "gzip", "deflate", "br", "chunked", "close", "identity", "keep-alive"};
    const auto plain = lower_case(name);
    if (plain == "content-type" || plain == "accept") {
        return media_type(value);
    }
    if (plain == "location" || plain == "content-location") {
        return mask_url(value);
    }
    const bool shown = (is_one_of(ids, plain) && is_made_id(value)) ||
                       (is_one_of(lengths, plain) && is_short_number(value, length_digits_max)) ||
                       (is_one_of(counts, plain) && is_short_number(value, count_digits_max)) ||
                       (is_one_of(dates, plain) && is_http_date(value)) ||
                       (is_one_of(ways, plain) && is_one_of(ways_known, lower_case(value))) ||
                       (plain == "traceparent" && is_trace_parent(value));
    return std::string(shown ? value : masked);
}

/// "https://host:port" as it may be shown: its last label is no number, so an address in numbers is
/// shown, an id that stands for a host is not.
std::string shown_authority(std::string_view authority) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        authority.remove_prefix(at + 1);   // a user and a password
    }
    constexpr std::size_t host_bytes_max = 200;
    const bool plain = !authority.empty() && authority.size() <= host_bytes_max &&
                       std::all_of(authority.begin(), authority.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                                  c == '-' || c == ':' || c == '[' || c == ']';
                       });
    if (!plain) {
        return std::string(masked);
    }
    std::size_t run = 0;
    for (const char c : authority) {
        run = c >= '0' && c <= '9' ? run + 1 : 0;
        if (run > count_digits_max) {
            return std::string(masked);
        }
    }
    return std::string(authority);
}

std::string shown_path(std::string_view path) {
    std::string shown;
    while (!path.empty()) {
        path.remove_prefix(1);   // the slash
        const auto end = path.find('/');
        const auto part = path.substr(0, end);
        path = end == std::string_view::npos ? std::string_view() : path.substr(end);
        shown += "/";
        if (!part.empty()) {
            shown += is_path_word(part) || is_made_id(part) ? part : masked;
        }
    }
    return shown;
}

}   // namespace

std::string mask_url(std::string_view url) {
    url = url.substr(0, url.find('#'));
    std::string_view query;
    if (const auto mark = url.find('?'); mark != std::string_view::npos) {
        query = url.substr(mark + 1);
        url = url.substr(0, mark);
    }
    std::string shown;
    if (const auto scheme_end = url.find("://"); scheme_end != std::string_view::npos) {
        const auto scheme = lower_case(url.substr(0, scheme_end));
        shown = scheme == "https" || scheme == "http" ? scheme : std::string(masked);
        url.remove_prefix(scheme_end + 3);
        const auto slash = url.find('/');
        shown += "://" + shown_authority(url.substr(0, slash));
        url = slash == std::string_view::npos ? std::string_view() : url.substr(slash);
    } else if (!url.starts_with('/')) {
        return std::string(masked);
    }
    shown += shown_path(url);
    if (!query.empty()) {
        shown += "?" + mask_form(query);
    }
    if (shown.size() > url_bytes_max) {
        shown.resize(url_bytes_max);
        shown += "...";
    }
    return shown;
}

std::string shown_method(std::string_view method) {
    constexpr std::array<std::string_view, 7> methods{"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};
    return std::string(is_one_of(methods, method) ? method : masked);
}

json::Value masked_headers(const sdk::Headers& headers) {
    json::Value shown = json::Value::array();
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (const auto& [name, value] : headers) {
        auto shown_as = shown_name(name);
        auto of_it = shown_value(name, value);
        bytes += shown_as.size() + of_it.size();
        if (++count > headers_max || bytes > headers_bytes_max) {
            shown.push(json::Value::array());
            break;
        }
        json::Value pair = json::Value::array();
        pair.push(std::move(shown_as)).push(std::move(of_it));
        shown.push(std::move(pair));
    }
    return shown;
}

}   // namespace gateway::exchanges
