#pragma once

// Commands to the store and its answers, apart from messages: inbound items, documents, state,
// credentials, configuration, subscriptions.

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

struct Subscription {
    core::TenantId tenant;
    core::SystemId system;
    core::Uuid id;
    std::string sealed_settings;
    core::Time created{};

    Subscription() = default;
};

}   // namespace gateway::ports
