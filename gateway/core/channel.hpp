#pragma once

// What kind of way a letter takes to its recipient, apart from which component carries it.

#include <optional>
#include <string_view>

namespace gateway::core {

enum class Channel : unsigned char {
    /// A mailbox of the recipient's own. The gateway asks the contact register before it is used
    /// for a person.
    digital = 1,
    /// Printed and posted.
    paper = 2,
    /// A portal that minds reservations itself and refuses a reserved person (Altinn).
    portal = 3,
};

std::string_view to_string(Channel) noexcept;   // "digital", "paper", "portal"
std::optional<Channel> parse_channel(std::string_view) noexcept;
/// Read on a screen: all but paper.
bool is_digital(Channel) noexcept;

}   // namespace gateway::core
