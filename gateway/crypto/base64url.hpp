#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gateway::crypto {

std::string base64url_encode(std::string_view bytes);   // no padding
std::optional<std::string>
base64url_decode(std::string_view text);             // no padding, no other character, canonical
std::string base64_encode(std::string_view bytes);   // RFC 4648 section 4, padded, one line
std::optional<std::string> base64_decode(std::string_view text);   // padded, strict

}   // namespace gateway::crypto
