#pragma once

// What Fiks IO says of a message that it delivers, out of AMQP's headers. Pure.
// Facts: ks-no/fiks-io-commons, FiksIOHeaders.java; fiks-io-client-dotnet,
// ReceivedMessageParser.cs.

#include "adapters/fiks_io/amqp/amqp_methods.hpp"
#include "gateway/core/code.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::fiks_io {

struct Envelope {
    std::string id;             // melding-id: new for every send, also of the same message again
    std::string type;           // message type
    std::string sender;         // account, UUID in lower case
    std::string answers;        // svar-til: the melding-id of what it answers
    std::string answers_type;   // svar-til-type
    std::string stored_elsewhere;   // dokumentlager-id: its payload is there
    std::string client_id;          // klientMeldingId: the same however often it is sent
    std::string correlation;        // klientKorrelasjonsId
    std::vector<std::pair<std::string, std::string>> headers;   // the sender's own, without prefix

    Envelope() = default;
    /// The same for one message, however often it is sent or delivered; 1-200 bytes.
    std::string dedupe_id(const std::string& account) const;
};

/// An envelope as far as it can be read, and what is wrong with it: `fiks_io.header_missing`,
/// `fiks_io.header_not_text`, `fiks_io.header_wrong`, each {header}.
struct ReadEnvelope {
    Envelope envelope;
    core::Code fault;   // empty: none
    core::Params params;
    std::size_t odd = 0;   // headers that are no text and do not matter: passed over

    ReadEnvelope() = default;
};

ReadEnvelope read_envelope(const amqp::MessageHead& head);

/// "fiksio.konto.<account>"
std::string queue_of(const std::string& account);

}   // namespace gateway::fiks_io
