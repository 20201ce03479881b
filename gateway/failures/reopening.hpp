#pragma once

// A person's wish that a message is carried anew, as a command to the store: for one message, and
// for each of a group.

#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/ids.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace gateway::failures {

/// Whose wish: `why` may name a person, so it is sealed with the message.
struct Wish {
    std::string who;
    std::string why;

    Wish() = default;
    Wish(std::string by, std::string reason) : who(std::move(by)), why(std::move(reason)) {}
};

/// What it was accepted with; null when it cannot be opened.
json::Value opened_content(const ports::MessageView& message, const crypto::Vault& vault);

/// A line of the message's timeline.
ports::NewEvent event_of(const Wish& wish, const char* name, const ports::MessageView& message,
                         const crypto::Vault& vault, sdk::Ids& ids, core::Time now);

/// Nothing when it cannot be sent any more: it cannot be read, or the sender's own time limit has
/// passed, which is not ours to move. The connection is chosen anew.
std::optional<ports::RetryCommand> reopen(const core::TenantId& tenant,
                                          const ports::MessageView& message,
                                          const crypto::Vault& vault, core::DeliveryId next,
                                          std::chrono::seconds lifetime, core::Time now);

}   // namespace gateway::failures
