#include "adapters/common/altinn/peer_values.hpp"

#include <algorithm>

namespace gateway::altinn_platform {
namespace {

constexpr std::size_t name_max = 255;

}   // namespace

std::string organisation_in(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const std::string_view digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
    const bool fits = digits.size() == 9 && std::all_of(digits.begin(), digits.end(), [](char c) {
                          return c >= '0' && c <= '9';
                      });
    return fits ? std::string(digits) : std::string();
}

std::string safe_file_name(std::string_view given) {
    std::size_t end = std::min(given.size(), name_max);
    while (end > 0 && end < given.size() &&
           (static_cast<unsigned char>(given[end]) & 0xC0U) == 0x80U) {
        --end;   // inside a UTF-8 character
    }
    std::string name;
    for (const char c : given.substr(0, end)) {
        const auto byte = static_cast<unsigned char>(c);
        name += byte < 0x20U || byte == 0x7FU || c == '/' || c == '\\' ? '_' : c;
    }
    return name.empty() || name == "." || name == ".." ? "fil" : name;
}

}   // namespace gateway::altinn_platform
