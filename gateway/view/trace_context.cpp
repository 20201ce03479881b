#include "gateway/view/trace_context.hpp"

#include "gateway/core/ids.hpp"

#include <algorithm>
#include <array>

namespace gateway::view {

std::string trace_of(std::string_view traceparent, core::Randomness& random) {
    const bool fits = traceparent.size() == 55 && traceparent.substr(0, 3) == "00-" &&
                      traceparent[35] == '-' && traceparent.substr(3, 32) != std::string(32, '0') &&
                      std::all_of(traceparent.begin() + 3, traceparent.begin() + 35, [](char c) {
                          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                      });
    if (fits) {
        return std::string(traceparent.substr(3, 32));
    }
    std::array<std::uint8_t, 16> bytes{};
    random.random(bytes);
    return core::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string traceparent_of(const std::string& trace, core::Randomness& random) {
    std::array<std::uint8_t, 8> span{};
    random.random(span);
    std::string text;
    text.reserve(55);
    text.append("00-").append(trace).append("-");
    text.append(core::to_hex({reinterpret_cast<const char*>(span.data()), span.size()}));
    text.append("-01");
    return text;
}

}   // namespace gateway::view
