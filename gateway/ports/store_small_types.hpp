#pragma once

// Commands to the store and its answers, apart from messages: inbound items, documents, state,
// credentials, configuration.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

struct InboundCommand {
    core::TenantId tenant;
    core::InboxId id;
    core::ConnectionId connection;
    std::string dedupe_key;
    std::string type;
    core::Time at{};
    std::string sealed_content;
    std::string wrapped_key;
    std::vector<core::Sha256> documents;
    std::vector<core::SystemId>
        copies;   // each its own copy and acknowledgement; empty: quarantined
    std::string order_token;
    // Of a quarantined one, beside its sealed bytes:
    core::Code code;   // what is wrong with it
    core::Params params;
    std::string media_type;
    std::uint64_t content_bytes = 0;   // before sealing
    bool tenant_known = true;          // false: nobody's as far as we can tell; kept for this one

    InboundCommand() = default;
};

enum class InboundAnswer { stored, duplicate };

struct InboxLease {
    core::TenantId tenant;
    core::SystemId system;
    core::Time now{};
    core::Time until{};
    std::size_t limit = 20;

    InboxLease() = default;
};

struct InboxItem {
    core::InboxId id;
    core::ConnectionId connection;
    std::string type;
    core::Time at{};
    std::string sealed_content;
    std::string wrapped_key;
    core::Fence lease;
    core::Time lease_until{};
    int deliveries = 0;

    InboxItem() = default;
};

struct InboxSettle {
    core::TenantId tenant;
    core::SystemId system;
    core::InboxId id;
    core::Fence lease;
    bool acknowledged = true;   // false: rejected
    core::Code reason;
    core::Time at{};

    InboxSettle() = default;
};

struct QuarantineQuery {
    core::TenantId tenant;
    bool resolved = false;      // those a person has settled, else those that wait
    std::uint64_t before = 0;   // `number` of the last one of the page before; 0: from the newest
    std::size_t limit = 50;

    QuarantineQuery() = default;
};

/// Something that could not be handled. Which connection and why stand openly, the rest is sealed.
struct QuarantinedItem {
    core::TenantId tenant;
    bool tenant_known = true;
    core::InboxId id;
    std::uint64_t number = 0;   // grows
    core::ConnectionId connection;
    core::Time at{};
    core::Code code;
    core::Params params;
    std::string media_type;
    std::uint64_t content_bytes = 0;
    std::optional<core::Time> resolved;
    std::string resolved_by;
    std::string sealed_reason;
    std::string sealed_content;   // of a single one; empty in a list
    std::string wrapped_key;      // likewise

    QuarantinedItem() = default;
};

struct ResolveCommand {
    core::TenantId tenant;
    core::InboxId id;
    core::Time at{};
    std::string who;
    std::string sealed_reason;

    ResolveCommand() = default;
};

struct DocumentRecord {
    core::TenantId tenant;
    core::Sha256 hash;
    std::string md5_hex;
    std::uint64_t size = 0;
    std::string wrapped_key;
    core::SystemId uploader;
    core::Time created{};

    DocumentRecord() = default;
};

struct StateEntry {
    std::string value;
    std::uint64_t version = 0;

    StateEntry() = default;
};

struct Credential {
    std::string key_id;
    core::TenantId tenant;
    core::SystemId system;
    std::string kind;          // "system" | "admin"
    std::string secret_hash;   // SHA-256, 32 bytes
    core::Time created{};
    std::optional<core::Time> revoked;
    std::string note;

    Credential() = default;
};

struct ConfigVersion {
    std::uint64_t version = 0;   // given by the store
    core::Time at{};
    std::string who;
    std::string why;
    std::string files;   // JSON: file name -> text

    ConfigVersion() = default;
};

}   // namespace gateway::ports
