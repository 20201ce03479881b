#include "gateway/core/time.hpp"

#include <array>
#include <cstdio>
#include <optional>

namespace gateway::core {
namespace {

using namespace std::chrono;

/// Reads exactly `count` digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) {
        return std::nullopt;
    }
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const char c = text[i];
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<year_month_day> take_date(std::string_view& text) {
    const auto y = take_digits(text, 4);
    if (!y || !take(text, '-')) {
        return std::nullopt;
    }
    const auto m = take_digits(text, 2);
    if (!m || !take(text, '-')) {
        return std::nullopt;
    }
    const auto d = take_digits(text, 2);
    if (!d) {
        return std::nullopt;
    }
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                              day{static_cast<unsigned>(*d)}};
    if (!date.ok() || *y < 1970) {
        return std::nullopt;
    }
    return date;
}

/// The fraction of a second as microseconds; digits beyond the sixth are cut.
std::optional<microseconds> take_fraction(std::string_view& text) {
    std::size_t digits = 0;
    std::int64_t value = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        if (digits < 6) {
            value = value * 10 + (text[digits] - '0');
        }
        ++digits;
    }
    if (digits == 0 || digits > 9) {
        return std::nullopt;
    }
    for (std::size_t i = digits; i < 6; ++i) {
        value *= 10;
    }
    text.remove_prefix(digits);
    return microseconds{value};
}

std::optional<minutes> take_offset(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) {
        return minutes{0};
    }
    const int sign = take(text, '+') ? 1 : (take(text, '-') ? -1 : 0);
    if (sign == 0) {
        return std::nullopt;
    }
    const auto h = take_digits(text, 2);
    if (!h || *h > 23 || !take(text, ':')) {
        return std::nullopt;
    }
    const auto m = take_digits(text, 2);
    if (!m || *m > 59) {
        return std::nullopt;
    }
    return minutes{sign * (*h * 60 + *m)};
}

Failure not_a_time() {
    return Failure(Errc::malformed, "not an RFC 3339 time");
}

}   // namespace

std::string to_rfc3339(Time at) {
    const auto day_start = floor<days>(at);
    const year_month_day date{day_start};
    const hh_mm_ss clock{floor<milliseconds>(at - day_start)};
    std::array<char, 40> text{};
    if (const int year = int{date.year()}; year >= 0 && year <= 9999) {
        char* to = text.data();
        const auto put = [&to](auto value, int digits, char then) {
            auto left = static_cast<unsigned>(value);
            for (int i = digits; i-- > 0; left /= 10) {
                to[i] = static_cast<char>('0' + left % 10);
            }
            to += digits;
            *to++ = then;
        };
        put(year, 4, '-');
        put(unsigned{date.month()}, 2, '-');
        put(unsigned{date.day()}, 2, 'T');
        put(clock.hours().count(), 2, ':');
        put(clock.minutes().count(), 2, ':');
        put(clock.seconds().count(), 2, '.');
        put(clock.subseconds().count(), 3, 'Z');
        return {text.data(), to};
    }
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int{date.year()},
        unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
        static_cast<int>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

Result<Time> parse_rfc3339(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !(take(text, 'T') || take(text, 't'))) {
        return not_a_time();
    }
    const auto h = take_digits(text, 2);
    if (!h || *h > 23 || !take(text, ':')) {
        return not_a_time();
    }
    const auto m = take_digits(text, 2);
    if (!m || *m > 59 || !take(text, ':')) {
        return not_a_time();
    }
    const auto s = take_digits(text, 2);
    if (!s || *s > 60) {
        return not_a_time();
    }
    microseconds fraction{0};
    if (take(text, '.')) {
        const auto read = take_fraction(text);
        if (!read) {
            return not_a_time();
        }
        fraction = *read;
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) {
        return not_a_time();
    }
    const Time time{sys_days{*date}.time_since_epoch() + hours{*h} + minutes{*m} + seconds{*s} +
                    fraction - *offset};
    // An offset or a leap second can lead out of the years that we write.
    if (time < Time{} || time >= sys_days{year{10'000} / January / 1}) {
        return not_a_time();
    }
    return time;
}

Result<year_month_day> parse_date(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !text.empty()) {
        return Failure(Errc::malformed, "not a date");
    }
    return *date;
}

}   // namespace gateway::core
