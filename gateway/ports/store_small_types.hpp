#pragma once

// Commands to the store and its answers, apart from messages and inbound items: documents, state,
// credentials, configuration.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

struct DocumentRecord {
    core::TenantId tenant;
    core::Sha256 hash;
    std::string md5_hex;
    std::uint64_t size = 0;
    std::string wrapped_key;
    core::SystemId uploader;
    core::Time created{};
    std::string sealed;   // its bytes, where they lie here and not in a file

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
