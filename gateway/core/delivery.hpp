#pragma once

// What an adapter is given to carry: one delivery of one message by one connection, opened
// (unsealed).

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::core {

/// A document of the message, already in the document store.
struct DocumentRef {
    Sha256 sha256;
    std::string md5_hex;   // 32 lower-case characters
    std::uint64_t size = 0;
    std::string name;         // file name
    std::string title;        // shown to the recipient
    std::string media_type;   // "application/pdf"

    DocumentRef() = default;
};

struct Delivery {
    TenantId tenant;
    SystemId system;
    MessageId message;
    DeliveryId id;
    std::string type;           // "letter/v1"
    int attempt = 0;            // 1 for the first
    std::string upstream_key;   // the component's idempotency key, fixed before the first attempt
    std::string upstream_reference;   // the component's own id once known, else empty
    std::string content;              // the message as JSON, defaults filled in, documents resolved
    std::string settings;             // the route's `with` for this connection, JSON object
    std::vector<DocumentRef> documents;
    Time accepted_at{};
    std::optional<Time> not_before;
    std::optional<Time> expires_at;

    Delivery() = default;
};

}   // namespace gateway::core
