#include "gateway/store/sqlite/inbox_rows.hpp"

#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/flow.hpp"

namespace gateway::store::sqlite {

core::InboundState inbound_state(CopyState state) {
    switch (state) {
    case CopyState::dead: return core::InboundState::dead;
    case CopyState::leased: return core::InboundState::leased;
    case CopyState::acknowledged: return core::InboundState::acknowledged;
    case CopyState::rejected: return core::InboundState::rejected;
    case CopyState::received: break;
    }
    return core::InboundState::received;
}

std::optional<CopyState> copy_state(core::InboundState state) {
    switch (state) {
    case core::InboundState::dead: return CopyState::dead;
    case core::InboundState::received: return CopyState::received;
    case core::InboundState::leased: return CopyState::leased;
    case core::InboundState::acknowledged: return CopyState::acknowledged;
    case core::InboundState::rejected: return CopyState::rejected;
    case core::InboundState::quarantined: break;
    }
    return std::nullopt;
}

std::string copy_columns(bool whole) {
    const std::string sealed = whole ? ", i.sealed, k.wrapped, c.answer" : "";
    const std::string key = whole ? " LEFT JOIN content_key k ON k.tenant = c.tenant AND k.kind = "
                                    "3 AND k.owner = c.item"
                                  : "";
    return "SELECT c.item, c.system, c.number, i.connection, c.type, i.at, c.changed, c.state, "
           "c.fence, c.lease_until, c.deliveries, c.reason, s.answer_by" +
           sealed + " FROM inbox_copy c JOIN inbound i ON i.tenant = c.tenant AND i.id = c.item" +
           key + " LEFT JOIN settlement s ON s.tenant = c.tenant AND s.item = c.item ";
}

ports::InboxItem read_copy(const Rows& rows, bool whole) {
    ports::InboxItem item;
    item.id = core::InboxId(rows.uuid(0));
    item.system = core::SystemId(rows.text(1));
    item.number = rows.number(2);
    item.connection = core::ConnectionId(rows.text(3));
    item.type = rows.text(4);
    item.at = rows.instant(5);
    item.changed = rows.instant(6);
    item.state = inbound_state(static_cast<CopyState>(rows.small(7)));
    item.lease.value = rows.number(8);
    item.lease_until = rows.instant(9);
    item.deliveries = rows.small(10);
    item.reason = core::Code(rows.text(11));
    item.answer_by = rows.optional_time(12);
    if (whole) {
        item.sealed_content = rows.text(13);
        item.wrapped_key = rows.text(14);
        item.sealed_answer = rows.text(15);
    }
    return item;
}

std::optional<ports::InboxItem> load_copy(Database& db, const core::TenantId& tenant,
                                          const core::SystemId& system, core::InboxId id,
                                          bool whole) {
    static const std::string where =
        "WHERE c.tenant = ?1 AND c.system = ?2 AND c.number = (SELECT n.number FROM inbound n "
        "WHERE n.tenant = ?1 AND n.id = ?3)";
    static const std::string brief = copy_columns(false) + where;
    static const std::string full = copy_columns(true) + where;
    auto rows = db.query(whole ? full : brief, tenant, system, id);
    return rows.next() ? std::optional(read_copy(rows, whole)) : std::nullopt;
}

void append_inbox_event(Engine& engine, const core::TenantId& tenant, const ports::InboxItem& copy,
                        core::EventId id, const std::string& name, core::Time at,
                        const core::Params& params) {
    engine.db().run(
        "INSERT INTO event (tenant, position, id, system, message, delivery, connection, state, "
        "at, name, code, params, sealed_params, next) VALUES (?,?,?,?,?,NULL,?,?,?,?,?,?,x'',NULL)",
        tenant, engine.place_event(tenant, id), id, copy.system, copy.id, copy.connection,
        static_cast<int>(copy.state), at, name, "inbox." + name, write_params(params));
}

void insert_copy(Engine& engine, const core::TenantId& tenant, ports::InboxItem copy,
                 const std::string& order_token, core::EventId event) {
    engine.db().run("INSERT INTO inbox_copy (tenant, system, number, item, state, fence, "
                    "lease_until, deliveries, changed, reason, order_token, type) VALUES (?, ?, "
                    "?, ?, ?, 0, 0, 0, ?, '', ?, ?)",
                    tenant, copy.system, copy.number, copy.id, number_of(CopyState::received),
                    copy.changed, Blob(order_token), copy.type);
    copy.state = core::InboundState::received;
    count_received(engine, tenant, copy);
    append_inbox_event(engine, tenant, copy, event, "received", copy.changed,
                       {{"type", copy.type}});
}

}   // namespace gateway::store::sqlite
