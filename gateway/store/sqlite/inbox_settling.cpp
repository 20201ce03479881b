#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/inbox_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

void settle_item(Database& db, const core::TenantId& tenant, core::InboxId item,
                 ports::SettlementKind kind, core::Time at, const core::SystemId& system) {
    db.run("UPDATE settlement SET kind = ?, at = ?, system = ?, due = ? WHERE tenant = ? AND item "
           "= ? AND kind = 0",
           static_cast<int>(kind), at, system, at, tenant, item);
}

/// What one copy's end means for the item, when the adapter is to be told.
void count_towards_settlement(Database& db, const ports::InboxSettle& command) {
    if (!command.acknowledged) {
        settle_item(db, command.tenant, command.id, ports::SettlementKind::rejected, command.at,
                    command.system);
        return;
    }
    db.run("UPDATE settlement SET open = open - 1 WHERE tenant = ? AND item = ? AND kind = 0 AND "
           "open > 0",
           command.tenant, command.id);
    std::int64_t open = 1;
    {
        auto rows = db.query("SELECT open FROM settlement WHERE tenant = ? AND item = ?",
                             command.tenant, command.id);
        if (rows.next()) {
            open = rows.integer(0);
        }
    }
    if (open == 0) {
        settle_item(db, command.tenant, command.id, ports::SettlementKind::acknowledged, command.at,
                    command.system);
    }
}

std::vector<ports::InboxItem> copies_of(Database& db, const core::TenantId& tenant,
                                        core::InboxId id) {
    static const std::string sql =
        copy_columns(false) +
        "WHERE c.tenant = ?1 AND c.number = (SELECT n.number FROM inbound n WHERE n.tenant = ?1 "
        "AND n.id = ?2) ORDER BY c.system";
    std::vector<ports::InboxItem> copies;
    auto rows = db.query(sql, tenant, id);
    while (rows.next()) {
        copies.push_back(read_copy(rows, false));
    }
    return copies;
}

bool is_open(const ports::InboxItem& copy) {
    return copy.state == core::InboundState::received || copy.state == core::InboundState::leased;
}

/// `ids` is what is left of the caller's.
void become_overdue(Engine& engine, ports::Settlement& settlement, core::Time now,
                    std::vector<core::EventId>& ids) {
    settlement.kind = ports::SettlementKind::overdue;
    settlement.at = now;
    settlement.overdue_now = true;
    settle_item(engine.db(), settlement.tenant, settlement.id, settlement.kind, now,
                core::SystemId());
    for (const auto& copy : copies_of(engine.db(), settlement.tenant, settlement.id)) {
        const bool waits = is_open(copy) || copy.state == core::InboundState::dead;
        if (waits && !ids.empty()) {
            append_inbox_event(engine, settlement.tenant, copy, ids.back(), "overdue", now, {});
            ids.pop_back();
        }
    }
}

}   // namespace

Result<void> settle_inbox(Engine& engine, const ports::InboxSettle& command) {
    auto& db = engine.db();
    auto copy = load_copy(db, command.tenant, command.system, command.id, false);
    if (!copy) {
        return Failure(Errc::not_found, "no such item");
    }
    const auto wanted =
        command.acknowledged ? core::InboundState::acknowledged : core::InboundState::rejected;
    if (copy->state == wanted) {
        return {};
    }
    // A dead one was leased last by whoever has this lease, too.
    const bool unsettled =
        copy->state == core::InboundState::leased || copy->state == core::InboundState::dead;
    if (!unsettled || copy->lease != command.lease) {
        return Failure(Errc::conflict, "leased by another since, or settled otherwise");
    }
    db.run("UPDATE inbox_copy SET state = ?, reason = ?, answer = ?, changed = ? WHERE tenant = ? "
           "AND system = ? AND number = ?",
           number_of(*copy_state(wanted)), command.reason.value, Blob(command.sealed_answer),
           command.at, command.tenant, command.system, copy->number);
    copy->state = wanted;
    append_inbox_event(engine, command.tenant, *copy, command.event_id,
                       std::string(core::to_string(wanted)), command.at, {});
    count_towards_settlement(db, command);
    return {};
}

Result<std::size_t> replay_inbox(Engine& engine, const ports::InboxReplay& command) {
    std::vector<ports::InboxItem> again;
    bool is_there = false;
    for (auto& copy : copies_of(engine.db(), command.tenant, command.id)) {
        const bool wanted = !command.system || copy.system == *command.system;
        is_there = is_there || wanted;
        if (wanted && !is_open(copy)) {
            again.push_back(std::move(copy));
        }
    }
    if (!is_there) {
        return Failure(Errc::not_found, "no such item");
    }
    if (again.empty()) {
        return Failure(Errc::conflict, "nothing of it is dead or settled");
    }
    if (engine.db()
            .query("SELECT 1 FROM erased_content WHERE tenant = ? AND kind = 3 AND owner = ?",
                   command.tenant, command.id)
            .next()) {
        return Failure(Errc::conflict, "its content has been erased");
    }
    if (again.size() > command.event_ids.size()) {
        return Failure(Errc::invalid_argument, "an event id for each copy");
    }
    for (std::size_t i = 0; i < again.size(); ++i) {
        auto& copy = again[i];
        engine.db().run(
            "UPDATE inbox_copy SET state = ?, fence = fence + 1, lease_until = 0, deliveries = 0, "
            "changed = ?, reason = '', answer = x'' WHERE tenant = ? AND system = ? AND number = ?",
            number_of(CopyState::received), command.at, command.tenant, copy.system, copy.number);
        copy.state = core::InboundState::received;
        append_inbox_event(engine, command.tenant, copy, command.event_ids[i], "replayed",
                           command.at, command.params);
    }
    return again.size();
}

