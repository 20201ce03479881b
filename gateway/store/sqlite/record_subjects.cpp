#include "gateway/store/record_rules.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/record_operations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

// Of one person: more say that something is wrong.
constexpr std::size_t linked_max = 50;

constexpr const char* columns =
    "SELECT s.handle, s.kind, s.token, s.sealed, s.created, s.held, k.wrapped, s.replaced_by FROM "
    "subject s LEFT "
    "JOIN content_key k ON k.tenant = s.tenant AND k.kind = 5 AND k.owner = s.handle ";

ports::Subject read_subject(const Rows& rows) {
    ports::Subject one;
    one.handle = rows.uuid(0);
    one.kind = static_cast<core::RecordKeyKind>(rows.small(1));
    one.token = rows.text(2);
    one.sealed_key = rows.text(3);
    one.created = rows.instant(4);
    one.legal_hold = rows.integer(5) != 0;
    one.wrapped_key = rows.text(6);
    if (!rows.is_null(7)) {
        one.replaced_by = rows.uuid(7);
    }
    return one;
}

/// As a feed does it: what was written out before says nothing of a link that came or went.
void outdate_records(Database& db, const core::TenantId& tenant,
                     const std::vector<ports::Subject>& of, core::Time at) {
    for (const auto& one : of) {
        db.run("UPDATE record SET version = version + 1, valid_until = min(valid_until - 1, ?) "
               "WHERE tenant = ? AND subject = ? AND removed = 0",
               at, tenant, one.handle);
    }
}

}   // namespace

Result<std::vector<ports::Subject>> subjects(Engine& engine, const core::TenantId& tenant,
                                             const std::vector<ports::Subject>& wanted) {
    auto& db = engine.db();
    std::vector<ports::Subject> found;
    found.reserve(wanted.size());
    for (const auto& one : wanted) {
        const auto there = find_subject_by_token(db, tenant, one.kind, one.token);
        if (there && *there) {
            found.push_back(**there);
            continue;
        }
        db.run("INSERT INTO subject (tenant, handle, kind, token, sealed, created, held) VALUES "
               "(?, ?, ?, ?, ?, ?, ?)",
               tenant, one.handle, static_cast<int>(one.kind), Blob(one.token),
               Blob(one.sealed_key), one.created, one.legal_hold);
        put_key(db, tenant, Content::subject, one.handle.to_bytes(), one.wrapped_key);
        found.push_back(one);
    }
    return found;
}

Result<std::optional<ports::Subject>> find_subject(Database& db, const core::TenantId& tenant,
                                                   core::Uuid handle) {
    static const std::string sql = std::string(columns) + "WHERE s.tenant = ? AND s.handle = ?";
    std::optional<ports::Subject> found;
    auto rows = db.query(sql, tenant, handle);
    if (rows.next()) {
        found = read_subject(rows);
    }
    return found;
}

Result<std::optional<ports::Subject>> find_subject_by_token(Database& db,
                                                            const core::TenantId& tenant,
                                                            core::RecordKeyKind kind,
                                                            const std::string& token) {
    static const std::string sql =
        std::string(columns) + "WHERE s.tenant = ? AND s.kind = ? AND s.token = ?";
    std::optional<ports::Subject> found;
    auto rows = db.query(sql, tenant, static_cast<int>(kind), Blob(token));
    if (rows.next()) {
        found = read_subject(rows);
    }
    return found;
}

SubjectState find_state(Database& db, const core::TenantId& tenant, core::Uuid handle) {
    auto rows = db.query("SELECT token IS NULL, held FROM subject WHERE tenant = ? AND handle = ?",
                         tenant, handle);
    if (!rows.next()) {
        return SubjectState::none;
    }
    if (rows.integer(0) != 0) {
        return SubjectState::forgotten;
    }
    return rows.integer(1) != 0 ? SubjectState::held : SubjectState::known;
}

