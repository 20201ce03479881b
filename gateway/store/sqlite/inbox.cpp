#include "gateway/store/inbox_limits.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/inbox_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

/// "form,transfer" with commas around, as lease_sql looks for them.
std::string type_list(const std::vector<std::string>& types) {
    std::string list = ",";
    for (const auto& type : types) {
        list += type + ",";
    }
    return list;
}

// What may be handed out now. A dead one before it in its order holds it up, as an open one does.
constexpr const char* lease_sql =
    "SELECT c.number, c.deliveries FROM inbox_copy c INDEXED BY inbox_open WHERE c.tenant = ?1 AND "
    "c.system = ?2 AND c.state < 3 AND c.state > 0 AND c.lease_until <= ?3 AND instr(?4, ',' || "
    "substr(c.type, 1, instr(c.type, '/') - 1) || ',') > 0 AND (c.order_token = x'' OR NOT EXISTS "
    "(SELECT 1 FROM inbox_copy o INDEXED BY inbox_in_order WHERE o.tenant = c.tenant AND o.system "
    "= c.system AND o.order_token = c.order_token AND o.number < c.number AND o.state < 3)) ORDER "
    "BY c.number LIMIT ?5";

std::optional<ports::InboxItem> copy_of_number(Database& db, const ports::InboxLease& command,
                                               std::uint64_t number, bool whole) {
    static const std::string where = "WHERE c.tenant = ? AND c.system = ? AND c.number = ?";
    static const std::string full = copy_columns(true) + where;
    static const std::string brief = copy_columns(false) + where;
    auto rows = db.query(whole ? full : brief, command.tenant, command.system, number);
    return rows.next() ? std::optional(read_copy(rows, whole)) : std::nullopt;
}

void let_die(Engine& engine, const ports::InboxLease& command, std::uint64_t number,
             ports::InboxBatch& batch) {
    if (batch.dead.size() == command.event_ids.size()) {
        return;   // no id for its event: next time
    }
    engine.db().run("UPDATE inbox_copy SET state = ?, changed = ? WHERE tenant = ? AND system = ? "
                    "AND number = ?",
                    number_of(CopyState::dead), command.now, command.tenant, command.system,
                    number);
    if (auto copy = copy_of_number(engine.db(), command, number, false)) {
        append_inbox_event(engine, command.tenant, *copy, command.event_ids[batch.dead.size()],
                           "dead", command.now, {{"deliveries", std::to_string(copy->deliveries)}});
        batch.dead.push_back(std::move(*copy));
    }
}

/// Of an item that is here already: what its adapter was told of it, to be told again.
ports::InboundAnswer what_became_of(Database& db, const ports::InboundCommand& command,
                                    core::InboxId id, bool quarantined) {
    ports::InboundAnswer answer;
    answer.result = ports::Inbounded::duplicate;
    answer.id = id;
    answer.quarantined = quarantined;
    auto rows = db.query(
        "SELECT s.kind, c.answer, k.wrapped, q.code FROM inbound i LEFT JOIN settlement s ON "
        "s.tenant = i.tenant AND s.item = i.id LEFT JOIN inbox_copy c ON c.tenant = i.tenant AND "
        "c.system = s.system AND c.number = i.number LEFT JOIN content_key k ON k.tenant = "
        "i.tenant AND k.kind = 3 AND k.owner = i.id LEFT JOIN quarantine q ON q.tenant = i.tenant "
        "AND q.item = i.id AND q.resolved IS NULL WHERE i.tenant = ? AND i.id = ?",
        command.tenant, id);
    if (rows.next()) {
        if (rows.integer(0) > 0) {
            answer.settled = static_cast<ports::SettlementKind>(rows.small(0));
        }
        answer.sealed_answer = rows.text(1);
        answer.wrapped_key = rows.text(2);
        answer.code = core::Code(rows.text(3));
    }
    return answer;
}

}   // namespace

