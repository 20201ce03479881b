#include "gateway/store/sqlite/accepted_rows.hpp"

#include "gateway/store/sqlite/content_rows.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"

namespace gateway::store::sqlite {

bool insert_messages(Database& database, const std::vector<AcceptedMessage>& messages) {
    static const Insert into("message (tenant, id, system, type, created, changed, state, "
                             "connection, newest, content_bytes, bytes)",
                             11, "IGNORE");
    const auto inserted =
        database.insert(into, messages, [](const AcceptedMessage& one, const auto& put) {
            const auto& command = *one.command;
            const auto& row = one.delivery.row;
            put(command.tenant, command.message, command.system, command.type, command.at,
                command.at, static_cast<int>(row.state),
                row.connection ? std::string_view(row.connection->value) : std::string_view(),
                command.delivery.id, command.content_bytes, one.content);
        });
    return inserted == static_cast<std::int64_t>(messages.size());
}

void insert_parts(Database& database, const std::vector<AcceptedMessage>& messages) {
    std::vector<ContentRow> contents;
    std::vector<KeyRow> keys;
    std::vector<TokenRow> tokens;
    std::vector<const DeliveryRecord*> deliveries;
    std::vector<EventRow> events;
    for (const auto& one : messages) {
        const auto& command = *one.command;
        contents.push_back({one.content, command.sealed_content});
        keys.push_back({&command.tenant, &command.message.uuid, &command.wrapped_key});
        for (const auto& token : command.tokens) {
            tokens.push_back({&command.tenant, &command.message, command.at, &token});
        }
        deliveries.push_back(&one.delivery);
        const auto told = event_rows(one.delivery, command.events, one.first_position);
        events.insert(events.end(), told.begin(), told.end());
    }
    insert_contents(database, contents);
    insert_keys(database, Content::message, keys);
    insert_tokens(database, tokens);
    insert_deliveries(database, deliveries);
    insert_events(database, events);
}

}   // namespace gateway::store::sqlite
