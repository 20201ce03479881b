#include "gateway/store/sqlite/failures.hpp"

#include "gateway/store/sqlite/delivery_rows.hpp"

#include <algorithm>
#include <limits>

namespace gateway::store::sqlite {
namespace {

constexpr auto latest = core::Time(core::Duration(std::numeric_limits<std::int64_t>::max()));

ports::FailureKind kind_of(const core::TenantId& tenant, const Rows& rows, int first) {
    ports::FailureKind kind;
    kind.tenant = tenant;
    kind.code = rows.text(first);
    kind.detail = rows.text(first + 1);
    kind.connection = rows.text(first + 2);
    kind.type = rows.text(first + 3);
    return kind;
}

void count(Database& db, const ports::FailureKind& kind, int by) {
    db.run("INSERT INTO failure_kind (tenant, code, detail, connection, type, count) VALUES (?, ?, "
           "?, ?, ?, ?) ON CONFLICT (tenant, code, detail, connection, type) DO UPDATE SET count = "
           "count + excluded.count",
           kind.tenant, kind.code, kind.detail, kind.connection, kind.type, by);
    db.run("DELETE FROM failure_kind WHERE tenant = ? AND code = ? AND detail = ? AND connection = "
           "? AND type = ? AND count = 0",
           kind.tenant, kind.code, kind.detail, kind.connection, kind.type);
}

std::string page_sql(bool oldest_first) {
    const std::string sql =
        "SELECT at, delivery, message, system, state FROM failure INDEXED BY failure_of_kind WHERE "
        "tenant = ?1 AND code = ?2 AND detail = ?3 AND connection = ?4 AND type = ?5 AND at <= ?6 ";
    return sql + (oldest_first ? "AND (at, delivery) > (?7, ?8) ORDER BY at, delivery LIMIT ?9"
                               : "AND (at, delivery) < (?7, ?8) ORDER BY at DESC, delivery DESC "
                                 "LIMIT ?9");
}

std::vector<ports::FailedDelivery> page(Database& db, const ports::FailureKind& kind,
                                        const ports::FailureQuery& query) {
    static const std::string forwards = page_sql(true);
    static const std::string backwards = page_sql(false);
    std::pair<core::Time, core::DeliveryId> place(query.oldest_first ? core::Time{} : latest,
                                                  core::DeliveryId());
    place = query.after.value_or(place);
    auto rows = db.query(query.oldest_first ? forwards : backwards, kind.tenant, kind.code,
                         kind.detail, kind.connection, kind.type, query.until.value_or(latest),
                         place.first, place.second, query.limit);
    std::vector<ports::FailedDelivery> found;
    while (rows.next()) {
        ports::FailedDelivery item;
        item.at = rows.instant(0);
        item.delivery = core::DeliveryId(rows.uuid(1));
        item.message = core::MessageId(rows.uuid(2));
        item.system = core::SystemId(rows.text(3));
        item.state = static_cast<core::DeliveryState>(rows.integer(4));
        item.kind = kind;
        found.push_back(std::move(item));
    }
    return found;
}

}   // namespace

void remove_failure(Database& db, const core::TenantId& tenant, core::DeliveryId delivery) {
    std::optional<ports::FailureKind> kind;
    {
        auto rows = db.query("SELECT code, detail, connection, type FROM failure WHERE tenant = ? "
                             "AND delivery = ?",
                             tenant, delivery);
        if (rows.next()) {
            kind = kind_of(tenant, rows, 0);
        }
    }
    if (kind) {
        db.run("DELETE FROM failure WHERE tenant = ? AND delivery = ?", tenant, delivery);
        count(db, *kind, -1);
    }
}

void add_failure(Database& db, const DeliveryRecord& record) {
    const auto& row = record.row;
    ports::FailureKind kind;
    kind.tenant = record.tenant;
    kind.code = row.code.value;
    kind.detail = ports::detail_of(row.params);
    kind.connection = row.connection ? row.connection->value : std::string();
    {
        auto rows = db.query("SELECT type FROM message WHERE tenant = ? AND id = ? AND newest = ?",
                             record.tenant, row.message, row.id);
        if (!rows.next()) {
            return;   // another has taken over: what became of this one concerns nobody
        }
        kind.type = rows.text(0);
    }
    db.run("INSERT INTO failure (tenant, delivery, message, system, state, at, code, detail, "
           "connection, type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           record.tenant, row.id, row.message, record.system, static_cast<int>(row.state),
           row.changed, kind.code, kind.detail, kind.connection, kind.type);
    count(db, kind, 1);
}

Result<std::vector<ports::FailureCount>> failures(Database& db,
                                                  const std::optional<core::TenantId>& tenant) {
    std::vector<ports::FailureCount> found;
    {
        auto take = [&](Rows rows) {
            while (rows.next()) {
                ports::FailureCount one;
                one.kind = kind_of(core::TenantId(rows.text(0)), rows, 1);
                one.count = rows.number(5);
                found.push_back(std::move(one));
            }
        };
        if (tenant) {
            take(db.query("SELECT tenant, code, detail, connection, type, count FROM failure_kind "
                          "WHERE tenant = ? ORDER BY code, detail, connection, type LIMIT ?",
                          *tenant, ports::failure_kinds_max));
        } else {
            take(db.query("SELECT tenant, code, detail, connection, type, count FROM failure_kind "
                          "ORDER BY tenant, code, detail, connection, type LIMIT ?",
                          ports::failure_kinds_max));
        }
    }
    for (auto& one : found) {
        ports::FailureQuery ends;
        ends.limit = ports::failure_samples_max;
        const auto newest = page(db, one.kind, ends);
        ends.limit = 1;
        ends.oldest_first = true;
        const auto oldest = page(db, one.kind, ends);
        if (newest.empty() || oldest.empty()) {
            continue;   // verify() finds it
        }
        one.newest = newest.front().at;
        one.oldest = oldest.front().at;
        for (const auto& item : newest) {
            one.samples.push_back(item.message);
        }
        if (const auto record = load_delivery(db, one.kind.tenant, newest.front().delivery)) {
            one.params = record->row.params;
        }
    }
    return found;
}

Result<std::vector<ports::FailedDelivery>> failed(Database& db, const ports::FailureQuery& query) {
    std::vector<ports::FailedDelivery> found;
    for (const auto& kind : query.kinds) {
        auto some = page(db, kind, query);
        found.insert(found.end(), std::make_move_iterator(some.begin()),
                     std::make_move_iterator(some.end()));
    }
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        const auto left = std::pair(a.at, a.delivery);
        const auto right = std::pair(b.at, b.delivery);
        return query.oldest_first ? left < right : right < left;
    });
    if (found.size() > query.limit) {
        found.resize(query.limit);
    }
    return found;
}

}   // namespace gateway::store::sqlite
