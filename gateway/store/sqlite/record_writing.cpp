#include "gateway/store/record_rules.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/record_operations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

#include <map>
#include <set>
#include <utility>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

void destroy_key(Database& db, const core::TenantId& tenant, Content kind,
                 const std::string& owner) {
    db.run("DELETE FROM content_key WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
           static_cast<int>(kind), Blob(owner));
}

void remove_record(Database& db, const core::TenantId& tenant, const ports::RecordWish& wish,
                   std::uint64_t key_version, core::Time at) {
    destroy_key(db, tenant, Content::record, key_owner(wish, key_version));
    db.run("UPDATE record SET version = version + 1, position = ?, changed = ?, removed = 1, "
           "absent = 0, overridden = 0, sealed = x'', source = '', fields = '', purposes = '', "
           "register_time = NULL, fetched_at = 0, valid_until = 0, stale_until = 0, erase_at = "
           "NULL WHERE tenant = ? AND subject = ? AND dataset = ?",
           take_positions(db, 1), at, tenant, wish.subject, wish.dataset);
}

/// What is not there any more is due, too.
bool is_due(Database& db, const core::TenantId& tenant, const ports::RecordWish& wish,
            core::Time at) {
    auto rows =
        db.query("SELECT 1 FROM record WHERE tenant = ? AND subject = ? AND dataset = ? AND "
                 "removed = 0 AND (erase_at IS NULL OR erase_at > ?)",
                 tenant, wish.subject, wish.dataset, at);
    return !rows.next();
}

}   // namespace

std::string key_owner(const ports::RecordWish& wish, std::uint64_t key_version) {
    return wish.subject.to_bytes() + wish.dataset + "/" + std::to_string(key_version);
}

std::uint64_t take_positions(Database& db, std::size_t count) {
    auto rows = db.query("INSERT INTO counter (name, value) VALUES ('records', ?) ON CONFLICT "
                         "(name) DO UPDATE SET value = value + excluded.value RETURNING value",
                         count);
    return rows.next() ? rows.number(0) : 0;
}

Result<ports::KeepAnswer> may_keep(Database& db, const core::TenantId& tenant,
                                   const std::vector<ports::RecordWrite>& writes) {
    ports::KeepAnswer answer;
    std::map<std::pair<core::Uuid, std::string>, std::uint64_t> written;   // within this call
    for (std::size_t at = 0; at < writes.size(); ++at) {
        const auto& row = writes[at].row;
        const auto state = find_state(db, tenant, row.subject);
        if (state == SubjectState::none || state == SubjectState::forgotten) {
            return Failure(Errc::not_found, "no such subject");
        }
        const auto [mine, is_first] = written.try_emplace({row.subject, row.dataset}, 0);
        const auto place = find_place(db, tenant, {row.subject, row.dataset});
        const auto standing = is_first ? (place.live ? place.version : 0) : mine->second;
        if (writes[at].expected && *writes[at].expected != standing) {
            answer.conflict = at;
            return answer;
        }
        mine->second = (is_first ? place.version : mine->second) + 1;
    }
    return answer;
}

std::vector<std::uint64_t> write_records(Database& db, const core::TenantId& tenant,
                                         const std::vector<ports::RecordWrite>& writes) {
    std::vector<std::uint64_t> versions;
    if (writes.empty()) {
        return versions;
    }
    auto position = take_positions(db, writes.size()) - writes.size();
    for (const auto& write : writes) {
        const auto& row = write.row;
        const ports::RecordWish wish(row.subject, row.dataset);
        const auto place = find_place(db, tenant, wish);
        const auto version = place.version + 1;
        if (place.live) {
            destroy_key(db, tenant, Content::record, key_owner(wish, place.key_version));
        }
        if (!row.wrapped_key.empty()) {
            put_key(db, tenant, Content::record, key_owner(wish, version), row.wrapped_key);
        }
        db.run(
            "INSERT INTO record (tenant, subject, dataset, version, key_version, position, "
            "changed, removed, absent, overridden, sealed, source, fields, purposes, "
            "register_time, fetched_at, valid_until, stale_until, erase_at) VALUES "
            "(?1,?2,?3,?4,?4,?5,?6,0,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17) ON CONFLICT "
            "(tenant, "
            "subject, dataset) DO UPDATE SET version = ?4, key_version = ?4, position = ?5, "
            "changed = ?6, removed = 0, absent = ?7, overridden = ?8, sealed = ?9, source = ?10, "
            "fields = ?11, purposes = ?12, register_time = ?13, fetched_at = ?14, valid_until = "
            "?15, stale_until = ?16, erase_at = ?17",
            tenant, row.subject, row.dataset, version, ++position, row.written_at, row.absent,
            row.overridden, Blob(row.sealed_value), row.source, row.fields, row.purposes,
            row.register_time, row.fetched_at, row.valid_until, row.stale_until, row.erase_at);
        versions.push_back(version);
    }
    return versions;
}

Result<ports::KeepAnswer> keep(Engine& engine, const core::TenantId& tenant,
                               const std::vector<ports::RecordWrite>& writes,
                               const std::vector<ports::NewLogEntry>& log) {
    auto& db = engine.db();
    auto answer = may_keep(db, tenant, writes);
    if (!answer || answer->conflict) {
        return answer;
    }
    answer->versions = write_records(db, tenant, writes);
    append_log(engine, tenant, log);
    return answer;
}

Result<void> erase(Engine& engine, const ports::EraseCommand& command) {
    auto& db = engine.db();
    const auto& tenant = command.tenant;
    std::set<core::Uuid> concerned;
    std::vector<ports::RecordWish> wishes = command.records;
    std::vector<core::Uuid> whole = command.also;
    if (command.subject) {
        whole.push_back(*command.subject);
    }
    for (const auto& handle : whole) {
        concerned.insert(handle);
        if (find_state(db, tenant, handle) == SubjectState::none) {
            return Failure(Errc::not_found, "no such subject");
        }
        auto rows = db.query("SELECT dataset FROM record WHERE tenant = ? AND subject = ? AND "
                             "removed = 0",
                             tenant, handle);
        while (rows.next()) {
            wishes.emplace_back(handle, rows.text(0));
        }
    }
    for (const auto& wish : wishes) {
        concerned.insert(wish.subject);
    }
    for (const auto& handle : concerned) {
        if (find_state(db, tenant, handle) == SubjectState::held) {
            return Failure(Errc::conflict, "a legal hold stands on it");
        }
    }
    for (const auto& wish : command.records) {
        if (!is_due(db, tenant, wish, command.at)) {
            return Failure(Errc::conflict, "it was written anew, and is not due");
        }
    }
    for (const auto& wish : wishes) {
        if (const auto place = find_place(db, tenant, wish); place.live) {
            remove_record(db, tenant, wish, place.key_version, command.at);
        }
    }
    for (const auto& handle : whole) {
        destroy_key(db, tenant, Content::subject, handle.to_bytes());
        db.run("UPDATE subject SET token = NULL, sealed = x'' WHERE tenant = ? AND handle = ?",
               tenant, handle);
    }
    append_log(engine, tenant, command.log);
    engine.destroyed_key();
    return {};
}

}   // namespace gateway::store::sqlite
