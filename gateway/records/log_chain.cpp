#include "gateway/records/log_chain.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

constexpr std::string_view form = "sluse-log-v1";
constexpr std::size_t hash_bytes = 32;
/// Tenants are organisation numbers.
constexpr std::size_t tenant_bytes_max = 64;

void add_number(std::string& bytes, std::uint64_t value, int size) {
    for (int at = size - 1; at >= 0; --at) {
        bytes.push_back(static_cast<char>((value >> (8 * at)) & 0xFFU));
    }
}

void add_text(std::string& bytes, std::string_view text) {
    add_number(bytes, text.size(), 4);
    bytes += text;
}

/// Of canonical_bytes() without the tenant.
std::size_t canonical_size(const ports::NewLogEntry& entry) {
    // The word, three numbers, and the lengths of the tenant, six texts and the fields, and their
    // count.
    std::size_t size = form.size() + 3 * 8 + 4 * (9 + entry.fields.size());
    for (const auto& field : entry.fields) {
        size += field.size();
    }
    return size + entry.system.value.size() + entry.purpose.value.size() + entry.dataset.size() +
           (entry.subject ? entry.subject->bytes.size() : 0) + entry.freshness.size() +
           entry.code.value.size() + entry.sealed_detail.size();
}

}   // namespace

std::string first_hash() {
    return std::string(hash_bytes, '\0');
}

std::string canonical_bytes(const core::TenantId& tenant, std::uint64_t number,
                            const ports::NewLogEntry& entry) {
    std::string bytes(form);
    bytes.reserve(256 + entry.sealed_detail.size());
    add_text(bytes, tenant.value);
    add_number(bytes, number, 8);
    add_number(bytes, static_cast<std::uint64_t>(entry.kind), 8);
    add_number(bytes, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()), 8);
    add_text(bytes, entry.system.value);
    add_text(bytes, entry.purpose.value);
    add_text(bytes, entry.dataset);
    add_number(bytes, entry.fields.size(), 4);
    for (const auto& field : entry.fields) {
        add_text(bytes, field);
    }
    add_text(bytes, entry.subject ? entry.subject->to_bytes() : std::string());
    add_text(bytes, entry.freshness);
    add_text(bytes, entry.code.value);
    add_text(bytes, entry.sealed_detail);
    return bytes;
}

std::string chain_hash(std::string_view before, std::string_view canonical) {
    std::string bytes(before);
    bytes += canonical;
    return crypto::sha256(bytes).to_bytes();
}

core::Result<void> check_log_entry(const ports::NewLogEntry& entry) {
    if (std::any_of(entry.fields.begin(), entry.fields.end(), [](const std::string& field) {
            return field.empty() || field.find(',') != std::string::npos;
        })) {
        return core::Failure(core::Errc::invalid_argument, "a log entry names no such field");
    }
    if (canonical_size(entry) + tenant_bytes_max > log_entry_bytes_max) {
        return core::Failure(core::Errc::too_large, "a log entry is too large");
    }
    return {};
}

}   // namespace gateway::records
