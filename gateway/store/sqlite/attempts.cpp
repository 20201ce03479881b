#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/flow.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

Failure stale() {
    return Failure(Errc::stale_fence, "the claim is over");
}

std::optional<DeliveryRecord> load_claimed(Database& db, const ports::DeliveryKey& key,
                                           core::Fence fence) {
    auto record = load_delivery(db, key.tenant, key.delivery);
    return record && holds_claim(*record, fence) ? std::move(record) : std::nullopt;
}

template <class Command>
bool open_what_takes_over(Engine& engine, const DeliveryRecord& before, const DeliveryRecord& after,
                          const Command& command) {
    if (!takes_over(before, after, command) ||
        !may_open_instead(engine.db(), after, command.take_over->delivery.id)) {
        return false;
    }
    open_instead(engine, after, command.take_over->delivery, command.at, command.take_over->events);
    return true;
}

/// What the component gave the message to be found by.
void add_tokens(Database& db, const DeliveryRecord& record,
                const std::vector<ports::SearchToken>& tokens) {
    if (tokens.empty()) {
        return;
    }
    core::Time created{};
    {
        auto rows = db.query("SELECT created FROM message WHERE tenant = ? AND id = ?",
                             record.tenant, record.row.message);
        created = rows.next() ? rows.instant(0) : created;
    }
    std::vector<TokenRow> rows;
    for (const auto& token : tokens) {
        rows.push_back({&record.tenant, &record.row.message, created, &token});
    }
    insert_tokens(db, rows);
}

}   // namespace

Result<void> extend(Engine& engine, const ports::DeliveryKey& key, core::Fence fence,
                    core::Time lease_until) {
    const auto before = load_claimed(engine.db(), key, fence);
    if (!before) {
        return stale();
    }
    auto record = *before;
    record.lease_until = lease_until;
    save_delivery(engine, *before, record);
    return {};
}

Result<void> begin_attempt(Engine& engine, const ports::BeginAttempt& command) {
    const auto before = load_claimed(engine.db(), command.key, command.fence);
    if (!before) {
        return stale();
    }
    auto record = *before;
    if (!begin(record, command)) {
        return stale();
    }
    save_delivery(engine, *before, record);
    engine.db().run("UPDATE delivery SET settings = ? WHERE tenant = ? AND id = ?",
                    command.settings, command.key.tenant, command.key.delivery);
    append_events(engine, record, command.events);
    return {};
}

Result<void> remember(Engine& engine, const ports::DeliveryKey& key, core::Fence fence,
                      const std::string& sealed_progress,
                      const std::vector<ports::NewEvent>& events) {
    const auto record = load_claimed(engine.db(), key, fence);
    if (!record) {
        return stale();
    }
    engine.db().run("UPDATE delivery SET progress = ? WHERE tenant = ? AND id = ?",
                    Blob(sealed_progress), key.tenant, key.delivery);
    append_events(engine, *record, events);
    return {};
}

Result<void> finish(Engine& engine, const ports::FinishCommand& command) {
    auto& db = engine.db();
    const auto before = load_claimed(db, command.key, command.fence);
    if (!before) {
        return stale();
    }
    auto record = *before;
    store::finish(record, command);
    save_delivery(engine, *before, record);
    if (command.chosen) {
        db.run("UPDATE delivery SET settings = ?, choice = ? WHERE tenant = ? AND id = ?",
               record.row.settings, record.row.choice, record.tenant, record.row.id);
    }
    if (!command.sealed_upstream_reference.empty()) {
        db.run("UPDATE delivery SET upstream_reference = ? WHERE tenant = ? AND id = ?",
               Blob(command.sealed_upstream_reference), record.tenant, record.row.id);
    }
    if (command.sealed_progress) {
        db.run("UPDATE delivery SET progress = ? WHERE tenant = ? AND id = ?",
               Blob(*command.sealed_progress), record.tenant, record.row.id);
    }
    if (command.exchanges) {
        keep_exchanges(db, record.tenant, record.row.message, record.row.id, *command.exchanges,
                       command.at);
    }
    add_tokens(db, record, command.tokens);
    append_events(engine, record, command.events);
    const bool taken_over = open_what_takes_over(engine, *before, record, command);
    count_moved(engine, *before, record, command.at, taken_over);
    engine.made_work();
    return {};
}

Result<ports::ReceiptAnswer> apply_receipt(Engine& engine, const ports::ReceiptCommand& command) {
    auto& db = engine.db();
    const auto before = load_delivery(db, command.key.tenant, command.key.delivery);
    if (command.fence && (!before || !holds_claim(*before, *command.fence))) {
        return stale();
    }
    if (!before) {
        return Failure(Errc::not_found, "no such delivery");
    }
    ports::ReceiptAnswer answer;
    answer.state = before->row.state;
    const auto fresh =
        db.run("INSERT OR IGNORE INTO receipt (tenant, delivery, dedupe_id) VALUES (?, ?, ?)",
               command.key.tenant, command.key.delivery, command.dedupe_id);
    if (fresh == 0) {
        answer.duplicate = true;
        return answer;
    }
    auto record = *before;
    if (receive(record, command)) {
        save_delivery(engine, *before, record);
        engine.made_work();
    }
    if (!command.sealed_result.empty()) {
        db.run("UPDATE delivery SET result = ? WHERE tenant = ? AND id = ?",
               Blob(command.sealed_result), record.tenant, record.row.id);
    }
    add_tokens(db, record, command.tokens);
    append_events(engine, record, command.events);
    answer.taken_over = open_what_takes_over(engine, *before, record, command);
    count_moved(engine, *before, record, command.at, answer.taken_over);
    answer.state = record.row.state;
    return answer;
}

}   // namespace gateway::store::sqlite
