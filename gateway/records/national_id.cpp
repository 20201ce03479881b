#include "gateway/records/national_id.hpp"

#include <algorithm>
#include <array>

namespace gateway::records {
namespace {

constexpr std::size_t digits = 11;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int number(std::string_view text, std::size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

template <std::size_t N>
int remainder(std::string_view text, const std::array<int, N>& weights) {
    int sum = 0;
    for (std::size_t i = 0; i < N; ++i) {
        sum += (text[i] - '0') * weights[i];
    }
    return sum % 11;
}

/// The century is not judged: that of the series from 2032 on does not follow from the number.
bool is_day(int day, int month, int year) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1) {
        return false;
    }
    const bool leap = month == 2 && year % 4 == 0;
    return day <= days[static_cast<std::size_t>(month - 1)] + (leap ? 1 : 0);
}

}   // namespace

std::optional<NationalId> read_national_id(std::string_view text, const NationalIdRules& rules) {
    if (text.size() != digits || !std::all_of(text.begin(), text.end(), is_digit)) {
        return std::nullopt;
    }
    NationalId id;
    int day = number(text, 0);
    if (day > 40) {
        id.d_number = true;
        day -= 40;
    }
    int month = number(text, 2);
    for (const int series : {80, 65, 40}) {
        if (month > series) {
            month -= series;
            id.synthetic = true;
            break;
        }
    }
    if (!is_day(day, month, number(text, 4)) || (id.synthetic && !rules.synthetic)) {
        return std::nullopt;
    }
    // With the check digit's own weight of 1 the sum leaves 0 over.
    constexpr std::array<int, 10> first{3, 7, 6, 1, 8, 9, 4, 5, 2, 1};
    constexpr std::array<int, 11> second{5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    const int left = remainder(text, first);
    id.relaxed = left != 0;
    if (remainder(text, second) != 0 || left > (rules.relaxed_first_control_digit ? 3 : 0)) {
        return std::nullopt;
    }
    return id;
}

std::string masked(std::string_view national_id) {
    std::string shown(national_id.size(), '*');
    if (national_id.size() == digits &&
        std::all_of(national_id.begin(), national_id.end(), is_digit)) {
        std::copy_n(national_id.begin(), 6, shown.begin());
    }
    return shown;
}

bool looks_like_national_id(std::string_view text) {
    std::size_t run = 0;
    const NationalIdRules any(true, true);
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && is_digit(text[i])) {
            ++run;
            continue;
        }
        if (run == digits && read_national_id(text.substr(i - run, run), any)) {
            return true;
        }
        run = 0;
    }
    return false;
}

}   // namespace gateway::records
