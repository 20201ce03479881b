#pragma once

// Letters and their cases, and how many SMS a text costs. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::digital_post {

/// The same for texts that differ in case alone, for the Latin, Greek and Cyrillic letters that
/// Norwegian names hold. Not for showing.
std::string fold_case(std::string_view utf8);

/// How many SMS messages carry it: 160 characters of GSM 03.38 in one (153 in each of several), but
/// 70 (67) as soon as one character is outside that alphabet.
int sms_parts(std::string_view utf8);

/// Tells contents apart, 16 characters; protects nothing.
std::string content_mark(std::string_view bytes);

}   // namespace gateway::digital_post
