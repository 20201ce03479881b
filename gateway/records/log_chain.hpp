#pragma once

// The form of the access log's hash chain. Pure; the store computes it in its one writer, and
// whoever verifies the log computes it anew.
//
//     hash 0 = 32 zero bytes
//     hash n = SHA-256(hash n-1 || canonical bytes of entry n)
//
// Canonical bytes: the word "sluse-log-v1", then in this order tenant, number, kind, time
// (microseconds since 1970 UTC), system, purpose, dataset, fields, subject, freshness, code and
// sealed detail. Numbers are 8 bytes, the highest first; texts and bytes come behind their length
// in 4; fields behind their count in 4; the subject is 16 bytes as a text, or an empty one. So no
// two entries have the same bytes. What is personal is in there sealed only: the proof still holds
// when its key is destroyed.

#include "gateway/ports/record_types.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::records {

/// Of an entry's canonical bytes.
inline constexpr std::size_t log_entry_bytes_max = 8 * 1024;

std::string canonical_bytes(const core::TenantId& tenant, std::uint64_t number,
                            const ports::NewLogEntry& entry);
std::string chain_hash(std::string_view before, std::string_view canonical);
/// Both at once.
core::Sha256 next_hash(std::string_view before, const core::TenantId& tenant, std::uint64_t number,
                       const ports::NewLogEntry& entry);
/// Where every chain begins.
std::string first_hash();

/// `invalid_argument`: a field that is empty or has a comma. `too_large`: more than
/// log_entry_bytes_max.
core::Result<void> check_log_entry(const ports::NewLogEntry& entry);

}   // namespace gateway::records
