// What passed during the calls for a delivery: written with the call's end, read by nobody but
// operators.

#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {

void keep_exchanges(Database& db, const core::TenantId& tenant, core::MessageId message,
                    core::DeliveryId delivery, const ports::NewExchanges& passed, core::Time at) {
    std::int64_t before = 0;
    {
        auto rows =
            db.query("SELECT coalesce(max(call), 0) FROM exchange WHERE tenant = ? AND "
                     "message = ? AND attempt = ? AND delivery = ? AND work = ?",
                     tenant, message, passed.attempt, delivery, static_cast<int>(passed.work));
        before = rows.next() ? rows.integer(0) : 0;
    }
    db.run(
        "INSERT OR REPLACE INTO exchange (tenant, message, attempt, delivery, work, place, call, "
        "at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        tenant, message, passed.attempt, delivery, static_cast<int>(passed.work),
        before == 0 ? 0 : 1, before + 1, at, Blob(passed.sealed));
}

void remove_exchanges(Database& db, const core::TenantId& tenant, core::MessageId message) {
    db.run("DELETE FROM exchange WHERE tenant = ? AND message = ?", tenant, message);
}

Result<std::vector<ports::StoredExchanges>> exchanges(Database& db, const core::TenantId& tenant,
                                                      core::MessageId message, int attempt) {
    std::vector<ports::StoredExchanges> found;
    auto rows = db.query("SELECT delivery, work, call, at, sealed FROM exchange WHERE tenant = ? "
                         "AND message = ? AND attempt = ? ORDER BY delivery, work, place",
                         tenant, message, attempt);
    while (rows.next()) {
        ports::StoredExchanges one;
        one.delivery = core::DeliveryId(rows.uuid(0));
        one.attempt = attempt;
        one.work = static_cast<core::Work>(rows.small(1));
        one.call = rows.number(2);
        one.at = rows.instant(3);
        one.sealed = rows.text(4);
        found.push_back(std::move(one));
    }
    return found;
}

}   // namespace gateway::store::sqlite
