#pragma once

// Where a document's bytes lie. The name tells nothing to who lacks the tenant's key, and the hash
// to who has it: so a file without a record can be found and removed after a crash.

#include "gateway/core/ids.hpp"
#include "gateway/crypto/vault.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::documents {

inline constexpr std::string_view root_folder = "documents";
inline constexpr std::string_view spool_name = "spool";

/// 64 hex digits of HMAC(hash), 64 of the hash masked by HMAC(those), a dot, 16 of the wrapped
/// key's SHA-256. Two uploads of the same bytes have different keys, hence different names: neither
/// can overwrite the other.
std::string file_name(const crypto::Vault& vault, const core::Sha256& hash,
                      std::string_view wrapped_key);

struct NameParts {
    core::Sha256 hash;
    std::string key_tag;

    NameParts(core::Sha256 of, std::string tag) : hash(of), key_tag(std::move(tag)) {}
};
/// Nothing when it is not a name made under this tenant's key.
std::optional<NameParts> read_file_name(const crypto::Vault& vault, std::string_view name);
std::string key_tag(std::string_view wrapped_key);

std::string tenant_folder(const core::TenantId& tenant);
std::string spool_folder(const core::TenantId& tenant);
/// The folder of a file name: its first two digits.
std::string final_folder(const core::TenantId& tenant, std::string_view name);
/// Digits and letters only: a tenant id is part of a path.
bool is_path_safe(const core::TenantId& tenant);

}   // namespace gateway::documents
