#pragma once

// What policy chose for a delivery, and what was tried before it: kept with the delivery as plain
// JSON (never personal), so that a fall-back goes on where the one before ended.

#include "gateway/core/configuration.hpp"
#include "gateway/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::route {

/// Why a delivery is there.
enum class Cause {
    first,     // the message's own
    refused,   // the component refused the one before
    failed,    // a receipt said that the one before failed or came back
    gave_up,   // the one before was not handed over in time
    unread,    // nobody opened the one before: a copy on paper
};

std::string_view to_string(Cause) noexcept;

struct Trail {
    Cause cause = Cause::first;
    std::string route;                      // the position is one of this route's
    std::size_t position = 0;               // of the choice used last, from 1; 0: none yet
    std::vector<core::RouteTarget> tried;   // connection and `with` of the deliveries before
    bool asked = false;        // the contact register was asked: what takes over asks it again
    bool paper_only = false;   // a copy of an unopened letter, or what follows one
    std::optional<core::Time> expires_at;   // the message's own limit; a choice may give up earlier

    Trail() = default;
    bool has_tried(const core::RouteTarget& target) const;
};

std::string write(const Trail& trail);
/// Of what write() made; anything else reads as an empty trail.
Trail read_trail(std::string_view text);

}   // namespace gateway::route
