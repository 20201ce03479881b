#pragma once

// National ids of nobody: synthetic (month + 80) with right check digits, made by another hand than
// gateway/records/national_id. Pure.

#include <array>
#include <cstdio>
#include <initializer_list>
#include <string>

namespace tests {

/// The next one from `at` on, which is left behind it: no two are the same.
inline std::string next_synthetic_id(unsigned& at) {
    constexpr unsigned numbers = 1'000;   // individual numbers of one date
    for (;; ++at) {
        const unsigned day = 1 + at / numbers % 28;
        const unsigned month = 81 + at / numbers / 28 % 12;
        const unsigned year = at / numbers / 28 / 12 % 100;
        std::array<char, 16> text{};
        std::snprintf(text.data(), text.size(), "%02u%02u%02u%03u", day, month, year, at % numbers);
        std::string id(text.data());
        const auto control = [&id](std::initializer_list<unsigned> weights) {
            unsigned sum = 0;
            std::size_t place = 0;
            for (const auto weight : weights) {
                sum += weight * static_cast<unsigned>(id[place++] - '0');
            }
            return (11 - sum % 11) % 11;
        };
        const auto first = control({3, 7, 6, 1, 8, 9, 4, 5, 2});
        if (first > 9) {
            continue;
        }
        id.push_back(static_cast<char>('0' + first));
        const auto second = control({5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
        if (second > 9) {
            continue;
        }
        id.push_back(static_cast<char>('0' + second));
        ++at;
        return id;
    }
}

}   // namespace tests
