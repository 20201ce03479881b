#pragma once

// What accepting makes of a message: defaults, resolved documents, search tokens, the sealed
// command. Pure but for the ids and random bytes it is given.

#include "gateway/core/configuration.hpp"
#include "gateway/core/delivery.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/route/choose.hpp"
#include "gateway/sdk/ids.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace gateway::app {

/// contract.md "letter": the defaults, so that nobody further on guesses.
void fill_defaults(json::Value& message);

/// Puts sha256, size and media type into a document of the message; its part name goes.
void resolve(json::Value& document, const ports::StoredDocument& stored);
core::DocumentRef reference_to(const json::Value& document, const ports::StoredDocument& stored);
/// Of resolved content, in its order.
std::vector<core::DocumentRef> references_in(const json::Value& content);

/// notBefore and expiresAt against each other and against now.
std::vector<core::Problem> check_times(const json::Value& message, core::Time now);

/// A type name that may be echoed: short, letters, digits, '/', '-'.
std::string printable_type(const std::string& type);

struct MessageFacts {
    const ports::IntakeRequest& request;
    const std::string& type;
    json::Value& content;   // given away to its command
    const std::vector<core::DocumentRef>& documents;
    const route::Decision& decision;   // chosen, or open until the contact register is asked
};

/// The way that was chosen, as a delivery keeps it; `expires_at` is the message's own limit.
ports::ChosenWay chosen_way(const route::Decision& decision, route::Trail before,
                            std::optional<core::Time> expires_at, core::Time now);

ports::AcceptCommand accept_command(const MessageFacts& facts, const crypto::Vault& vault,
                                    sdk::Ids& ids, core::Time now, std::chrono::hours lifetime);

}   // namespace gateway::app
