#pragma once

// What an inbound message is at rest: one JSON object, sealed.

#include "gateway/json/value.hpp"
#include "gateway/sdk/inbound_message.hpp"
#include "gateway/sdk/receiver.hpp"

#include <string>
#include <vector>

namespace gateway::app {

/// `marks` are what a receiving system should know of it: "not_scanned".
json::Value inbound_content(const sdk::InboundMessage& message,
                            const std::vector<std::string>& marks);

/// What is kept of an oddity beside its bytes.
json::Value oddity_content(const sdk::Oddity& oddity);

inline constexpr std::size_t memo_bytes_max = 4096;

/// What stands wrong in a message an adapter hands over; empty when nothing does.
std::string mistake_in(const sdk::InboundMessage& message);

}   // namespace gateway::app
