#pragma once

// National ids of persons: birth numbers and D-numbers, eleven digits with two check digits. Source
// of the rules: Skatteetaten's description of the national id (modulus 11, weights 3 7 6 1 8 9 4 5
// 2 and 5 4 3 2 7 6 5 4 3 2) and of the series given out from 2032 on, whose first check digit may
// leave 0, 1, 2 or 3 over instead of 0. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace gateway::records {

struct NationalIdRules {
    bool relaxed_first_control_digit = true;   // the series from 2032 on is taken
    bool synthetic = false;                    // test persons are taken

    NationalIdRules() = default;
    NationalIdRules(bool relaxed, bool test_persons)
        : relaxed_first_control_digit(relaxed), synthetic(test_persons) {}
};

struct NationalId {
    bool d_number = false;    // day + 40: who has no birth number
    bool synthetic = false;   // month + 40, + 65 or + 80: nobody
    bool relaxed = false;     // valid by the series from 2032 on alone

    NationalId() = default;
};

/// Nothing when it is none by these rules: length, digits, day and month, check digits.
std::optional<NationalId> read_national_id(std::string_view text, const NationalIdRules& rules);

/// As it may be shown: the birth date's digits alone. Anything else is hidden whole.
std::string masked(std::string_view national_id);

/// Whether eleven digits in it could be one: such a text has no place in a URL.
bool looks_like_national_id(std::string_view text);

}   // namespace gateway::records
