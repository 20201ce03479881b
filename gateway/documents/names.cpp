#include "gateway/documents/names.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace gateway::documents {
namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::size_t tag_digits = 16;

std::string token_of(const crypto::Vault& vault, const core::Sha256& hash) {
    return vault.fingerprint("document name" + hash.to_bytes());
}

/// The hash hidden, or the hidden hash shown: the mask depends on the token, which depends on all
/// of the hash.
std::string masked(const crypto::Vault& vault, const std::string& token, std::string_view bytes) {
    std::string mask = vault.fingerprint("document mask" + token);
    for (std::size_t i = 0; i < mask.size(); ++i) {
        mask[i] = static_cast<char>(mask[i] ^ bytes[i]);
    }
    return mask;
}

}   // namespace

std::string key_tag(std::string_view wrapped_key) {
    return crypto::sha256(wrapped_key).to_hex().substr(0, tag_digits);
}

std::string file_name(const crypto::Vault& vault, const core::Sha256& hash,
                      std::string_view wrapped_key) {
    const std::string token = token_of(vault, hash);
    return core::to_hex(token) + core::to_hex(masked(vault, token, hash.to_bytes())) + "." +
           key_tag(wrapped_key);
}

std::optional<NameParts> read_file_name(const crypto::Vault& vault, std::string_view name) {
    if (name.size() != 2 * hash_digits + 1 + tag_digits || name[2 * hash_digits] != '.') {
        return std::nullopt;
    }
    const auto token = core::parse_sha256(name.substr(0, hash_digits));
    const auto hidden = core::parse_sha256(name.substr(hash_digits, hash_digits));
    if (!token || !hidden) {
        return std::nullopt;
    }
    const auto hash = core::sha256_from_bytes(masked(vault, token->to_bytes(), hidden->to_bytes()));
    if (!hash || token_of(vault, *hash) != token->to_bytes()) {
        return std::nullopt;
    }
    return NameParts(*hash, std::string(name.substr(2 * hash_digits + 1)));
}

std::string tenant_folder(const core::TenantId& tenant) {
    return std::string(root_folder) + "/" + tenant.value;
}

std::string spool_folder(const core::TenantId& tenant) {
    return tenant_folder(tenant) + "/" + std::string(spool_name);
}

std::string final_folder(const core::TenantId& tenant, std::string_view name) {
    return tenant_folder(tenant) + "/" + std::string(name.substr(0, 2));
}

bool is_path_safe(const core::TenantId& tenant) {
    constexpr std::size_t length_max = 64;
    const auto& text = tenant.value;
    return !text.empty() && text.size() <= length_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

}   // namespace gateway::documents
