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

bool write_accepted(Engine& engine, const ports::AcceptCommand& command, DeliveryRecord& record,
                    bool keeps_place) {
    auto& db = engine.db();
    const auto inserted =
        db.run("INSERT OR IGNORE INTO message (tenant, id, system, type, created, changed, state, "
               "connection, newest, "
               "content_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               command.tenant, command.message, command.system, command.type, command.at,
               command.at, static_cast<int>(record.row.state),
               record.row.connection ? record.row.connection->value : std::string(),
               command.delivery.id, command.content_bytes);
    if (inserted == 0) {
        return false;
    }
    db.run("INSERT INTO message_content (tenant, message, sealed) VALUES (?, ?, ?)", command.tenant,
           command.message, Blob(command.sealed_content));
    put_key(db, command.tenant, Content::message, command.message.to_bytes(), command.wrapped_key);
    if (command.idempotency) {
        db.run("INSERT INTO idempotency (tenant, system, key_token, fingerprint, message) VALUES "
               "(?, ?, ?, ?, ?)",
               command.tenant, command.system, Blob(command.idempotency->key_token),
               Blob(command.idempotency->fingerprint), command.message);
    }
    for (const auto& token : command.tokens) {
        add_token(db, command.tenant, command.message, command.at, token);
    }
    std::size_t place = 0;
    for (const auto& hash : command.documents) {
        use_document(db, command.tenant, static_cast<int>(Content::message), command.message.uuid,
                     place++, command.system, hash);
    }
    insert_delivery(engine, record, keeps_place);
    engine.count_message({record.tenant, record.system, record.row.channel, record.row.state});
    count_accepted(engine, record, command.type);
    append_events(engine, record, command.events);
    engine.made_work();
    return true;
}

Result<ports::AcceptAnswer> accept(Engine& engine, const ports::AcceptCommand& command) {
    auto answer = judge_accept(engine.db(), command);
    if (answer.result != ports::Accepted::accepted) {
        return answer;
    }
    auto record =
        opened(command.delivery, command.tenant, command.system, command.message, command.at);
    if (!write_accepted(engine, command, record, false)) {
        return Failure(Errc::conflict, "the id is taken");
    }
    return answer;
}

}   // namespace gateway::store::sqlite
