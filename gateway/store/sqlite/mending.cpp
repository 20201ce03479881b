#include "gateway/ports/mending.hpp"

#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

// A corrected message in place of one that failed: one transaction, so there never are two that are
// sent, nor none.

namespace gateway::store::sqlite {

using core::Errc;
using core::Failure;

namespace {

bool is_there(Database& db, const ports::AcceptCommand& command) {
    return db.query("SELECT 1 FROM message WHERE tenant = ? AND id = ?", command.tenant,
                    command.message)
               .next() ||
           load_delivery(db, command.tenant, command.delivery.id);
}

}   // namespace

bool is_replaced(Database& db, const core::TenantId& tenant, core::MessageId message) {
    return db.query("SELECT 1 FROM replacement WHERE tenant = ? AND old = ?", tenant, message)
        .next();
}

Result<ports::AcceptAnswer> replace(Engine& engine, const ports::ReplaceCommand& command) {
    auto& db = engine.db();
    const auto& message = command.message;
    auto answer = judge_accept(db, message);
    if (answer.result != ports::Accepted::accepted) {
        return answer;
    }
    const auto deliveries = deliveries_of(db, message.tenant, command.old);
    if (deliveries.empty()) {
        return Failure(Errc::not_found, "no such message");
    }
    const auto& before = deliveries.back();
    std::vector<ports::DeliveryRow> rows;
    for (const auto& delivery : deliveries) {
        rows.push_back(delivery.row);
    }
    const bool as_seen =
        before.row.id == command.seen && before.row.changed == command.seen_changed;
    if (!as_seen || before.lease_until || is_replaced(db, message.tenant, command.old) ||
        ports::obstacle_to_replacing(rows) != ports::Obstacle::none || is_there(db, message)) {
        return Failure(Errc::conflict, "is not as it was seen, or may not be replaced");
    }
    auto record =
        opened(message.delivery, message.tenant, message.system, message.message, message.at);
    const bool same_order = keeps_place_of(before, record);
    record.place = before.place;
    auto closed = before;
    close_replaced(closed, message.at, message.message);
    save_delivery(engine, before, closed);
    db.run("INSERT INTO replacement (tenant, old, new, at) VALUES (?, ?, ?, ?)", message.tenant,
           command.old, message.message, message.at);
    append_events(engine, closed, command.closing);
    if (!write_accepted(engine, message, std::move(record), same_order)) {
        return Failure(Errc::internal, "the id is taken, which was looked at");
    }
    return answer;
}

}   // namespace gateway::store::sqlite
