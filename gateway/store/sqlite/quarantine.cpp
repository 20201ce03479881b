#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

// The order of columns in read_item.
const std::string select_columns =
    "SELECT number, item, connection, at, code, params, media_type, content_bytes, tenant_known, "
    "resolved, resolved_by, sealed_reason, (SELECT i.type FROM inbound i WHERE i.tenant = "
    "quarantine.tenant AND i.id = quarantine.item) FROM quarantine ";

ports::QuarantinedItem read_item(const Rows& rows, const core::TenantId& tenant) {
    ports::QuarantinedItem item;
    item.tenant = tenant;
    item.number = rows.number(0);
    item.id = core::InboxId(rows.uuid(1));
    item.connection = core::ConnectionId(rows.text(2));
    item.at = rows.instant(3);
    item.code = core::Code(rows.text(4));
    item.params = read_params(rows.text(5));
    item.media_type = rows.text(6);
    item.content_bytes = rows.number(7);
    item.tenant_known = rows.integer(8) != 0;
    item.resolved = rows.optional_time(9);
    item.resolved_by = rows.text(10);
    item.sealed_reason = rows.text(11);
    item.type = rows.text(12);
    return item;
}

}   // namespace

void put_in_quarantine(Database& db, const ports::InboundCommand& command, std::uint64_t number) {
    db.run("INSERT INTO quarantine (tenant, number, item, connection, at, code, params, "
           "media_type, content_bytes, tenant_known, resolved_by, sealed_reason) VALUES (?, ?, ?, "
           "?, ?, ?, ?, ?, ?, ?, '', x'')",
           command.tenant, number, command.id, command.connection, command.at, command.code.value,
           write_params(command.params), command.media_type, command.content_bytes,
           command.tenant_known);
}

Result<std::vector<ports::QuarantinedItem>> quarantined(Database& db,
                                                        const ports::QuarantineQuery& query) {
    static const std::string end = " AND (?2 = 0 OR number < ?2) ORDER BY number DESC LIMIT ?3";
    static const std::string waiting =
        select_columns + "INDEXED BY quarantine_waiting WHERE tenant = ?1 AND resolved IS NULL" +
        end;
    static const std::string settled =
        select_columns +
        "INDEXED BY quarantine_settled WHERE tenant = ?1 AND resolved IS NOT NULL" + end;
    std::vector<ports::QuarantinedItem> items;
    auto rows =
        db.query(query.resolved ? settled : waiting, query.tenant, query.before, query.limit);
    while (rows.next()) {
        items.push_back(read_item(rows, query.tenant));
    }
    return items;
}

Result<std::optional<ports::QuarantinedItem>>
find_quarantined(Database& db, const core::TenantId& tenant, core::InboxId id) {
    static const std::string sql = select_columns + "WHERE tenant = ? AND item = ?";
    std::optional<ports::QuarantinedItem> item;
    {
        auto rows = db.query(sql, tenant, id);
        if (!rows.next()) {
            return item;
        }
        item = read_item(rows, tenant);
    }
    auto rows = db.query("SELECT sealed, raw FROM inbound WHERE tenant = ? AND id = ?", tenant, id);
    if (rows.next()) {
        item->sealed_content = rows.text(0);
        item->sealed_raw = rows.text(1);
    }
    item->wrapped_key = find_key(db, tenant, Content::inbound, id.to_bytes());
    return item;
}

Result<void> resolve_quarantined(Engine& engine, const ports::ResolveCommand& command) {
    auto& db = engine.db();
    {
        auto rows = db.query("SELECT resolved FROM quarantine WHERE tenant = ? AND item = ?",
                             command.tenant, command.id);
        if (!rows.next()) {
            return Failure(Errc::not_found, "no such item");
        }
        if (!rows.is_null(0)) {
            return Failure(Errc::conflict, "has been settled");
        }
    }
    db.run("UPDATE quarantine SET resolved = ?, resolved_by = ?, sealed_reason = ? WHERE tenant = "
           "? AND item = ?",
           command.at, command.who, Blob(command.sealed_reason), command.tenant, command.id);
    return {};
}

std::uint64_t count_quarantined(Database& db) {
    return static_cast<std::uint64_t>(db.value("SELECT count(*) FROM quarantine INDEXED BY "
                                               "quarantine_waiting WHERE resolved IS NULL"));
}

}   // namespace gateway::store::sqlite
