#pragma once

// Scopes of an access token as configuration writes them: words in one text (RFC 6749 3.3).

#include <string>
#include <string_view>
#include <vector>

namespace gateway::sdk {

std::vector<std::string> scopes_in(std::string_view text);

}   // namespace gateway::sdk