Result<std::vector<ports::Subject>> linked_subjects(Database& db, const core::TenantId& tenant,
                                                    core::Uuid handle) {
    static const std::string before = std::string(columns) + "WHERE s.tenant = ? AND s.replaced_by "
                                                             "= ? ORDER BY s.created, s.handle";
    std::vector<ports::Subject> all;
    auto in_use = find_subject(db, tenant, handle);
    for (std::size_t i = 0; in_use && *in_use && (*in_use)->replaced_by && i < linked_max; ++i) {
        in_use = find_subject(db, tenant, *(*in_use)->replaced_by);
    }
    if (!in_use || !*in_use) {
        return all;
    }
    all.push_back(**in_use);
    for (std::size_t i = 0; i < all.size() && all.size() < linked_max; ++i) {
        auto rows = db.query(before, tenant, all[i].handle);
        while (rows.next()) {
            all.push_back(read_subject(rows));
        }
    }
    std::reverse(all.begin(), all.end());
    return all;
}

Result<ports::Subject> replace_subject(Engine& engine, const core::TenantId& tenant,
                                       core::Uuid ended, const ports::Subject& successor,
                                       ports::LinkFrom from, core::Time at,
                                       const std::vector<ports::NewLogEntry>& log) {
    auto& db = engine.db();
    const auto state = find_state(db, tenant, ended);
    if (state == SubjectState::none || state == SubjectState::forgotten) {
        return Failure(Errc::not_found, "no such subject");
    }
    const auto before = linked_subjects(db, tenant, ended);
    const auto known = find_subject_by_token(db, tenant, successor.kind, successor.token);
    const auto after = known && *known
                           ? linked_subjects(db, tenant, (*known)->handle)
                           : Result<std::vector<ports::Subject>>(std::vector<ports::Subject>());
    const auto& last = before->back();
    if (!after->empty() && after->back().handle == last.handle) {
        if (last.handle == ended) {
            return Failure(Errc::conflict, "it is the one in use");
        }
        return last;
    }
    if (from == ports::LinkFrom::ended && last.handle != ended) {
        return Failure(Errc::conflict, "another came after it");
    }
    const auto made = subjects(engine, tenant, {successor});
    db.run("UPDATE subject SET replaced_by = ? WHERE tenant = ? AND handle = ?",
           made->front().handle, tenant, last.handle);
    const auto all = linked_subjects(db, tenant, ended);
    const bool held =
        std::any_of(all->begin(), all->end(), [](const auto& one) { return one.legal_hold; });
    for (const auto& one : *all) {
        db.run("UPDATE subject SET held = ? WHERE tenant = ? AND handle = ? AND token IS NOT NULL",
               held, tenant, one.handle);
    }
    outdate_records(db, tenant, *before, at);
    append_log(engine, tenant, log);
    return linked_subjects(db, tenant, ended)->back();
}

Result<void> separate_subject(Engine& engine, const core::TenantId& tenant, core::Uuid ended,
                              core::Uuid successor, core::Time at,
                              const std::vector<ports::NewLogEntry>& log) {
    auto& db = engine.db();
    const auto state = find_state(db, tenant, ended);
    if (state == SubjectState::none || state == SubjectState::forgotten) {
        return Failure(Errc::not_found, "no such subject");
    }
    if (db.run("UPDATE subject SET replaced_by = NULL WHERE tenant = ? AND handle = ? AND "
               "replaced_by = ?",
               tenant, ended, successor) == 0) {
        return Failure(Errc::conflict, "it is not replaced by that one");
    }
    outdate_records(db, tenant, *linked_subjects(db, tenant, ended), at);
    append_log(engine, tenant, log);
    return {};
}

Result<void> hold_subject(Engine& engine, const core::TenantId& tenant, core::Uuid handle,
                          bool held, const std::vector<ports::NewLogEntry>& log) {
    auto& db = engine.db();
    const auto state = find_state(db, tenant, handle);
    if (state == SubjectState::none || state == SubjectState::forgotten) {
        return Failure(Errc::not_found, "no such subject");
    }
    const auto all = linked_subjects(db, tenant, handle);
    for (const auto& one : *all) {
        db.run("UPDATE subject SET held = ? WHERE tenant = ? AND handle = ? AND token IS NOT NULL",
               held, tenant, one.handle);
    }
    append_log(engine, tenant, log);
    return {};
}

}   // namespace gateway::store::sqlite
