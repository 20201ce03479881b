// What search tokens and idempotency keys still say of erased messages. They have no index by
// message, so all are gone through, some at a time.

#include "gateway/store/sqlite/retention.hpp"

namespace gateway::store::sqlite {
namespace {

std::optional<ports::SweepPlace> sweep_tokens(Database& db, const ports::SweepPlace& from,
                                              std::size_t limit) {
    std::vector<ports::SweepPlace> gone;
    ports::SweepPlace last = from;
    std::size_t scanned = 0;
    {
        auto rows = db.query(
            "SELECT t.tenant, t.kind, t.token, t.created, t.message, EXISTS (SELECT 1 FROM "
            "erased_content e WHERE e.tenant = t.tenant AND e.kind = 1 AND e.owner = t.message) "
            "FROM search_token t WHERE (t.tenant, t.kind, t.token, t.created, t.message) > (?, ?, "
            "?, ?, ?) ORDER BY t.tenant, t.kind, t.token, t.created, t.message LIMIT ?",
            from.tenant, from.kind, Blob(from.token), from.created, from.owner, limit);
        while (rows.next()) {
            ++scanned;
            last.tenant = core::TenantId(rows.text(0));
            last.kind = rows.small(1);
            last.token = rows.text(2);
            last.created = rows.instant(3);
            last.owner = rows.uuid(4);
            if (rows.integer(5) != 0) {
                gone.push_back(last);
            }
        }
    }
    for (const auto& one : gone) {
        db.run("DELETE FROM search_token WHERE tenant = ? AND kind = ? AND token = ? AND created = "
               "? AND message = ?",
               one.tenant, one.kind, Blob(one.token), one.created, one.owner);
    }
    return scanned < limit ? std::nullopt : std::optional(last);
}

std::optional<ports::SweepPlace> sweep_keys(Database& db, const ports::SweepPlace& from,
                                            std::size_t limit) {
    std::vector<std::pair<ports::SweepPlace, bool>> gone;   // and whether its message is, too
    ports::SweepPlace last = from;
    std::size_t scanned = 0;
    {
        auto rows = db.query(
            "SELECT i.tenant, i.system, i.key_token, e.owner IS NOT NULL AND (e.removed IS NOT "
            "NULL "
            "OR length(i.fingerprint) > 0), e.removed IS NOT NULL FROM idempotency i LEFT JOIN "
            "erased_content e ON e.tenant = i.tenant AND e.kind = 1 AND e.owner = i.message WHERE "
            "(i.tenant, i.system, i.key_token) > (?, ?, ?) ORDER BY "
            "i.tenant, i.system, i.key_token LIMIT ?",
            from.tenant, from.token, Blob(from.key), limit);
        while (rows.next()) {
            ++scanned;
            last.tenant = core::TenantId(rows.text(0));
            last.token = rows.text(1);
            last.key = rows.text(2);
            if (rows.integer(3) != 0) {
                gone.emplace_back(last, rows.integer(4) != 0);
            }
        }
    }
    for (const auto& [one, removed] : gone) {
        db.run(removed ? "DELETE FROM idempotency WHERE tenant = ? AND system = ? AND key_token = ?"
                       : "UPDATE idempotency SET fingerprint = x'' WHERE tenant = ? AND system = ? "
                         "AND key_token = ?",
               one.tenant, one.token, Blob(one.key));
    }
    return scanned < limit ? std::nullopt : std::optional(last);
}

}   // namespace

Result<std::optional<ports::SweepPlace>> sweep_erased(Database& db, const ports::SweepPlace& from,
                                                      std::size_t limit) {
    if (from.keys) {
        return sweep_keys(db, from, limit);
    }
    auto place = sweep_tokens(db, from, limit);
    if (!place) {
        place.emplace();
        place->keys = true;
    }
    return place;
}

}   // namespace gateway::store::sqlite
