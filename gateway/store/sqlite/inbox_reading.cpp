#include "gateway/store/sqlite/inbox_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {

Result<std::optional<ports::InboxItem>> find_inbox(Database& db, const core::TenantId& tenant,
                                                   const std::optional<core::SystemId>& system,
                                                   core::InboxId id) {
    if (system) {
        return load_copy(db, tenant, *system, id, true);
    }
    static const std::string sql =
        copy_columns(true) +
        "WHERE c.tenant = ?1 AND c.number = (SELECT n.number FROM inbound n WHERE n.tenant = ?1 "
        "AND n.id = ?2) ORDER BY c.system LIMIT 1";
    auto rows = db.query(sql, tenant, id);
    return rows.next() ? std::optional(read_copy(rows, true)) : std::nullopt;
}

Result<std::vector<ports::InboxItem>> list_inbox(Database& db, const ports::InboxQuery& query) {
    std::vector<ports::InboxItem> items;
    std::optional<int> state;
    if (query.state) {
        const auto wanted = copy_state(*query.state);
        if (!wanted) {
            return items;
        }
        state = number_of(*wanted);
    }
    // Each combination walks an index of its own, newest first.
    std::string sql = copy_columns(false);
    sql += "WHERE c.tenant = ?1 AND (?2 = 0 OR c.number < ?2)";
    sql += query.system ? " AND c.system = ?3" : " AND ?3 IS NULL";
    sql += state ? " AND c.state = ?4" : " AND ?4 IS NULL";
    sql += " ORDER BY c.number DESC, c.system LIMIT ?5";
    auto rows = db.query(sql, query.tenant, query.before, query.system, state, query.limit);
    while (rows.next()) {
        items.push_back(read_copy(rows, false));
    }
    return items;
}

Result<std::vector<ports::InboxCount>> inbox_counts(Database& db, const core::TenantId& tenant,
                                                    const std::optional<core::SystemId>& system,
                                                    core::Time from, core::Time until) {
    static const std::string sql =
        "SELECT coalesce(c.system, ''), i.type, c.state, count(*) FROM inbound i INDEXED BY "
        "inbound_by_time LEFT JOIN inbox_copy c INDEXED BY inbox_copy_of_item ON c.tenant = "
        "i.tenant AND c.number = i.number WHERE i.tenant = ?1 AND i.at >= ?2 AND i.at < ?3 AND "
        "i.type <> 'oddity' AND (?4 IS NULL OR c.system = ?4) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
    std::vector<ports::InboxCount> counts;
    auto rows = db.query(sql, tenant, from, until, system);
    while (rows.next()) {
        ports::InboxCount count;
        count.system = core::SystemId(rows.text(0));
        count.type = rows.text(1);
        count.state = rows.is_null(2) ? core::InboundState::quarantined
                                      : inbound_state(static_cast<CopyState>(rows.small(2)));
        count.count = rows.number(3);
        counts.push_back(std::move(count));
    }
    return counts;
}

}   // namespace gateway::store::sqlite
