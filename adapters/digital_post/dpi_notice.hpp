#pragma once

// Notices by e-mail and SMS (`varsler`). They leave the mailbox operator unencrypted, so they never
// name what a decision is about; and they are ordered only for who may be notified. Pure.

#include "adapters/digital_post/dpi_contact.hpp"
#include "adapters/digital_post/dpi_settings.hpp"

namespace gateway::digital_post {

/// What is wrong with the notice of a letter that goes to a digital mailbox.
std::vector<core::Problem> check_notice(const json::Value& letter);

/// A line for the timeline.
struct Note {
    core::Code code;
    core::Params params;

    Note(core::Code what, core::Params with) : code(std::move(what)), params(std::move(with)) {}
};

struct Notices {
    json::Value order;   // varsler; null: none, the operator gives its own
    std::vector<Note>
        notes;   // what was asked for and cannot be, and what costs more than it looks

    Notices() = default;
};

/// What of the notice asked for can be ordered today. Without words of its own a letter orders
/// none: the mailbox operator's standard notice goes out as the citizen wants it.
Notices order_notices(const json::Value& notify, const Contact& contact,
                      const std::vector<int>& default_days, core::Time now);

}   // namespace gateway::digital_post
