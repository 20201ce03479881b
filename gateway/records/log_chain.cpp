#include "gateway/records/log_chain.hpp"

#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <array>

namespace gateway::records {
namespace {

constexpr std::string_view form = "sluse-log-v1";
constexpr std::size_t hash_bytes = 32;
/// Tenants are organisation numbers.
constexpr std::size_t tenant_bytes_max = 64;

template <std::size_t size>
void add_number(std::string& bytes, std::uint64_t value) {
    std::array<char, size> written{};
    for (std::size_t at = 0; at < size; ++at) {
        written[at] = static_cast<char>((value >> (8 * (size - 1 - at))) & 0xFFU);
    }
    bytes.append(written.data(), size);
}

void add_text(std::string& bytes, std::string_view text) {
    add_number<4>(bytes, text.size());
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

void add_canonical(std::string& bytes, const core::TenantId& tenant, std::uint64_t number,
                   const ports::NewLogEntry& entry) {
    bytes += form;
    add_text(bytes, tenant.value);
    add_number<8>(bytes, number);
    add_number<8>(bytes, static_cast<std::uint64_t>(entry.kind));
    add_number<8>(bytes, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()));
    add_text(bytes, entry.system.value);
    add_text(bytes, entry.purpose.value);
    add_text(bytes, entry.dataset);
    add_number<4>(bytes, entry.fields.size());
    for (const auto& field : entry.fields) {
        add_text(bytes, field);
    }
    std::string_view subject;
    if (entry.subject) {
        subject = {reinterpret_cast<const char*>(entry.subject->bytes.data()),
                   entry.subject->bytes.size()};
    }
    add_text(bytes, subject);
    add_text(bytes, entry.freshness);
    add_text(bytes, entry.code.value);
    add_text(bytes, entry.sealed_detail);
}

}   // namespace

std::string first_hash() {
    return std::string(hash_bytes, '\0');
}

std::string canonical_bytes(const core::TenantId& tenant, std::uint64_t number,
                            const ports::NewLogEntry& entry) {
    std::string bytes;
    bytes.reserve(canonical_size(entry) + tenant.value.size());
    add_canonical(bytes, tenant, number, entry);
    return bytes;
}

std::string chain_hash(std::string_view before, std::string_view canonical) {
    std::string bytes(before);
    bytes += canonical;
    return crypto::sha256(bytes).to_bytes();
}

core::Sha256 next_hash(std::string_view before, const core::TenantId& tenant, std::uint64_t number,
                       const ports::NewLogEntry& entry) {
    std::string bytes;
    bytes.reserve(before.size() + canonical_size(entry) + tenant.value.size());
    bytes += before;
    add_canonical(bytes, tenant, number, entry);
    return crypto::sha256(bytes);
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
