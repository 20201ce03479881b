// What stands in quarantine for as long as it may: told of first, then erased.

#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/record_rows.hpp"
#include "gateway/store/sqlite/retention.hpp"

namespace gateway::store::sqlite {
namespace {

// What is erased already, or was released, is no concern of the term.
constexpr const char* still_whole =
    " AND EXISTS (SELECT 1 FROM inbound i WHERE i.tenant = quarantine.tenant AND i.id = "
    "quarantine.item AND i.copies = 0) AND NOT EXISTS (SELECT 1 FROM erased_content e WHERE "
    "e.tenant = quarantine.tenant AND e.kind = 3 AND e.owner = quarantine.item)";

std::vector<core::Uuid> items_of(Rows rows) {
    std::vector<core::Uuid> items;
    while (rows.next()) {
        items.push_back(rows.uuid(0));
    }
    return items;
}

std::vector<core::Uuid> to_be_told(Database& db, const ports::QuarantineTerm& term) {
    return items_of(db.query("SELECT item FROM quarantine INDEXED BY quarantine_waiting WHERE "
                             "tenant = ? AND resolved IS NULL AND warned IS NULL AND at < ? ORDER "
                             "BY number LIMIT ?",
                             term.tenant, term.told_before, term.limit));
}

/// What waits and was told of long enough, and what a person has settled.
std::vector<core::Uuid> due_quarantined(Database& db, const ports::QuarantineTerm& term) {
    static const std::string over =
        std::string(
            "SELECT item FROM quarantine INDEXED BY quarantine_waiting WHERE tenant = ? AND "
            "resolved IS NULL AND warned <= ? AND at < ?") +
        still_whole + " ORDER BY number LIMIT ?";
    static const std::string settled =
        std::string(
            "SELECT item FROM quarantine INDEXED BY quarantine_settled WHERE tenant = ? AND "
            "resolved IS NOT NULL AND resolved < ?") +
        still_whole + " ORDER BY number LIMIT ?";
    auto due = items_of(db.query(over, term.tenant, term.told_until, term.came_before, term.limit));
    const auto also = items_of(db.query(settled, term.tenant, term.came_before, term.limit));
    due.insert(due.end(), also.begin(), also.end());
    return due;
}

/// Nobody can say whom it is of what could not be handled.
bool is_anybody_held(Database& db, const core::TenantId& tenant) {
    return db.query("SELECT 1 FROM subject WHERE tenant = ? AND held <> 0", tenant).next();
}

void erase_quarantined(Engine& engine, const ports::QuarantineTerm& term, core::Uuid id) {
    auto& db = engine.db();
    db.run("DELETE FROM content_key WHERE tenant = ? AND kind = ? AND owner = ?", term.tenant,
           static_cast<int>(Content::inbound), id);
    db.run("UPDATE inbound SET sealed = x'', raw = x'' WHERE tenant = ? AND id = ?", term.tenant,
           id);
    db.run("UPDATE quarantine SET sealed_reason = x'', resolved_by = CASE WHEN resolved IS NULL "
           "THEN ?3 ELSE resolved_by END, resolved = coalesce(resolved, ?4) WHERE tenant = ?1 AND "
           "item = ?2",
           term.tenant, id, term.log.system, term.at);
    release_documents(db, term.tenant, ports::KeptKind::inbox_item, id);
    db.run("INSERT INTO erased_content (tenant, kind, owner, at, type) SELECT tenant, ?3, id, ?4, "
           "type FROM inbound WHERE tenant = ?1 AND id = ?2",
           term.tenant, id, static_cast<int>(Content::inbound), term.at);
    engine.destroyed_key();
}

}   // namespace

Result<ports::QuarantineTurn> retire_quarantined(Engine& engine,
                                                 const ports::QuarantineTerm& term) {
    auto& db = engine.db();
    ports::QuarantineTurn done;
    for (const auto& id : to_be_told(db, term)) {
        db.run("UPDATE quarantine SET warned = ? WHERE tenant = ? AND item = ?", term.at,
               term.tenant, id);
        ++done.told;
    }
    const auto due = due_quarantined(db, term);
    if (!due.empty() && is_anybody_held(db, term.tenant)) {
        done.held = due.size();
        return done;
    }
    std::vector<ports::NewLogEntry> log;
    for (const auto& id : due) {
        erase_quarantined(engine, term, id);
        log.push_back(term.log);
        log.back().fields.push_back(core::MessageId(id).to_string());
    }
    if (!log.empty()) {
        append_log(engine, term.tenant, log);
    }
    done.erased = due.size();
    done.more = done.told >= term.limit || due.size() >= term.limit;
    return done;
}

Result<ports::QuarantineTurn> count_quarantined(Database& db, const ports::QuarantineTerm& term) {
    ports::QuarantineTurn counted;
    counted.told = to_be_told(db, term).size();
    const auto due = due_quarantined(db, term).size();
    (is_anybody_held(db, term.tenant) ? counted.held : counted.erased) = due;
    counted.more = counted.told >= term.limit || due >= term.limit;
    return counted;
}

Result<ports::QuarantineEnding> quarantine_ending(Database& db, const core::TenantId& tenant) {
    ports::QuarantineEnding ending;
    auto rows =
        db.query("SELECT count(*), min(warned) FROM quarantine INDEXED BY quarantine_waiting "
                 "WHERE tenant = ? AND resolved IS NULL AND warned IS NOT NULL",
                 tenant);
    if (rows.next() && rows.integer(0) > 0) {
        ending.count = rows.number(0);
        ending.told = rows.instant(1);
    }
    return ending;
}

}   // namespace gateway::store::sqlite
