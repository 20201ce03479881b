#include "adapters/common/standin/population/numbers.hpp"

#include <array>
#include <cstdio>
#include <initializer_list>

namespace gateway::standin {
namespace {

constexpr int synthetic_month = 80;
constexpr unsigned individuals = 500;   // of one century

/// The check digit over the digits before it; 10 when there is none.
int check_digit(const std::string& digits, std::initializer_list<int> weights) {
    int sum = 0;
    std::size_t at = 0;
    for (const int weight : weights) {
        sum += weight * (digits[at++] - '0');
    }
    return (11 - sum % 11) % 11;
}

/// With both check digits; empty when there are none.
std::string checked(unsigned day, unsigned month, unsigned year, unsigned individual) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02u%02u%02u%03u", day % 100, month % 100, year % 100,
                  individual % 1000);
    std::string digits(text.data());
    const int first = check_digit(digits, {3, 7, 6, 1, 8, 9, 4, 5, 2});
    digits += std::to_string(first);
    const int second = check_digit(digits, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
    return first < 10 && second < 10 ? digits + std::to_string(second) : std::string();
}

int part(const std::string& number, std::size_t at, std::size_t length) {
    return std::stoi(number.substr(at, length));
}

}   // namespace

std::string series_number(unsigned index) {
    const unsigned day = 1 + index % 28;
    const unsigned month = 1 + synthetic_month + index / 28 % 12;
    const unsigned year = 60 + index / 336 % 39;
    for (unsigned individual = index * 7 % 400;; ++individual) {
        std::string number = checked(day, month, year, individual % individuals);
        if (!number.empty()) {
            return number;
        }
    }
}

std::string Birthday::text() const {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
    return text.data();
}

std::string number_of(const Birthday& born, bool female, unsigned tries) {
    const unsigned base = born.year < 2000 ? 0 : individuals;
    unsigned left = tries;
    for (unsigned i = female ? 0 : 1;; i += 2) {
        std::string number = checked(static_cast<unsigned>(born.day),
                                     static_cast<unsigned>(born.month + synthetic_month),
                                     static_cast<unsigned>(born.year), base + i % individuals);
        if (!number.empty() && left-- == 0) {
            return number;
        }
    }
}

Birthday birthday_of(const std::string& number) {
    const int year = part(number, 4, 2);
    const bool this_century = part(number, 6, 3) >= static_cast<int>(individuals) && year < 40;
    return Birthday(year + (this_century ? 2000 : 1900), part(number, 2, 2) - synthetic_month,
                    part(number, 0, 2));
}

bool is_female(const std::string& number) {
    return (number[8] - '0') % 2 == 0;
}

}   // namespace gateway::standin
