#include "adapters/common/registers/dates.hpp"

#include <charconv>
#include <chrono>
#include <string>

namespace gateway::registers {
namespace {

constexpr std::size_t length_max = 40;
constexpr std::size_t date_length = 10;   // "2023-06-29"
constexpr int year_first = 1000;          // nobody and nothing registered is as old

/// Digits alone.
std::optional<int> number_in(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && text.front() != '-' ? std::optional(value) : std::nullopt;
}

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

}   // namespace

std::optional<core::Time> read_time(std::string_view text) {
    if (text.size() < date_length || text.size() > length_max) {
        return std::nullopt;
    }
    const auto time = core::parse_rfc3339(completed(text));
    return time ? std::optional(*time) : std::nullopt;
}

bool is_date(std::string_view text) {
    if (text.size() != date_length || text[4] != '-' || text[7] != '-') {
        return false;
    }
    const auto y = number_in(text.substr(0, 4));
    const auto m = number_in(text.substr(5, 2));
    const auto d = number_in(text.substr(8, 2));
    using namespace std::chrono;
    return y && m && d && *y >= year_first &&
           year_month_day(year(*y), month(static_cast<unsigned>(*m)),
                          day(static_cast<unsigned>(*d)))
               .ok();
}

}   // namespace gateway::registers
