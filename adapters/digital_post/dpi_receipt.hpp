#pragma once

// Receipts as operators sign them, from bytes to news of a delivery. Nothing is believed here that
// the signature does not cover; the signature itself is judged by dpi_trust. Pure.
// Facts: DPI's receipt schemas; docs.digdir.no, "kvitteringer".

#include "gateway/core/ids.hpp"
#include "gateway/sdk/outcome.hpp"
#include "gateway/seal/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::digital_post {

inline constexpr std::size_t receipt_bytes_max = 1U << 20U;

/// A JWS taken apart.
struct SignedMessage {
    std::vector<std::string> certificates;   // DER, leaf first, as the header has them
    std::string signing_input;
    std::string signature;
    std::string payload;

    SignedMessage() = default;
};

/// `digital_post.receipt_malformed` {part}: no compact JWS, another algorithm than RS256, an
/// extension that must be understood, no certificate, or too many bytes.
seal::Judged<SignedMessage> read_signed(std::string_view jws);

struct ReceiptFacts {
    std::string id;   // instanceIdentifier: what is marked read; lower-case UUID
    std::string type;
    std::string sender_organisation;   // of the header: whose certificate must have signed
    core::DeliveryId conversation;
    sdk::Receipt receipt;

    ReceiptFacts() = default;
};

/// `digital_post.receipt_against_schema` {pointer, rule}, `digital_post.receipt_malformed` {part}.
seal::Judged<ReceiptFacts> read_receipt(std::string_view payload);

/// The id of a message whose payload may say anything; empty when it has none.
std::string id_in_payload(std::string_view payload);

}   // namespace gateway::digital_post
