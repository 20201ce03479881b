#pragma once

// What an inbound message is at rest: one JSON object, sealed.

#include "gateway/json/value.hpp"
#include "gateway/sdk/inbound_message.hpp"

#include <string>
#include <vector>

namespace gateway::app {

/// `marks` are what a receiving system should know of it: "not_scanned".
json::Value inbound_content(const sdk::InboundMessage& message,
                            const std::vector<std::string>& marks);

/// What stands wrong in a message an adapter hands over; empty when nothing does.
std::string mistake_in(const sdk::InboundMessage& message);

}   // namespace gateway::app
