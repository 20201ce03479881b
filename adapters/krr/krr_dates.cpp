#include "adapters/krr/krr_dates.hpp"

#include <algorithm>
#include <string>

namespace gateway::krr {
namespace {

constexpr std::chrono::months usable_for{18};
constexpr std::size_t length_max = 40;
constexpr std::size_t date_length = 10;   // "2023-06-29"

/// The text with its offset as RFC 3339 wants it.
std::string completed(std::string_view text) {
    std::string whole(text);
    if (text.size() == date_length) {
        return whole + "T00:00:00Z";
    }
    const auto sign = text.find_first_of("+-", date_length);
    if (sign == std::string_view::npos) {
        return text.back() == 'Z' || text.back() == 'z' ? whole : whole + "Z";
    }
    switch (text.size() - sign) {
    case 3: return whole + ":00";                 // +02
    case 5: return whole.insert(sign + 3, ":");   // +0200
    default: return whole;
    }
}

core::Time months_later(core::Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto month = date.year() / date.month() + usable_for;
    const auto last = std::chrono::year_month_day(month / std::chrono::last).day();
    return std::chrono::sys_days(month / std::min(date.day(), last)) + (time - day);
}

}   // namespace

std::optional<core::Time> read_time(std::string_view text) {
    if (text.size() < date_length || text.size() > length_max) {
        return std::nullopt;
    }
    const auto time = core::parse_rfc3339(completed(text));
    return time ? std::optional(*time) : std::nullopt;
}

std::optional<core::Time> notify_until(std::string_view updated, std::string_view verified,
                                       core::Time now) {
    const auto newer = std::max(read_time(updated), read_time(verified));
    return newer ? std::optional(months_later(std::min(*newer, now))) : std::nullopt;
}

}   // namespace gateway::krr
