#pragma once

// Commands of the inbox, as the tests of this folder give them.

#include "worlds.hpp"

namespace tests {

inline ports::InboundCommand inbound(Commands& commands, const std::string& dedupe,
                                     const std::vector<core::SystemId>& copies = {visma}) {
    ports::InboundCommand command;
    command.tenant = oslo;
    command.id = commands.ids->next<core::InboxId>();
    command.connection = altinn;
    command.dedupe_key = dedupe;
    command.type = "form/v1";
    command.at = commands.now();
    command.sealed_content = "sealed " + dedupe;
    command.sealed_raw = "raw " + dedupe;
    command.wrapped_key = "key " + dedupe;
    command.copies = copies;
    for (std::size_t i = 0; i < copies.size(); ++i) {
        command.event_ids.push_back(commands.ids->next<core::EventId>());
    }
    return command;
}

/// Its adapter is to be told, before the time if there is one.
inline ports::InboundCommand telling(ports::InboundCommand command,
                                     std::optional<core::Time> answer_by = {}) {
    command.telling.emplace();
    command.telling->answer_by = answer_by;
    return command;
}

inline std::vector<core::EventId> event_ids(Commands& commands, std::size_t count) {
    std::vector<core::EventId> ids;
    for (std::size_t i = 0; i < count; ++i) {
        ids.push_back(commands.ids->next<core::EventId>());
    }
    return ids;
}

inline ports::InboxLease lease_for(Commands& commands, const core::SystemId& system) {
    ports::InboxLease command;
    command.tenant = oslo;
    command.system = system;
    command.types = {"form", "transfer"};
    command.now = commands.now();
    command.until = commands.now() + 30s;
    command.deliveries_max = 3;
    command.event_ids = event_ids(commands, command.limit);
    return command;
}

inline ports::InboxSettle settle(Commands& commands, const ports::InboxItem& item,
                                 bool acknowledged = true) {
    ports::InboxSettle command;
    command.tenant = oslo;
    command.system = item.system;
    command.id = item.id;
    command.lease = item.lease;
    command.at = commands.now();
    command.acknowledged = acknowledged;
    command.sealed_answer = "answer of " + item.system.value;
    command.event_id = commands.ids->next<core::EventId>();
    return command;
}

inline ports::InboxReplay replay(Commands& commands, core::InboxId id,
                                 std::optional<core::SystemId> system = {}) {
    ports::InboxReplay command;
    command.tenant = oslo;
    command.id = id;
    command.system = std::move(system);
    command.at = commands.now();
    command.event_ids = event_ids(commands, 4);
    command.params = {{"who", "drift"}};
    return command;
}

inline ports::SettlementClaim settlements(Commands& commands) {
    ports::SettlementClaim command;
    command.now = commands.now();
    command.again_at = commands.now() + 60s;
    command.event_ids = event_ids(commands, 8);
    return command;
}

}   // namespace tests
