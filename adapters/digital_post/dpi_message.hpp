#pragma once

// The forretningsmelding (business message): a Standard Business Document in JSON, signed as a JWS
// by the business certificate, as corner 2 takes it. Pure.
// Facts: schemas `digital` and `utskrift`; docs.digdir.no, struktur_forretningsmelding; the
// official samples.

#include "adapters/digital_post/dpi_contact.hpp"
#include "adapters/digital_post/dpi_letter.hpp"

#include <string>

namespace gateway::digital_post {

/// What the message says of its package and its way there.
struct MessageFacts {
    core::Time now{};
    std::string receiver;         // operator's organisation
    std::string package_sha256;   // 32 bytes, of the envelope as it is sent
    std::string token;            // the very one of the Authorization header

    MessageFacts() = default;
};

/// instanceIdentifier of the message; conversation and message are one, and both are the delivery.
std::string message_id(const core::Delivery& delivery);

/// The body `digital`: to `mailbox`, with `notices` (null: none), for a person whose own language
/// is `persons_language`.
json::Value digital_body(const Letter& letter, const Parties& parties, const std::string& mailbox,
                         const json::Value& notices, const std::string& persons_language);

/// The body `utskrift`. The letter has an address, the route a return address where the letter has
/// none.
json::Value print_body(const Letter& letter, const Parties& parties);

/// The whole document around a body, which gets fingerprint and token here.
json::Value business_message(const Letter& letter, const Parties& parties, json::Value body,
                             const MessageFacts& facts);

/// The JWS's header: the leaf alone, in a list of one.
std::string jws_header(const std::string& leaf_der);

}   // namespace gateway::digital_post
