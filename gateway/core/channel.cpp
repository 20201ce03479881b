#include "gateway/core/channel.hpp"

namespace gateway::core {

std::string_view to_string(Channel channel) noexcept {
    switch (channel) {
    case Channel::paper: return "paper";
    case Channel::portal: return "portal";
    case Channel::digital: break;
    }
    return "digital";
}

std::optional<Channel> parse_channel(std::string_view text) noexcept {
    for (const auto channel : {Channel::digital, Channel::paper, Channel::portal}) {
        if (to_string(channel) == text) {
            return channel;
        }
    }
    return std::nullopt;
}

bool is_digital(Channel channel) noexcept {
    return channel != Channel::paper;
}

}   // namespace gateway::core
