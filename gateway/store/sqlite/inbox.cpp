#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

enum class CopyState { received = 1, leased = 2, acknowledged = 3, rejected = 4 };

constexpr int number_of(CopyState state) {
    return static_cast<int>(state);
}

}   // namespace

Result<ports::InboundAnswer> store_inbound(Engine& engine, const ports::InboundCommand& command) {
    auto& db = engine.db();
    for (const auto& hash : command.documents) {
        if (!has_document(db, command.tenant, hash)) {
            return Failure(Errc::not_found, "a document of it is not there");
        }
    }
    {
        auto rows =
            db.query("SELECT 1 FROM inbound WHERE tenant = ? AND connection = ? AND dedupe_key = ?",
                     command.tenant, command.connection, command.dedupe_key);
        if (rows.next()) {
            return ports::InboundAnswer::duplicate;
        }
    }
    const auto number = engine.next_number();
    const auto inserted = db.run(
        "INSERT OR IGNORE INTO inbound (tenant, id, number, connection, dedupe_key, type, at, "
        "copies, "
        "order_token, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        command.tenant, command.id, number, command.connection, command.dedupe_key, command.type,
        command.at, command.copies.size(), Blob(command.order_token), Blob(command.sealed_content));
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
    for (const auto& system : command.copies) {
        db.run("INSERT INTO inbox_copy (tenant, system, number, item, state, fence, lease_until, "
               "deliveries, changed, "
               "reason, order_token) VALUES (?, ?, ?, ?, ?, 0, 0, 0, ?, '', ?)",
               command.tenant, system, number, command.id, number_of(CopyState::received),
               command.at, Blob(command.order_token));
    }
    return ports::InboundAnswer::stored;
}

Result<std::vector<ports::InboxItem>> lease_inbox(Engine& engine,
                                                  const ports::InboxLease& command) {
    auto& db = engine.db();
    std::vector<std::uint64_t> numbers;
    {
        auto rows = db.query(
            "SELECT c.number FROM inbox_copy c INDEXED BY inbox_open WHERE c.tenant = ?1 AND "
            "c.system "
            "= ?2 AND c.state < 3 AND c.lease_until <= ?3 AND (c.order_token = x'' OR NOT EXISTS "
            "(SELECT 1 FROM inbox_copy o INDEXED BY inbox_in_order WHERE o.tenant = c.tenant AND "
            "o.system = c.system AND o.order_token = c.order_token AND o.number < c.number AND "
            "o.state < 3)) ORDER BY c.number LIMIT ?4",
            command.tenant, command.system, command.now, command.limit);
        while (rows.next()) {
            numbers.push_back(rows.number(0));
        }
    }
    std::vector<ports::InboxItem> items;
    for (const auto number : numbers) {
        db.run("UPDATE inbox_copy SET state = ?, fence = fence + 1, lease_until = ?, deliveries = "
               "deliveries + 1, "
               "changed = ? WHERE tenant = ? AND system = ? AND number = ?",
               number_of(CopyState::leased), command.until, command.now, command.tenant,
               command.system, number);
        auto rows = db.query(
            "SELECT i.id, i.connection, i.type, i.at, i.sealed, k.wrapped, c.fence, c.lease_until, "
            "c.deliveries FROM inbox_copy c JOIN inbound i ON i.tenant = c.tenant AND i.id = "
            "c.item "
            "LEFT JOIN content_key k ON k.tenant = i.tenant AND k.kind = 3 AND k.owner = i.id "
            "WHERE "
            "c.tenant = ? AND c.system = ? AND c.number = ?",
            command.tenant, command.system, number);
        if (!rows.next()) {
            continue;
        }
        ports::InboxItem item;
        item.id = core::InboxId(rows.uuid(0));
        item.connection = core::ConnectionId(rows.text(1));
        item.type = rows.text(2);
        item.at = rows.instant(3);
        item.sealed_content = rows.text(4);
        item.wrapped_key = rows.text(5);
        item.lease.value = rows.number(6);
        item.lease_until = rows.instant(7);
        item.deliveries = rows.small(8);
        items.push_back(std::move(item));
    }
    return items;
}

Result<void> settle_inbox(Engine& engine, const ports::InboxSettle& command) {
    auto& db = engine.db();
    std::uint64_t number = 0;
    int state = 0;
    core::Fence fence;
    {
        auto rows = db.query(
            "SELECT c.number, c.state, c.fence FROM inbound i JOIN inbox_copy c ON c.tenant = "
            "i.tenant AND c.number = i.number WHERE i.tenant = ? AND i.id = ? AND c.system = ?",
            command.tenant, command.id, command.system);
        if (!rows.next()) {
            return Failure(Errc::not_found, "no such item");
        }
        number = rows.number(0);
        state = rows.small(1);
        fence.value = rows.number(2);
    }
    const int wanted =
        number_of(command.acknowledged ? CopyState::acknowledged : CopyState::rejected);
    if (state == wanted) {
        return {};
    }
    if (state != number_of(CopyState::leased) || fence != command.lease) {
        return Failure(Errc::conflict, "leased by another since, or settled otherwise");
    }
    db.run("UPDATE inbox_copy SET state = ?, reason = ?, changed = ? WHERE tenant = ? AND system = "
           "? AND number = ?",
           wanted, command.reason.value, command.at, command.tenant, command.system, number);
    return {};
}

}   // namespace gateway::store::sqlite
