#pragma once

// The forretningsmelding as corner 2 reads it: a compact JWS around one business document. Facts:
// wire notes 2.3.

#include "adapters/digital_post/standin/problem.hpp"
#include "adapters/digital_post/standin/shapes.hpp"
#include "adapters/digital_post/standin/trust.hpp"
#include "gateway/core/time.hpp"

#include <string>
#include <variant>

namespace gateway::digital_post::standin {

struct BusinessMessage {
    std::string type;           // "digital" or "utskrift"
    std::string id;             // lower case
    std::string conversation;   // lower case
    std::string process;        // identifier of the scope
    std::string signer;         // organisation number in the certificate
    std::string header_sender;
    std::string receiver;      // operator
    std::string avsender;      // whose letter it is
    std::string sender_unit;   // avsenderidentifikator
    std::string digest;        // SHA-256 of the package, base64
    std::string token;
    core::Time created;
    json::Value body;   // under the type's name, without its token
};

/// Signature, certificate, schema, and what the document says about itself. 400 otherwise.
std::variant<BusinessMessage, Refusal> read_business_message(const std::string& compact,
                                                             const Shapes& shapes,
                                                             const Trust& trust,
                                                             std::int64_t unix_seconds);

/// "0192:991825827" -> "991825827"; empty for anything else.
std::string organisation_number(const json::Value& identifier);

}   // namespace gateway::digital_post::standin
