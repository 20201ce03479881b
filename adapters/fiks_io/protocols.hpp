#pragma once

// Fiks' protocols as data: every message type, what it carries, what may answer it, and who gives
// the answer. The data are protocols/*.json; a protocol is added by adding a file there
// (README.md). Read once; any thread.

#include "gateway/core/failure.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::fiks_io {

/// Who causes the first answer (`received`) to a message that came in.
enum class AnswerOwner {
    none,        // there is no such answer: a query is answered by its result alone
    transport,   // the gateway, as soon as the message is stored
    system,      // only what the specialist system makes of it
};

/// What an answer says of the message it answers.
enum class Meaning {
    received,   // it is there: "mottatt"
    done,       // it was worked through, and how that went stands inside: "kvittering", "resultat"
    refused,    // it could not be: "feilmelding...."
    undelivered,   // Fiks IO's own word: it did not come through
};

enum class Maturity { finished, pilot, test, paused };

struct MessageType {
    std::string name;       // "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett"
    std::string protocol;   // "no.ks.fiks.arkiv.v1"
    std::string group;      // the protocol's title, for people
    Maturity maturity = Maturity::finished;

    /// Files that it carries, by name; none: it has no payload.
    std::vector<std::string> payload;
    /// What the first of them is also called.
    std::vector<std::string> payload_also;
    /// One file of a name the sender chooses (a document that was asked for).
    bool payload_of_any_name = false;

    /// Nothing: it opens a dialogue.
    std::optional<Meaning> means;
    /// Another spelling that peers may write: taken, never sent.
    bool misspelt = false;

    // Of a message that opens a dialogue:
    std::vector<std::string> answers;   // all that may come, also "feilmelding...."
    AnswerOwner owner = AnswerOwner::none;
    std::string received;       // the answer when it is taken; empty: there is none
    std::string not_taken;      // when the system rejects it, where there is one ("feilet")
    std::string invalid;        // when it cannot be read: "feilmelding.ugyldigforespoersel"
    std::string failed;         // when we fail: "feilmelding.serverfeil"
    std::string error_format;   // of these three, and of themselves: "json", "xml", "melding"
    std::chrono::hours first_within{24};   // the first answer is overdue after this
    std::chrono::hours done_within{168};   // the last
    bool needs_client_id = false;          // klientMeldingId is mandatory by the protocol

    MessageType() = default;
    bool opens() const { return !means.has_value(); }
    bool has_payload() const { return !payload.empty() || payload_of_any_name; }
    bool may_be_answered_by(std::string_view type) const;
    /// A file by this name is one of its payload's.
    bool takes_file(std::string_view file) const;
};

/// Null: not in the table.
const MessageType* find(std::string_view name);
/// Every type, by name.
const std::vector<MessageType>& all_types();

/// Reads one file of protocols/. `malformed` with what is wrong.
core::Result<std::vector<MessageType>> read_protocol(std::string_view file, std::string_view json);

// What Fiks IO itself sends, whatever the protocol. No payload that can be relied on.
inline constexpr std::string_view timed_out_type = "no.ks.fiks.kvittering.tidsavbrudd";
inline constexpr std::string_view server_error_type = "no.ks.fiks.kvittering.serverfeil.v1";
/// Of older peers: accepted, never sent.
inline constexpr std::string_view invalid_request_type =
    "no.ks.fiks.kvittering.ugyldigforespoersel.v1";

}   // namespace gateway::fiks_io
