#include "gateway/store/sqlite/flow.hpp"

#include "gateway/json/value.hpp"
#include "gateway/store/flow_rules.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using ports::FlowFigure;

struct SentMessage {
    std::string type;
    core::Time created{};
};

std::optional<SentMessage> sent_message(Database& db, const DeliveryRecord& record) {
    auto rows = db.query("SELECT type, created FROM message WHERE tenant = ? AND id = ?",
                         record.tenant, record.row.message);
    if (!rows.next()) {
        return std::nullopt;
    }
    SentMessage message;
    message.type = rows.text(0);
    message.created = rows.instant(1);
    return message;
}

/// A copy on paper beside a letter that nobody opened is no second delivery of its message.
FlowMove without_earlier(Database& db, const DeliveryRecord& record, FlowMove move) {
    auto earlier = record.row.replaces;
    auto number = record.number;
    while (earlier && (move.handed_over || move.delivered)) {
        const auto old = load_delivery(db, record.tenant, *earlier);
        if (!old || old->number >= number) {
            break;
        }
        move.handed_over = move.handed_over && !core::is_handed_over(old->row.state);
        move.delivered = move.delivered && old->row.state != core::DeliveryState::delivered &&
                         old->row.state != core::DeliveryState::read;
        earlier = old->row.replaces;
        number = old->number;
    }
    return move;
}

/// By a person, or with its group; or it is a correction of one that failed.
bool was_sent_anew(Database& db, const DeliveryRecord& record) {
    if (!record.row.replaces) {
        return db
            .query("SELECT 1 FROM replacement WHERE tenant = ? AND new = ?", record.tenant,
                   record.row.message)
            .next();
    }
    return db
        .query("SELECT 1 FROM event INDEXED BY event_of_message WHERE tenant = ? AND message "
               "= ? AND name IN ('retried', 'resent') LIMIT 1",
               record.tenant, record.row.message)
        .next();
}

/// The rows that a question is about.
std::string flow_rows(const ports::FlowQuery& query, const std::string& columns) {
    const auto part = [&](const char* table, const char* hour, const char* unit) {
        std::string sql = "SELECT ";
        sql += hour;
        sql += " AS hour, system, type, connection, figure, count FROM ";
        sql += table;
        sql += " WHERE tenant = ?1 AND ";
        sql += unit;
        sql += query.system ? " AND system = ?4" : " AND ?4 IS NULL";
        sql += query.type ? " AND type = ?5" : " AND ?5 IS NULL";
        sql += query.connections.empty() ? " AND ?6 = '[]'"
                                         : " AND connection IN (SELECT value FROM json_each(?6))";
        return sql;
    };
    std::string sql = "SELECT " + columns + " FROM (";
    sql += part("flow_hour", query.by_day ? "(hour + 1) / 24 * 24 - 1" : "hour",
                "hour >= ?2 AND hour < ?3");
    if (query.by_day) {
        sql += " UNION ALL ";
        sql += part("flow_day", "day * 24 - 1", "day >= (?2 + 1) / 24 AND day < (?3 + 1) / 24");
    }
    return sql + ") ";
}

Rows read_flow(Database& db, const ports::FlowQuery& query, const std::string& sql) {
    json::Value connections = json::Value::array();
    for (const auto& connection : query.connections) {
        connections.push(connection);
    }
    return db.query(sql, query.tenant, query.from, query.until, query.system, query.type,
                    json::write(connections));
}

std::optional<std::int64_t> first_of_flow(Database& db, const core::TenantId& tenant) {
    std::optional<std::int64_t> first;
    {
        auto rows = db.query("SELECT min(hour) FROM flow_hour WHERE tenant = ?", tenant);
        if (rows.next() && !rows.is_null(0)) {
            first = rows.integer(0);
        }
    }
    auto rows = db.query("SELECT min(day) FROM flow_day WHERE tenant = ?", tenant);
    if (rows.next() && !rows.is_null(0)) {
        const auto hour = ports::first_hour(rows.integer(0));
        first = std::min(first.value_or(hour), hour);
    }
    return first;
}

/// From one tenant to the next: a look each, however many rows they have.
std::vector<core::TenantId> tenants_of_flow(Database& db) {
    std::vector<core::TenantId> tenants;
    core::TenantId last;
    for (;;) {
        auto rows = db.query("SELECT tenant FROM flow_hour WHERE tenant > ?1 UNION ALL SELECT "
                             "tenant FROM flow_day WHERE tenant > ?1 ORDER BY tenant LIMIT 1",
                             last);
        if (!rows.next()) {
            return tenants;
        }
        last = core::TenantId(rows.text(0));
        tenants.push_back(last);
    }
}

