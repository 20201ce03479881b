#include "gateway/http/message.hpp"

namespace gateway::http {

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

}   // namespace gateway::http
