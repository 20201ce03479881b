#pragma once

// Rows of records, and what the operations on them share.

#include "gateway/ports/record_types.hpp"
#include "gateway/store/sqlite/engine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::store::sqlite {

/// What read_record() reads, with the tables it comes from; a WHERE follows.
inline constexpr const char* record_columns =
    "SELECT r.subject, r.dataset, r.version, r.absent, r.overridden, r.sealed, r.source, r.fields, "
    "r.purposes, r.register_time, r.fetched_at, r.changed, r.valid_until, r.stale_until, "
    "r.erase_at, k.wrapped FROM record r LEFT JOIN content_key k ON k.tenant = r.tenant AND k.kind "
    "= 6 AND k.owner = CAST(r.subject || r.dataset || '/' || r.key_version AS BLOB) ";

ports::RecordRow read_record(const Rows& rows);

/// Where a record stands: a removed one has a version too.
struct RecordPlace {
    std::uint64_t version = 0;       // of the last change
    std::uint64_t key_version = 0;   // of its content
    bool live = false;

    RecordPlace() = default;
};
RecordPlace find_place(Database& db, const core::TenantId& tenant, const ports::RecordWish& wish);

/// The owner of a record's key in content_key.
std::string key_owner(const ports::RecordWish& wish, std::uint64_t key_version);

enum class SubjectState { none, forgotten, known, held };
SubjectState find_state(Database& db, const core::TenantId& tenant, core::Uuid handle);

/// The position of the last of so many changes, which are the newest now.
std::uint64_t take_positions(Database& db, std::size_t count);

/// Nothing was found that forbids it: `not_found` for a subject that is not known; the answer's
/// conflict for another version.
core::Result<ports::KeepAnswer> may_keep(Database& db, const core::TenantId& tenant,
                                         const std::vector<ports::RecordWrite>& writes);
/// What may_keep() found nothing against; gives the new versions.
std::vector<std::uint64_t> write_records(Database& db, const core::TenantId& tenant,
                                         const std::vector<ports::RecordWrite>& writes);

/// After a data file and a keys file were joined: what was erased or written anew since the data
/// was saved has no key any more, and is removed for its followers too.
void settle_restored_records(Database& db);

/// Within the transaction of what it tells of.
ports::LogHead append_log(Engine& engine, const core::TenantId& tenant,
                          const std::vector<ports::NewLogEntry>& entries);
ports::LogHead append_log(Engine& engine, const core::TenantId& tenant,
                          const ports::NewLogEntry& entry);
ports::LogHead find_head(Database& db, const core::TenantId& tenant);

}   // namespace gateway::store::sqlite
