#include "gateway/sdk/http_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gateway::sdk {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

constexpr std::chrono::seconds retry_after_max{3600};

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
        return std::nullopt;
    }
    return value;
}

}   // namespace

std::string_view find_header(const Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers) {
        if (same_name(key, name)) {
            return value;
        }
    }
    return {};
}

bool has_header(const Headers& headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& header) { return same_name(header.first, name); });
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
    // IMF-fixdate (RFC 9110 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT"
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
        text[19] != ':' || text[22] != ':') {
        return std::nullopt;
    }
    const auto day = number(text.substr(5, 2));
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (!day || month == months.end() || !year || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year{*year},
        std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

std::optional<std::chrono::seconds> HttpResponse::retry_after() const {
    const std::string_view text = header("Retry-After");
    if (text.empty()) {
        return std::nullopt;
    }
    if (const auto seconds = number(text)) {
        return std::min(std::chrono::seconds{*seconds}, retry_after_max);
    }
    const auto until = parse_http_date(text);
    const auto sent = parse_http_date(header("Date"));
    if (!until || !sent) {
        return std::nullopt;
    }
    return std::clamp(std::chrono::duration_cast<std::chrono::seconds>(*until - *sent),
                      std::chrono::seconds{0}, retry_after_max);
}

bool HttpResponse::is_json() const {
    std::string_view type = header("Content-Type");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') {
        type.remove_suffix(1);
    }
    return same_name(type, "application/json") ||
           (type.size() > 5 && same_name(type.substr(type.size() - 5), "+json"));
}

}   // namespace gateway::sdk