Result<ports::InboundAnswer> store_inbound(Engine& engine, const ports::InboundCommand& command) {
    auto& db = engine.db();
    std::optional<std::pair<core::InboxId, bool>> known;
    {
        auto rows = db.query(
            "SELECT id, copies FROM inbound WHERE tenant = ? AND connection = ? AND dedupe_key = ?",
            command.tenant, command.connection, command.dedupe_key);
        if (rows.next()) {
            known.emplace(core::InboxId(rows.uuid(0)), rows.integer(1) == 0);
        }
    }
    if (known) {
        return what_became_of(db, command, known->first, known->second);
    }
    ports::InboundAnswer answer;
    answer.id = command.id;
    answer.quarantined = command.copies.empty();
    for (const auto& hash : command.documents) {
        if (!has_document(db, command.tenant, hash)) {
            return Failure(Errc::not_found, "a document of it is not there");
        }
    }
    if (command.event_ids.size() != command.copies.size()) {
        return Failure(Errc::invalid_argument, "an event id for each copy");
    }
    const auto number = engine.next_number();
    const auto inserted = db.run(
        "INSERT OR IGNORE INTO inbound (tenant, id, number, connection, dedupe_key, type, at, "
        "copies, order_token, sealed, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        command.tenant, command.id, number, command.connection, command.dedupe_key, command.type,
        command.at, command.copies.size(), Blob(command.order_token), Blob(command.sealed_content),
        Blob(command.sealed_raw));
    if (inserted == 0) {
        return Failure(Errc::conflict, "the id is taken");
    }
    put_key(db, command.tenant, Content::inbound, command.id.to_bytes(), command.wrapped_key);
    auto readers = command.copies;
    if (readers.empty()) {
        put_in_quarantine(db, command, number);
        readers.emplace_back();   // quarantined: nobody's yet, but kept
    }
    for (const auto& system : readers) {
        std::size_t place = 0;
        for (const auto& hash : command.documents) {
            use_document(db, command.tenant, static_cast<int>(Content::inbound), command.id.uuid,
                         place++, system, hash);
        }
    }
    ports::InboxItem copy;
    copy.id = command.id;
    copy.number = number;
    copy.connection = command.connection;
    copy.type = command.type;
    copy.changed = command.at;
    for (std::size_t i = 0; i < command.copies.size(); ++i) {
        copy.system = command.copies[i];
        insert_copy(engine, command.tenant, copy, command.order_token, command.event_ids[i]);
    }
    if (const auto& telling = command.telling) {
        const auto now = telling->at_once ? std::optional(command.at) : std::nullopt;
        const auto kind = telling->at_once ? static_cast<int>(ports::SettlementKind::stored) : 0;
        db.run("INSERT INTO settlement (tenant, item, answer_by, open, kind, at, system, due, "
               "failures) VALUES (?, ?, ?, ?, ?, ?, '', ?, 0)",
               command.tenant, command.id, telling->answer_by, command.copies.size(), kind, now,
               now ? now : telling->answer_by);
    }
    return answer;
}

Result<ports::InboxBatch> lease_inbox(Engine& engine, const ports::InboxLease& command) {
    auto& db = engine.db();
    std::vector<std::pair<std::uint64_t, int>> found;
    {
        auto rows = db.query(lease_sql, command.tenant, command.system, command.now,
                             type_list(command.types), command.limit);
        while (rows.next()) {
            found.emplace_back(rows.number(0), rows.small(1));
        }
    }
    ports::InboxBatch batch;
    std::uint64_t bytes = 0;
    for (const auto& [number, deliveries] : found) {
        if (bytes >= inbox_bytes_max) {
            break;
        }
        if (deliveries >= command.deliveries_max) {
            let_die(engine, command, number, batch);
            continue;
        }
        db.run("UPDATE inbox_copy SET state = ?, fence = fence + 1, lease_until = ?, deliveries = "
               "deliveries + 1, changed = ? WHERE tenant = ? AND system = ? AND number = ?",
               number_of(CopyState::leased), command.until, command.now, command.tenant,
               command.system, number);
        if (auto copy = copy_of_number(db, command, number, true)) {
            bytes += copy->sealed_content.size();
            batch.items.push_back(std::move(*copy));
        }
    }
    return batch;
}

Result<bool> has_inbox(Database& db, const ports::InboxLease& command) {
    auto rows = db.query(lease_sql, command.tenant, command.system, command.now,
                         type_list(command.types), 1);
    return rows.next();
}

}   // namespace gateway::store::sqlite
