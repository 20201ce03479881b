#pragma once

// protocol/v1 as Fiks IO takes it: what is checked before it is accepted, and what becomes of it.
// Pure.

#include "adapters/fiks_io/fiks_answering.hpp"
#include "adapters/fiks_io/fiks_settings.hpp"
#include "gateway/json/value.hpp"

#include <span>
#include <string>
#include <vector>

namespace gateway::fiks_io {

/// Everything that keeps a protocol/v1 message (valid by its schema) from being a message of its
/// protocol, all at once. `documents` may be fewer than the message names (a dry run).
std::vector<core::Problem> check_message(const json::Value& message,
                                         std::span<const core::DocumentRef> documents);

/// What is wrong with a payload that a schema of ours describes; nothing for any other.
/// `fiks_io.payload_invalid` {pointer, keyword} at `where`.
std::vector<core::Problem> check_payload(const MessageType& type, const json::Value& payload,
                                         const std::string& where);

/// Whether check_payload() knows this type's payload.
bool has_payload_schema(const MessageType& type);

/// A delivery as it goes out, without the account it goes out from.
struct Prepared {
    Outgoing message;
    const MessageType* type = nullptr;   // never null once prepared
    RouteSettings route;

    Prepared() = default;
};

/// Of a protocol/v1 or archive/v1 delivery. `invalid_argument` when content is not what was checked
/// at accept.
core::Result<Prepared> prepare(const core::Delivery& delivery);

/// The first answer is overdue after this; nothing where no answer is to come.
std::optional<std::chrono::seconds> first_answer_within(const Prepared& prepared);

}   // namespace gateway::fiks_io
