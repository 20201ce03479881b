#include "gateway/sdk/scopes.hpp"

#include <algorithm>

namespace gateway::sdk {

std::vector<std::string> scopes_in(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    std::vector<std::string> scopes;
    for (auto begin = text.find_first_not_of(blank); begin != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(blank, begin), text.size());
        scopes.emplace_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(blank, end);
    }
    return scopes;
}

}   // namespace gateway::sdk
