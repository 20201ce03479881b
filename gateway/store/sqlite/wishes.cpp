#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/flow.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {

using core::Errc;
using core::Failure;

Result<ports::CancelAnswer> cancel(Engine& engine, const ports::CancelCommand& command) {
    auto& db = engine.db();
    core::SystemId system;
    core::DeliveryId newest;
    {
        auto rows = db.query("SELECT system, newest FROM message WHERE tenant = ? AND id = ?",
                             command.tenant, command.message);
        if (!rows.next()) {
            return ports::CancelAnswer::not_found;
        }
        system = core::SystemId(rows.text(0));
        newest = core::DeliveryId(rows.uuid(1));
    }
    const auto before = load_delivery(db, command.tenant, newest);
    if (!before || (command.system && *command.system != system)) {
        return ports::CancelAnswer::not_found;
    }
    auto record = *before;
    const auto effect = store::cancel(record, command);
    if (effect.changed) {
        save_delivery(engine, *before, record);
        append_events(engine, record, command.requested);
        if (effect.answer == ports::CancelAnswer::cancelled) {
            append_events(engine, record, command.cancelled);
        }
        engine.made_work();
    }
    return effect.answer;
}

Result<void> hold(Engine& engine, const core::TenantId& tenant, core::DeliveryId delivery,
                  core::Time at, const std::vector<ports::NewEvent>& events) {
    const auto before = load_delivery(engine.db(), tenant, delivery);
    if (!before) {
        return Failure(Errc::not_found, "no such delivery");
    }
    auto record = *before;
    if (!store::hold(record, at)) {
        return Failure(Errc::conflict, "cannot be held in this state");
    }
    // A person's wish now; what it last failed of stands on the timeline.
    record.row.code = events.empty() ? core::Code() : events.back().code;
    record.row.params.clear();
    save_delivery(engine, *before, record);
    append_events(engine, record, events);
    return {};
}

Result<void> release(Engine& engine, const core::TenantId& tenant, core::DeliveryId delivery,
                     core::Time at, const std::vector<ports::NewEvent>& events) {
    const auto before = load_delivery(engine.db(), tenant, delivery);
    if (!before) {
        return Failure(Errc::not_found, "no such delivery");
    }
    auto record = *before;
    if (!store::release(record, at)) {
        return Failure(Errc::conflict, "is not held");
    }
    save_delivery(engine, *before, record);
    append_events(engine, record, events);
    engine.made_work();
    return {};
}

Result<void> retry(Engine& engine, const ports::RetryCommand& command) {
    auto& db = engine.db();
    const auto before = load_delivery(db, command.tenant, command.old);
    if (!before) {
        return Failure(Errc::not_found, "no such delivery");
    }
    if (!may_open_instead(db, *before, command.delivery.id)) {
        return Failure(Errc::conflict, "has been retried already");
    }
    if (db.query("SELECT 1 FROM erased_content WHERE tenant = ? AND kind = 1 AND owner = ?",
                 command.tenant, before->row.message)
            .next()) {
        return Failure(Errc::conflict, "its content has been erased");
    }
    if (is_replaced(db, command.tenant, before->row.message)) {
        return Failure(Errc::conflict, "another message has taken its place");
    }
    if (command.seen_changed && *command.seen_changed != before->row.changed) {
        return Failure(Errc::conflict, "is not as it was seen");
    }
    auto closed = *before;
    if (!store::close(closed, command.at)) {
        return Failure(Errc::conflict, "has not ended and is not held");
    }
    save_delivery(engine, *before, closed);
    append_events(engine, closed, command.closing);
    open_instead(engine, closed, command.delivery, command.at, command.events);
    count_retried(engine, closed, command.delivery.connection, command.at);
    engine.made_work();
    return {};
}

}   // namespace gateway::store::sqlite
