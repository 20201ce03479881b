#include "gateway/store/sqlite/accepted_rows.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/flow.hpp"
#include "gateway/store/sqlite/operations.hpp"

namespace gateway::store::sqlite {

using core::Errc;
using core::Failure;

Result<std::optional<ports::IdempotencyEntry>> find_idempotency(Database& db,
                                                                const core::TenantId& tenant,
                                                                const core::SystemId& system,
                                                                const std::string& key_token) {
    std::optional<ports::IdempotencyEntry> entry;
    auto rows = db.query("SELECT message, fingerprint FROM idempotency WHERE tenant = ? AND system "
                         "= ? AND key_token = "
                         "?",
                         tenant, system, Blob(key_token));
    if (rows.next()) {
        entry.emplace();
        entry->message = core::MessageId(rows.uuid(0));
        entry->fingerprint = rows.text(1);
    }
    return entry;
}

ports::AcceptAnswer judge_accept(Database& db, const ports::AcceptCommand& command) {
    ports::AcceptAnswer answer;
    answer.message = command.message;
    if (command.idempotency) {
        const auto found =
            find_idempotency(db, command.tenant, command.system, command.idempotency->key_token);
        if (found && *found) {
            const bool same = (*found)->fingerprint == command.idempotency->fingerprint;
            answer.result = same ? ports::Accepted::same : ports::Accepted::conflict;
            answer.message = (*found)->message;
            return answer;
        }
    }
    for (const auto& hash : command.documents) {
        if (!has_document(db, command.tenant, hash)) {
            answer.result = ports::Accepted::unknown_document;
            answer.unknown_document = hash;
            return answer;
        }
    }
    return answer;
}

namespace {

/// What later commands of the same transaction are judged by, and what counts it.
void note_accepted(Engine& engine, Database& db, const ports::AcceptCommand& command,
                   const DeliveryRecord& record) {
    if (command.idempotency) {
        db.run("INSERT INTO idempotency (tenant, system, key_token, fingerprint, message) VALUES "
               "(?, ?, ?, ?, ?)",
               command.tenant, command.system, Blob(command.idempotency->key_token),
               Blob(command.idempotency->fingerprint), command.message);
    }
    std::size_t place = 0;
    for (const auto& hash : command.documents) {
        use_document(db, command.tenant, static_cast<int>(Content::message), command.message.uuid,
                     place++, command.system, hash);
    }
    engine.count_delivery(record.row.state);
    engine.count_message({record.tenant, record.system, record.row.channel, record.row.state});
    count_accepted(engine, record, command.type);
    if (is_soon_due(command.delivery, command.at)) {
        engine.made_work();
    }
}

}   // namespace

bool write_accepted(Engine& engine, const ports::AcceptCommand& command, DeliveryRecord record,
                    bool keeps_place) {
    auto& db = engine.db();
    std::vector<AcceptedMessage> one;
    one.emplace_back(command, std::move(record), engine.next_number());
    if (!insert_messages(db, one)) {
        return false;
    }
    auto& delivery = one.front().delivery;
    note_accepted(engine, db, command, delivery);
    place_delivery(engine, delivery, keeps_place);
    one.front().first_position = place_events(engine, command.tenant, command.events);
    insert_parts(db, one);
    return true;
}

Result<ports::AcceptAnswer> accept(Engine& engine, const ports::AcceptCommand& command) {
    auto answer = judge_accept(engine.db_before_gathered(), command);
    if (answer.result != ports::Accepted::accepted) {
        return answer;
    }
    auto record =
        opened(command.delivery, command.tenant, command.system, command.message, command.at);
    // An order asks which of its deliveries are there.
    if (engine.gathers() && record.order_token.empty()) {
        AcceptedMessage message(command, std::move(record), engine.next_number());
        note_accepted(engine, engine.db_before_gathered(), command, message.delivery);
        place_delivery(engine, message.delivery, false);
        message.first_position = place_events(engine, command.tenant, command.events);
        engine.gather(std::move(message));
        return answer;
    }
    if (!write_accepted(engine, command, std::move(record), false)) {
        return Failure(Errc::conflict, "the id is taken");
    }
    return answer;
}

}   // namespace gateway::store::sqlite
