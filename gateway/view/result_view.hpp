#pragma once

// What happened to the recipient's copy, read off the deliveries and the timeline: which way it
// went and why, and when it could be read, was told of, opened, printed, came back. Pure.

#include "gateway/json/value.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/texts/texts.hpp"

#include <string>
#include <vector>

namespace gateway::view {

struct ResultFacts {
    const ports::MessageView& message;
    const std::vector<ports::StoredEvent>& events;   // of the message, oldest first
    std::string adapter;   // that carries the newest delivery; may be empty
    std::string kind;      // of the letter; may be empty
    json::Value said;      // what the component made of it: its members are shown beside ours

    ResultFacts(const ports::MessageView& of, const std::vector<ports::StoredEvent>& timeline)
        : message(of), events(timeline) {}
};

/// A member is there when it has happened. A delivery that failed or came back made nothing
/// available; of several that did, the first counts.
json::Value result_view(const ResultFacts& facts, texts::Language language);

}   // namespace gateway::view
