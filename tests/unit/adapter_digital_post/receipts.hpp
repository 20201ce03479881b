#pragma once

// Receipts as operators make them, for tests.

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/json/value.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <string>

namespace receipts {

namespace json = gateway::json;

inline constexpr const char* mailbox_operator = "984661185";
inline constexpr const char* receipt_id = "ff88849c-e281-4809-8555-7cd54952b916";

/// A receipt of this type about `conversation`, with more members in its body.
inline json::Value receipt(const std::string& type, const std::string& more = {},
                           const std::string& conversation = letters::delivery_id,
                           const std::string& process = "digital",
                           const std::string& id = receipt_id) {
    const auto party = [](const std::string& organisation) {
        return R"({"authority":"iso6523-actorid-upis","value":"0192:)" + organisation + "\"}";
    };
    const std::string text =
        R"({"standardBusinessDocument":{"standardBusinessDocumentHeader":{"headerVersion":"1.0",)"
        R"("sender":[{"identifier":)" +
        party(mailbox_operator) + R"(}],"receiver":[{"identifier":)" +
        party(letters::municipality) +
        R"(}],"documentIdentification":{"standard":"urn:x","typeVersion":"1.0",)"
        R"("instanceIdentifier":")" +
        id + R"(","type":")" + type +
        R"(","creationDateAndTime":"2026-11-22T10:00:52+01:00"},"businessScope":{"scope":[)"
        R"({"type":"ConversationId","instanceIdentifier":")" +
        conversation +
        R"(","identifier":"urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:)" + process +
        R"(:ver1.0","scopeInformation":[{"expectedResponseDateTime":"2026-11-23T00:00:00Z"}]}]}},")" +
        type + R"(":{"avsender":{"virksomhetsidentifikator":)" + party(mailbox_operator) +
        R"(},"mottaker":{"virksomhetsidentifikator":)" + party(letters::municipality) +
        R"(,"motakeridentifikator":"x"},"tidspunkt":"2026-11-22T10:00:50+01:00")" + more + "}}}";
    return letters::parsed(text);
}

/// Compact, with this certificate in its header; `signature` is whatever it is.
inline std::string jws(const json::Value& payload, const std::string& certificate,
                       const std::string& signature) {
    const std::string header =
        R"({"x5c":[")" + gateway::crypto::base64_encode(certificate) + R"("],"alg":"RS256"})";
    return gateway::crypto::jws_compact(
        gateway::crypto::jws_signing_input(header, json::write(payload)), signature);
}

}   // namespace receipts
