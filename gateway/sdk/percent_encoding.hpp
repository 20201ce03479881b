#pragma once

// RFC 3986, 2.1: what may stand anywhere in an address.

#include <string>
#include <string_view>

namespace gateway::sdk {

/// Everything but unreserved characters escaped, byte by byte.
std::string percent_encoded(std::string_view text);

}   // namespace gateway::sdk