/// False when the tenant's oldest hours are of a day that is still kept apart.
bool make_day(Database& db, const core::TenantId& tenant, std::int64_t apart) {
    std::int64_t day = 0;
    {
        auto rows = db.query("SELECT min(hour) FROM flow_hour WHERE tenant = ?", tenant);
        if (!rows.next() || rows.is_null(0)) {
            return false;
        }
        day = ports::flow_day(rows.integer(0));
    }
    if (day >= apart) {
        return false;
    }
    const auto from = ports::first_hour(day);
    const auto until = ports::first_hour(day + 1);
    db.run("INSERT INTO flow_day (tenant, day, system, type, connection, figure, count) SELECT "
           "tenant, ?2, system, type, connection, figure, sum(count) FROM flow_hour WHERE tenant "
           "= ?1 AND hour >= ?3 AND hour < ?4 GROUP BY system, type, connection, figure HAVING "
           "sum(count) <> 0 ON CONFLICT (tenant, day, system, type, connection, figure) DO UPDATE "
           "SET count = count + excluded.count",
           tenant, day, from, until);
    db.run("DELETE FROM flow_hour WHERE tenant = ? AND hour >= ? AND hour < ?", tenant, from,
           until);
    return true;
}

}   // namespace

void count_accepted(Engine& engine, const DeliveryRecord& record, const std::string& type) {
    const FlowKey key(record.tenant, record.row.created, record.system, type,
                      record.row.connection);
    engine.count_flow(key.of(FlowFigure::accepted), 1);
}

void count_received(Engine& engine, const core::TenantId& tenant, const ports::InboxItem& copy) {
    const FlowKey key(tenant, copy.changed, copy.system, copy.type, copy.connection);
    engine.count_flow(key.of(FlowFigure::received), 1);
}

void count_retried(Engine& engine, const DeliveryRecord& old,
                   const std::optional<core::ConnectionId>& connection, core::Time at) {
    if (const auto message = sent_message(engine.db(), old)) {
        const FlowKey key(old.tenant, at, old.system, message->type, connection);
        engine.count_flow(key.of(FlowFigure::retried), 1);
    }
}

void count_moved(Engine& engine, const DeliveryRecord& before, const DeliveryRecord& after,
                 core::Time at, bool taken_over) {
    auto move = flow_move(before.row.state, after.row.state, taken_over);
    const bool accepted = moves_accepted(before.row, after.row);
    if (!move && !accepted) {
        return;
    }
    auto& db = engine.db();
    const auto message = sent_message(db, after);
    if (!message) {
        return;
    }
    if (accepted) {
        const FlowKey from(after.tenant, message->created, after.system, message->type,
                           before.row.connection);
        const FlowKey to(after.tenant, message->created, after.system, message->type,
                         after.row.connection);
        engine.count_flow(from.of(FlowFigure::accepted), -1);
        engine.count_flow(to.of(FlowFigure::accepted), 1);
    }
    move = without_earlier(db, after, move);
    const FlowKey key(after.tenant, at, after.system, message->type, after.row.connection);
    if (move.handed_over) {
        engine.count_flow(key.of(FlowFigure::handed_over), 1);
        if (was_sent_anew(db, after)) {
            engine.count_flow(key.of(FlowFigure::mended), 1);
        }
    }
    if (move.delivered) {
        engine.count_flow(key.of(FlowFigure::delivered), 1);
        engine.count_flow(key.of(delivery_time_figure(at - message->created)), 1);
    }
    if (move.failed) {
        engine.count_flow(key.of(FlowFigure::failed), 1);
    }
}

Result<ports::FlowSeries> flow_series(Database& db, const ports::FlowQuery& query) {
    ports::FlowSeries series;
    series.first = first_of_flow(db, query.tenant);
    auto rows = read_flow(db, query,
                          flow_rows(query, "hour, figure, sum(count)") +
                              "GROUP BY hour, figure HAVING sum(count) <> 0 ORDER BY hour, figure");
    while (rows.next()) {
        series.points.emplace_back(rows.integer(0), rows.small(1), rows.integer(2));
    }
    return series;
}

Result<std::vector<ports::FlowWay>> flow_ways(Database& db, const ports::FlowQuery& query) {
    std::vector<ports::FlowWay> ways;
    auto rows = read_flow(db, query,
                          flow_rows(query, "system, type, connection, figure, sum(count)") +
                              "GROUP BY system, type, connection, figure HAVING sum(count) <> 0 "
                              "ORDER BY system, type, connection, figure");
    while (rows.next()) {
        ports::FlowWay way;
        way.system = core::SystemId(rows.text(0));
        way.type = rows.text(1);
        way.connection = rows.text(2);
        way.figure = rows.small(3);
        way.count = rows.integer(4);
        ways.push_back(std::move(way));
    }
    return ways;
}

Result<bool> keep_flow(Database& db, std::int64_t apart, std::int64_t forget) {
    const auto tenants = tenants_of_flow(db);
    for (const auto& tenant : tenants) {
        if (make_day(db, tenant, apart)) {
            return true;   // one at a time: the writer has others to serve
        }
    }
    for (const auto& tenant : tenants) {
        db.run("DELETE FROM flow_day WHERE tenant = ? AND day < ?", tenant, forget);
    }
    return false;
}

}   // namespace gateway::store::sqlite
