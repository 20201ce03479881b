#pragma once

// How many parts an SMS takes. GSM 03.38 (3GPP TS 23.038): 160 characters of its alphabet, 153 in
// each of several parts; one character outside it makes the whole text UCS-2 with 70, or 67. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::route {

struct SmsLength {
    std::size_t parts = 0;
    /// As many as it would take with each odd character replaced by one of the alphabet.
    std::size_t parts_without_odd = 0;
    std::string odd;             // the first character outside the alphabet, "U+2019"; empty: none
    std::size_t odd_place = 0;   // which character it is, from 1
    std::size_t odd_count = 0;

    SmsLength() = default;
    bool is_shrunk() const { return parts > parts_without_odd; }
};

SmsLength sms_length(std::string_view utf8);

}   // namespace gateway::route
