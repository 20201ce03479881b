#include "gateway/store/record_rules.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/record_operations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

void append_event(Engine& engine, const core::TenantId& tenant,
                  const ports::FeedStep::Telling& telling) {
    const auto& event = telling.event;
    engine.db().run(
        "INSERT INTO event (tenant, position, id, system, message, delivery, connection, state, "
        "at, name, code, params, sealed_params, next, subject) VALUES "
        "(?,?,?,?,?,NULL,'',?,?,?,?,?,?,NULL,?)",
        tenant, engine.place_event(tenant, event.id), event.id, telling.system, core::Uuid(),
        static_cast<int>(core::DeliveryState::queued), event.at, event.name, event.code.value,
        write_params(event.params), Blob(event.sealed_params), telling.subject);
}

}   // namespace

Result<ports::FeedCursor> feed_cursor(Database& db, const core::ConnectionId& connection,
                                      const core::TenantId& tenant) {
    ports::FeedCursor found;
    auto rows = db.query("SELECT cursor, version, at FROM feed_cursor WHERE connection = ? AND "
                         "tenant = ?",
                         connection, tenant);
    if (rows.next()) {
        found.cursor = rows.text(0);
        found.version = rows.number(1);
        found.at = rows.instant(2);
    }
    return found;
}

Result<void> advance_feed(Engine& engine, const ports::FeedStep& step) {
    auto& db = engine.db();
    const auto before = feed_cursor(db, step.connection, step.tenant);
    if (before && before->version != step.expected) {
        return Failure(Errc::conflict, "the cursor has moved");
    }
    const auto may = may_keep(db, step.tenant, step.writes);
    if (!may) {
        return may.error();
    }
    if (may->conflict) {
        return Failure(Errc::conflict, "a record has moved");
    }
    const auto is_known = [&](const auto& telling) {
        const auto state = find_state(db, step.tenant, telling.subject);
        return state == SubjectState::known || state == SubjectState::held;
    };
    if (!std::all_of(step.events.begin(), step.events.end(), is_known)) {
        return Failure(Errc::not_found, "no such subject");
    }
    db.run("INSERT INTO feed_cursor (connection, tenant, cursor, version, at) VALUES (?1, ?2, ?3, "
           "1, ?4) ON CONFLICT (connection, tenant) DO UPDATE SET cursor = ?3, version = version + "
           "1, at = ?4",
           step.connection, step.tenant, step.cursor, step.at);
    // Valid for less than it was, always: that is how it is known to be outdated.
    for (const auto& wish : step.outdated) {
        db.run(
            "UPDATE record SET version = version + 1, valid_until = min(valid_until - 1, ?) WHERE "
            "tenant = ? AND subject = ? AND dataset = ? AND removed = 0",
            step.at, step.tenant, wish.subject, wish.dataset);
    }
    write_records(db, step.tenant, step.writes);
    append_log(engine, step.tenant, step.log);
    db.run("DELETE FROM told WHERE tenant = ? AND at < ?", step.tenant, step.at - told_kept);
    std::vector<ports::NewLogEntry> told;
    for (const auto& telling : step.events) {
        if (db.run("INSERT OR IGNORE INTO told (tenant, system, dedupe_id, at) VALUES (?, ?, ?, ?)",
                   step.tenant, telling.system, telling.dedupe_id, step.at) > 0) {
            append_event(engine, step.tenant, telling);
            if (telling.log) {
                told.push_back(*telling.log);
            }
        }
    }
    append_log(engine, step.tenant, told);
    return {};
}

}   // namespace gateway::store::sqlite