Result<std::vector<ports::Settlement>> claim_settlements(Engine& engine,
                                                         const ports::SettlementClaim& command) {
    auto& db = engine.db();
    std::vector<ports::Settlement> due;
    {
        // Which they are is told by the index alone: however many wait, the content of those is
        // read.
        auto rows = db.query(
            "SELECT s.tenant, s.item, i.connection, i.type, i.dedupe_key, i.sealed, k.wrapped, "
            "s.kind, s.at, s.system, c.answer, s.failures, q.code FROM (SELECT tenant, item FROM "
            "settlement INDEXED BY settlement_due WHERE due IS NOT NULL AND due <= ? ORDER BY due "
            "LIMIT ?) d JOIN settlement s ON s.tenant = d.tenant AND s.item = d.item JOIN inbound "
            "i ON i.tenant = s.tenant AND i.id = s.item LEFT JOIN "
            "content_key k ON k.tenant = s.tenant AND k.kind = 3 AND k.owner = s.item LEFT JOIN "
            "inbox_copy c ON c.tenant = s.tenant AND c.system = s.system AND c.number = i.number "
            "LEFT JOIN quarantine q ON q.tenant = s.tenant AND q.item = s.item AND q.resolved IS "
            "NULL ORDER BY s.due",
            command.now, command.limit);
        while (rows.next()) {
            ports::Settlement settlement;
            settlement.tenant = core::TenantId(rows.text(0));
            settlement.id = core::InboxId(rows.uuid(1));
            settlement.connection = core::ConnectionId(rows.text(2));
            settlement.type = rows.text(3);
            settlement.dedupe_key = rows.text(4);
            settlement.sealed_content = rows.text(5);
            settlement.wrapped_key = rows.text(6);
            settlement.kind = static_cast<ports::SettlementKind>(rows.small(7));
            settlement.at = rows.instant(8);
            settlement.system = core::SystemId(rows.text(9));
            settlement.sealed_answer = rows.text(10);
            settlement.failures = rows.small(11);
            settlement.quarantined = !rows.is_null(12);
            settlement.code = core::Code(rows.text(12));
            due.push_back(std::move(settlement));
        }
    }
    auto ids = command.event_ids;
    for (auto& settlement : due) {
        if (static_cast<int>(settlement.kind) == 0) {
            become_overdue(engine, settlement, command.now, ids);
        }
        db.run("UPDATE settlement SET due = ? WHERE tenant = ? AND item = ?", command.again_at,
               settlement.tenant, settlement.id);
    }
    return due;
}

Result<void> finish_settlement(Engine& engine, const ports::SettlementDone& command) {
    const auto changed = engine.db().run(
        "UPDATE settlement SET due = ?1, failures = CASE WHEN ?1 IS NULL THEN 0 ELSE failures + 1 "
        "END WHERE tenant = ?2 AND item = ?3 AND kind > 0",
        command.again_at, command.tenant, command.id);
    if (changed == 0) {
        return Failure(Errc::not_found, "nothing to tell of it");
    }
    return {};
}

Result<void> release_quarantined(Engine& engine, const ports::ReleaseCommand& command) {
    auto& db = engine.db();
    ports::InboxItem copy;
    copy.id = command.id;
    copy.changed = command.at;
    std::string order_token;
    {
        auto rows = db.query(
            "SELECT q.resolved, i.type, i.number, i.connection, i.order_token FROM quarantine q "
            "JOIN inbound i ON i.tenant = q.tenant AND i.id = q.item WHERE q.tenant = ? AND q.item "
            "= ?",
            command.tenant, command.id);
        if (!rows.next()) {
            return Failure(Errc::not_found, "no such item");
        }
        copy.type = rows.text(1);
        if (!rows.is_null(0) || copy.type == "oddity") {
            return Failure(Errc::conflict, "has been settled, or is no message");
        }
        copy.number = rows.number(2);
        copy.connection = core::ConnectionId(rows.text(3));
        order_token = rows.text(4);
    }
    if (command.systems.empty() || command.event_ids.size() != command.systems.size()) {
        return Failure(Errc::invalid_argument, "systems, and an event id for each");
    }
    std::vector<core::Sha256> documents;
    {
        auto rows = db.query("SELECT hash FROM document_use WHERE tenant = ? AND owner = ? AND "
                             "system = '' ORDER BY place",
                             command.tenant, command.id);
        while (rows.next()) {
            documents.push_back(rows.sha256(0));
        }
    }
    for (std::size_t i = 0; i < command.systems.size(); ++i) {
        copy.system = command.systems[i];
        std::size_t place = 0;
        for (const auto& hash : documents) {
            use_document(db, command.tenant, static_cast<int>(Content::inbound), command.id.uuid,
                         place++, copy.system, hash);
        }
        insert_copy(engine, command.tenant, copy, order_token, command.event_ids[i]);
    }
    db.run("UPDATE inbound SET copies = ? WHERE tenant = ? AND id = ?", command.systems.size(),
           command.tenant, command.id);
    db.run("UPDATE settlement SET open = ? WHERE tenant = ? AND item = ? AND kind = 0",
           command.systems.size(), command.tenant, command.id);
    db.run("UPDATE quarantine SET resolved = ?, resolved_by = ?, sealed_reason = ? WHERE tenant = "
           "? AND item = ?",
           command.at, command.who, Blob(command.sealed_reason), command.tenant, command.id);
    return {};
}

}   // namespace gateway::store::sqlite
