#pragma once

// What there is of accepted messages, table by table: of one, or of all that a transaction
// accepts, several rows by each statement.

#include "gateway/ports/store_types.hpp"
#include "gateway/store/delivery_rules.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace gateway::store::sqlite {

/// With its numbers, which it got when it was judged. The command is its caller's, who keeps it
/// until the transaction ends.
struct AcceptedMessage {
    const ports::AcceptCommand* command;
    DeliveryRecord delivery;
    std::uint64_t content;              // its number
    std::uint64_t first_position = 0;   // of its events

    AcceptedMessage(const ports::AcceptCommand& what, DeliveryRecord record, std::uint64_t number)
        : command(&what), delivery(std::move(record)), content(number) {}
};

/// First of all. False when an id is taken; of several, others may be written then.
bool insert_messages(Database&, const std::vector<AcceptedMessage>&);
/// Content, keys, tokens, deliveries and events.
void insert_parts(Database&, const std::vector<AcceptedMessage>&);

}   // namespace gateway::store::sqlite
