// What is left of a message or an inbox item whose content was erased, and its end.

#include "gateway/runtime/crash_point.hpp"
#include "gateway/store/sqlite/content_rows.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/failures.hpp"
#include "gateway/store/sqlite/record_rows.hpp"
#include "gateway/store/sqlite/retention.hpp"

namespace gateway::store::sqlite {
namespace {

using ports::KeptKind;

enum class Stays { no, held, unread };

int number_of_bare(KeptKind kind) {
    return static_cast<int>(kind);
}

/// Those whose time has come for the first time, then those that were left before.
std::vector<core::Uuid> due_bare(Database& db, const ports::BareRemoval& command) {
    std::vector<core::Uuid> due;
    {
        auto rows = db.query("SELECT owner FROM erased_content WHERE tenant = ? AND kind = ? AND "
                             "type = ? AND removed IS NULL AND look_at = 0 AND at < ? ORDER BY at, "
                             "owner LIMIT ?",
                             command.tenant, number_of_bare(command.kind), command.type,
                             command.erased_before, command.limit);
        while (rows.next()) {
            due.push_back(rows.uuid(0));
        }
    }
    auto rows = db.query("SELECT owner FROM erased_content WHERE tenant = ? AND kind = ? AND type "
                         "= ? AND removed IS NULL AND look_at > 0 AND look_at <= ? AND at < ? "
                         "ORDER BY look_at, at, owner LIMIT ?",
                         command.tenant, number_of_bare(command.kind), command.type, command.at,
                         command.erased_before, command.limit - due.size());
    while (rows.next()) {
        due.push_back(rows.uuid(0));
    }
    return due;
}

Stays why_it_stays(Database& db, const core::TenantId& tenant, KeptKind kind, core::Uuid id) {
    if (db.query("SELECT 1 FROM content_hold WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
                 number_of_bare(kind), id)
            .next()) {
        return Stays::held;
    }
    const bool unread =
        db.query("SELECT 1 FROM subscription s WHERE s.tenant = ?1 AND s.enabled = 1 AND EXISTS "
                 "(SELECT 1 FROM event e WHERE e.tenant = ?1 AND e.message = ?2 AND e.system = "
                 "s.system AND (e.position > s.position OR EXISTS (SELECT 1 FROM subscription_call "
                 "c WHERE c.tenant = ?1 AND c.subscription = s.id AND c.position = e.position AND "
                 "c.due IS NOT NULL)))",
                 tenant, id)
            .next();
    return unread ? Stays::unread : Stays::no;
}

void remove_events(Engine& engine, const core::TenantId& tenant, core::Uuid id) {
    auto& db = engine.db();
    // Calls about them that were given up, and could be asked for once more.
    db.run("DELETE FROM subscription_call WHERE tenant = ?1 AND subscription IN (SELECT id FROM "
           "subscription WHERE tenant = ?1) AND position IN (SELECT position FROM event WHERE "
           "tenant = ?1 AND message = ?2)",
           tenant, id);
    const auto gone = db.run("DELETE FROM event WHERE tenant = ? AND message = ?", tenant, id);
    engine.forget_events(static_cast<std::uint64_t>(gone));
}

void remove_message(Engine& engine, const core::TenantId& tenant, core::Uuid id, core::Time at) {
    auto& db = engine.db();
    const auto deliveries = deliveries_of(db, tenant, core::MessageId(id));
    for (const auto& delivery : deliveries) {
        db.run("DELETE FROM receipt WHERE tenant = ? AND delivery = ?", tenant, delivery.row.id);
        remove_failure(db, tenant, delivery.row.id);
        db.run("DELETE FROM delivery WHERE tenant = ? AND id = ?", tenant, delivery.row.id);
        engine.forget_delivery(delivery.row.state);
    }
    if (!deliveries.empty()) {
        const auto& last = deliveries.back();
        engine.forget_message({tenant, last.system, last.row.channel, last.row.state});
    }
    remove_events(engine, tenant, id);
    remove_content(db, tenant, id);
    // What it replaced stays closed when it is gone itself.
    db.run("DELETE FROM replacement WHERE tenant = ? AND old = ?", tenant, id);
    db.run("DELETE FROM message WHERE tenant = ? AND id = ?", tenant, id);
    db.run("UPDATE erased_content SET removed = ? WHERE tenant = ? AND kind = ? AND owner = ?", at,
           tenant, number_of_bare(KeptKind::message), id);
}

void remove_item(Engine& engine, const core::TenantId& tenant, core::Uuid id) {
    auto& db = engine.db();
    remove_events(engine, tenant, id);
    db.run(
        "DELETE FROM inbox_copy WHERE tenant = ?1 AND number = (SELECT number FROM inbound WHERE "
        "tenant = ?1 AND id = ?2)",
        tenant, id);
    db.run("DELETE FROM settlement WHERE tenant = ? AND item = ?", tenant, id);
    db.run("DELETE FROM quarantine WHERE tenant = ? AND item = ?", tenant, id);
    db.run("DELETE FROM inbound WHERE tenant = ? AND id = ?", tenant, id);
    db.run("DELETE FROM erased_content WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
           number_of_bare(KeptKind::inbox_item), id);
}

void count_bare_one(ports::BareRemoved& counted, Stays stays) {
    counted.removed += stays == Stays::no ? 1 : 0;
    counted.held += stays == Stays::held ? 1 : 0;
    counted.unread += stays == Stays::unread ? 1 : 0;
}

}   // namespace

Result<ports::BareRemoved> remove_bare(Engine& engine, const ports::BareRemoval& command) {
    auto& db = engine.db();
    ports::BareRemoved done;
    const auto due = due_bare(db, command);
    done.more = due.size() >= command.limit;
    std::vector<ports::NewLogEntry> log;
    for (const auto& id : due) {
        const auto stays = why_it_stays(db, command.tenant, command.kind, id);
        count_bare_one(done, stays);
        if (stays != Stays::no) {
            db.run("UPDATE erased_content SET look_at = ? WHERE tenant = ? AND kind = ? AND owner "
                   "= ?",
                   command.look_again, command.tenant, number_of_bare(command.kind), id);
            continue;
        }
        if (command.kind == KeptKind::message) {
            remove_message(engine, command.tenant, id, command.at);
        } else {
            remove_item(engine, command.tenant, id);
        }
        auto entry = command.log;
        entry.fields.push_back(core::MessageId(id).to_string());
        log.push_back(std::move(entry));
    }
    if (!log.empty()) {
        GATEWAY_CRASH_POINT("message_eraser.bare_half");
        append_log(engine, command.tenant, log);
    }
    return done;
}

Result<ports::BareRemoved> count_bare(Database& db, const ports::BareRemoval& command) {
    ports::BareRemoved counted;
    std::vector<core::Uuid> due;
    {
        auto rows = db.query("SELECT owner FROM erased_content WHERE tenant = ? AND kind = ? AND "
                             "type = ? AND removed IS NULL AND at < ? LIMIT ?",
                             command.tenant, number_of_bare(command.kind), command.type,
                             command.erased_before, command.limit);
        while (rows.next()) {
            due.push_back(rows.uuid(0));
        }
    }
    for (const auto& id : due) {
        count_bare_one(counted, why_it_stays(db, command.tenant, command.kind, id));
    }
    counted.more = due.size() >= command.limit;
    return counted;
}

Result<std::size_t> forget_removed(Database& db, core::Time before) {
    return static_cast<std::size_t>(
        db.run("DELETE FROM erased_content WHERE removed IS NOT NULL AND removed < ?", before));
}

}   // namespace gateway::store::sqlite
