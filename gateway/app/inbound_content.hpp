#pragma once

// What an inbound message is at rest: one JSON object, sealed.

#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/store_inbox_types.hpp"
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

/// A sealed JSON object of an item; null when it does not open.
json::Value opened_inbound(const crypto::ContentKey* key, const char* purpose, core::InboxId id,
                           const std::string& sealed);

sdk::Settlement settlement_of(ports::SettlementKind kind);

inline constexpr std::size_t memo_bytes_max = 4096;

/// What stands wrong in a message an adapter hands over; empty when nothing does.
std::string mistake_in(const sdk::InboundMessage& message);

}   // namespace gateway::app
