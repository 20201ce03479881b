#pragma once

// What a message that came in means: news of one that we sent, or something for the specialist
// systems. Pure.

#include "adapters/fiks_io/fiks_package.hpp"
#include "adapters/fiks_io/protocols.hpp"
#include "adapters/fiks_io/receiver_envelope.hpp"
#include "adapters/fiks_io/receiver_memo.hpp"
#include "gateway/sdk/inbound_message.hpp"
#include "gateway/sdk/outcome.hpp"

#include <optional>
#include <string>

namespace gateway::fiks_io {

/// A message with everything that was found out about it.
struct Arrived {
    const Account* account = nullptr;   // ours
    const MessageType* type = nullptr;
    Envelope envelope;
    std::string organisation;   // of the sender's account; empty: not known
    std::string organisation_name;
    std::optional<OpenedPackage> package;   // nothing: it has no payload
    std::string payload;                    // the text of its first file, where it had to be read
    core::Time at{};

    Arrived() = default;
};

/// What an answer says of the message that it answers. `unreadable`: its payload could not be
/// opened, so nobody knows how it went.
sdk::Receipt receipt_of(const Arrived& answer, bool unreadable);

/// Whether the text of the answer's first file decides what it means.
bool is_told_by_payload(const MessageType& answer);

/// For the inbox: `protocol/v1`, or `archiveanswer/v1` for what Fiks Arkiv was asked for.
sdk::InboundMessage message_of(const Arrived& arrived);

/// An answer whose files are for the system that asked, beside the receipt.
bool is_for_inbox(const Arrived& answer);

}   // namespace gateway::fiks_io
