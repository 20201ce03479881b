#include "gateway/store/sqlite/delivery_rows.hpp"

#include "gateway/json/value.hpp"
#include "gateway/ports/failure_store.hpp"
#include "gateway/store/sqlite/failures.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

// The order of columns in read_delivery.
constexpr const char* delivery_columns =
    "id, message, system, number, place, order_token, blocked, connection, settings, state, work, "
    "created, changed, "
    "due, expires_at, overdue_at, attempts, failures, cancel, fence, lease_until, upstream_key, "
    "upstream_reference, "
    "progress, replaces, code, params, channel, choice, unread_at, result";

DeliveryRecord read_delivery(const Rows& rows, const core::TenantId& tenant) {
    DeliveryRecord record;
    auto& row = record.row;
    record.tenant = tenant;
    row.id = core::DeliveryId(rows.uuid(0));
    row.message = core::MessageId(rows.uuid(1));
    record.system = core::SystemId(rows.text(2));
    record.number = rows.number(3);
    record.place = rows.number(4);
    record.order_token = rows.text(5);
    record.blocked = rows.integer(6) != 0;
    if (auto connection = rows.text(7); !connection.empty()) {
        row.connection = core::ConnectionId(std::move(connection));
    }
    row.settings = rows.text(8);
    row.state = static_cast<core::DeliveryState>(rows.integer(9));
    row.work = static_cast<core::Work>(rows.integer(10));
    row.created = rows.instant(11);
    row.changed = rows.instant(12);
    row.due = rows.optional_time(13);
    row.expires_at = rows.optional_time(14);
    row.overdue_at = rows.optional_time(15);
    row.attempts = rows.small(16);
    row.failures = rows.small(17);
    record.cancel = static_cast<CancelWish>(rows.integer(18));
    row.cancel_requested = record.cancel != CancelWish::none;
    record.fence.value = rows.number(19);
    record.lease_until = rows.optional_time(20);
    row.upstream_key = rows.text(21);
    row.sealed_upstream_reference = rows.text(22);
    row.sealed_progress = rows.text(23);
    if (!rows.is_null(24)) {
        row.replaces = core::DeliveryId(rows.uuid(24));
    }
    row.code = core::Code(rows.text(25));
    row.params = read_params(rows.text(26));
    if (const auto channel = rows.integer(27); channel != 0) {
        row.channel = static_cast<core::Channel>(channel);
    }
    row.choice = rows.text(28);
    row.unread_at = rows.optional_time(29);
    row.sealed_result = rows.text(30);
    return record;
}

std::optional<std::uint64_t> open_place(const DeliveryRecord& record) {
    return keeps_place(record) ? std::optional(record.place) : std::nullopt;
}

int channel_number(const ports::DeliveryRow& row) {
    return row.channel ? static_cast<int>(*row.channel) : 0;
}

Standing standing_of(const DeliveryRecord& record) {
    return {record.tenant, record.system, record.row.channel, record.row.state};
}

std::string_view connection_text(const std::optional<core::ConnectionId>& connection) {
    return connection ? std::string_view(connection->value) : std::string_view();
}

void write_blocked(Engine& engine, const core::TenantId& tenant, core::DeliveryId id,
                   bool blocked) {
    auto record = load_delivery(engine.db(), tenant, id);
    if (!record) {
        return;
    }
    record->blocked = blocked;
    engine.db().run("UPDATE delivery SET blocked = ?, wake = ? WHERE tenant = ? AND id = ?",
                    blocked, wake(*record), tenant, id);
}

/// The first open delivery of an order.
std::optional<std::pair<core::DeliveryId, std::uint64_t>>
first_of_order(Database& database, const core::TenantId& tenant, const std::string& order_token) {
    auto rows = database.query(
        "SELECT id, open_place FROM delivery WHERE tenant = ? AND order_token = ? AND "
        "open_place IS NOT NULL ORDER BY open_place LIMIT 1",
        tenant, Blob(order_token));
    if (!rows.next()) {
        return std::nullopt;
    }
    return std::pair(core::DeliveryId(rows.uuid(0)), rows.number(1));
}

}   // namespace

std::string write_params(const core::Params& params) {
    if (params.empty()) {
        return {};
    }
    json::Object members;
    for (const auto& [name, value] : params) {
        members.emplace_back(name, json::Value(value));
    }
    return json::write(json::Value(std::move(members)));
}

core::Params read_params(const std::string& text) {
    core::Params params;
    if (text.empty()) {
        return params;
    }
    const auto value = json::parse_or_failure(text);
    if (value) {
        for (const auto& [name, member] : value->members()) {
            params.emplace_back(name, member.as_string());
        }
    }
    return params;
}

void insert_keys(Database& database, Content kind, const std::vector<KeyRow>& keys) {
    static const Insert into("content_key (tenant, kind, owner, wrapped)", 4);
    database.insert(into, keys, [kind](const KeyRow& row, const auto& put) {
        put(*row.tenant, static_cast<int>(kind), *row.owner, Blob(*row.wrapped));
    });
}

void put_key(Database& database, const core::TenantId& tenant, Content kind, std::string_view owner,
             std::string_view wrapped) {
    database.run("INSERT INTO content_key (tenant, kind, owner, wrapped) VALUES (?, ?, ?, ?)",
                 tenant, static_cast<int>(kind), Blob(owner), Blob(wrapped));
}

std::string find_key(Database& database, const core::TenantId& tenant, Content kind,
                     std::string_view owner) {
    auto rows = database.query(
        "SELECT wrapped FROM content_key WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
        static_cast<int>(kind), Blob(owner));
    return rows.next() ? rows.text(0) : std::string();
}

std::optional<DeliveryRecord> load_delivery(Database& database, const core::TenantId& tenant,
                                            core::DeliveryId id) {
    static const std::string sql =
        std::string("SELECT ") + delivery_columns + " FROM delivery WHERE tenant = ? AND id = ?";
    auto rows = database.query(sql, tenant, id);
    if (!rows.next()) {
        return std::nullopt;
    }
    return read_delivery(rows, tenant);
}

std::vector<DeliveryRecord> deliveries_of(Database& database, const core::TenantId& tenant,
                                          core::MessageId message) {
    // From the newest, each names the one it replaces, which is older: so this ends.
    std::vector<DeliveryRecord> deliveries;
    std::optional<core::DeliveryId> next;
    {
        auto rows = database.query("SELECT newest FROM message WHERE tenant = ? AND id = ?", tenant,
                                   message);
        if (rows.next()) {
            next = core::DeliveryId(rows.uuid(0));
        }
    }
    while (next) {
        auto record = load_delivery(database, tenant, *next);
        if (!record || (!deliveries.empty() && record->number >= deliveries.back().number)) {
            break;
        }
        next = record->row.replaces;
        deliveries.push_back(std::move(*record));
    }
    std::reverse(deliveries.begin(), deliveries.end());
    return deliveries;
}

void insert_deliveries(Database& database, const std::vector<const DeliveryRecord*>& deliveries) {
    static const Insert into(
        "delivery (tenant, id, message, system, number, place, open_place, order_token, blocked, "
        "connection, settings, state, work, lane, created, changed, due, expires_at, overdue_at, "
        "attempts, failures, cancel, fence, lease_until, wake, expiry, upstream_key, "
        "upstream_reference, progress, replaces, code, params, channel, choice, unread_at)",
        35);
    std::vector<std::string> params;
    params.reserve(deliveries.size());
    database.insert(into, deliveries, [&params](const DeliveryRecord* record, const auto& put) {
        const auto& row = record->row;
        params.push_back(write_params(row.params));
        put(record->tenant, row.id, row.message, record->system, record->number, record->place,
            open_place(*record), Blob(record->order_token), record->blocked,
            connection_text(row.connection), row.settings, static_cast<int>(row.state),
            static_cast<int>(row.work), static_cast<int>(lane(*record)), row.created, row.changed,
            row.due, row.expires_at, row.overdue_at, row.attempts, row.failures,
            static_cast<int>(record->cancel), record->fence.value, record->lease_until,
            wake(*record), expiry(*record), row.upstream_key, Blob(row.sealed_upstream_reference),
            Blob(row.sealed_progress), row.replaces, row.code.value, params.back(),
            channel_number(row), row.choice, row.unread_at);
    });
}

void place_delivery(Engine& engine, DeliveryRecord& record, bool keeps_place) {
    record.number = engine.next_number();
    record.place = keeps_place ? record.place : record.number;
    if (!record.order_token.empty()) {
        const auto first = first_of_order(engine.db(), record.tenant, record.order_token);
        record.blocked = first && first->second < record.place;
        if (first && !record.blocked) {
            write_blocked(engine, record.tenant, first->first, true);
        }
    }
}

void insert_delivery(Engine& engine, DeliveryRecord& record, bool keeps_place) {
    place_delivery(engine, record, keeps_place);
    insert_deliveries(engine.db(), {&record});
    engine.count_delivery(record.row.state);
}

void save_delivery(Engine& engine, const DeliveryRecord& before, const DeliveryRecord& after) {
    const auto& row = after.row;
    engine.db().run(
        "UPDATE delivery SET state = ?, work = ?, lane = ?, changed = ?, due = ?, overdue_at = ?, "
        "attempts = ?, failures = ?, cancel = ?, fence = ?, lease_until = ?, wake = ?, expiry = ?, "
        "open_place = ?, connection = ?, code = ?, params = ?, channel = ?, unread_at = ?, "
        "expires_at = ? WHERE tenant = ? AND id = ?",
        static_cast<int>(row.state), static_cast<int>(row.work), static_cast<int>(lane(after)),
        row.changed, row.due, row.overdue_at, row.attempts, row.failures,
        static_cast<int>(after.cancel), after.fence.value, after.lease_until, wake(after),
        expiry(after), open_place(after), connection_text(row.connection), row.code.value,
        write_params(row.params), channel_number(row), row.unread_at, row.expires_at, after.tenant,
        row.id);
    engine.count_state(before.row.state, row.state);
    if (before.row.state != row.state || before.row.connection != row.connection ||
        before.row.channel != row.channel) {
        const auto newest =
            engine.db().run("UPDATE message SET state = ?, connection = ?, changed = ? WHERE "
                            "tenant = ? AND id = ? AND newest = ?",
                            static_cast<int>(row.state), connection_text(row.connection),
                            row.changed, after.tenant, row.message, row.id);
        if (newest > 0) {
            engine.move_message(standing_of(before), standing_of(after));
        }
    } else if (before.row.changed != row.changed) {
        engine.db().run("UPDATE message SET changed = ? WHERE tenant = ? AND id = ? AND newest = ?",
                        row.changed, after.tenant, row.message, row.id);
    }
    if (ports::is_failure(before.row.state)) {
        remove_failure(engine.db(), after.tenant, row.id);
    }
    if (ports::is_failure(row.state)) {
        add_failure(engine.db(), after);
    }
    if (keeps_place(before) && !keeps_place(after)) {
        if (const auto next = first_of_order(engine.db(), after.tenant, after.order_token)) {
            write_blocked(engine, after.tenant, next->first, false);
        }
    }
}

bool may_open_instead(Database& database, const DeliveryRecord& old, core::DeliveryId id) {
    {
        auto rows =
            database.query("SELECT 1 FROM message WHERE tenant = ? AND id = ? AND newest = ?",
                           old.tenant, old.row.message, old.row.id);
        if (!rows.next()) {
            return false;
        }
    }
    return !load_delivery(database, old.tenant, id);
}

void open_instead(Engine& engine, const DeliveryRecord& old, const ports::NewDelivery& delivery,
                  core::Time at, const std::vector<ports::NewEvent>& events) {
    auto next = opened_instead(delivery, old, at);
    remove_failure(engine.db(), old.tenant, old.row.id);
    insert_delivery(engine, next, keeps_place_of(old, next));
    engine.db().run(
        "UPDATE message SET newest = ?, state = ?, connection = ?, changed = ? WHERE tenant = ? "
        "AND id = ?",
        next.row.id, static_cast<int>(next.row.state), connection_text(next.row.connection), at,
        next.tenant, next.row.message);
    engine.move_message(standing_of(old), standing_of(next));
    append_events(engine, next, events);
}

void insert_events(Database& database, const std::vector<EventRow>& events) {
    static const Insert into("event (tenant, position, id, system, message, delivery, connection, "
                             "state, at, name, code, params, sealed_params, next)",
                             14);
    std::vector<std::string> params;
    params.reserve(events.size());
    database.insert(into, events, [&params](const EventRow& row, const auto& put) {
        const auto& event = *row.event;
        const auto& delivery = row.delivery->row;
        params.push_back(write_params(event.params));
        put(row.delivery->tenant, row.position, event.id, row.delivery->system, delivery.message,
            delivery.id, connection_text(delivery.connection), static_cast<int>(delivery.state),
            event.at, event.name, event.code.value, params.back(), Blob(event.sealed_params),
            delivery.due);
    });
}

std::vector<EventRow> event_rows(const DeliveryRecord& record,
                                 const std::vector<ports::NewEvent>& events,
                                 std::uint64_t first_position) {
    std::vector<EventRow> rows;
    for (const auto& event : events) {
        rows.push_back({&record, &event, first_position + rows.size()});
    }
    return rows;
}

std::uint64_t place_events(Engine& engine, const core::TenantId& tenant,
                           const std::vector<ports::NewEvent>& events) {
    std::optional<std::uint64_t> first;
    for (const auto& event : events) {
        const auto position = engine.place_event(tenant, event.id);
        first = first.value_or(position);
    }
    return first.value_or(0);
}

void append_events(Engine& engine, const DeliveryRecord& record,
                   const std::vector<ports::NewEvent>& events) {
    auto& database = engine.db();
    insert_events(database,
                  event_rows(record, events, place_events(engine, record.tenant, events)));
}

void insert_tokens(Database& database, const std::vector<TokenRow>& tokens) {
    static const Insert into("search_token (tenant, kind, token, created, message)", 5, "IGNORE");
    database.insert(into, tokens, [](const TokenRow& row, const auto& put) {
        put(*row.tenant, static_cast<int>(row.token->kind), Blob(row.token->token), row.created,
            *row.message);
    });
}

}   // namespace gateway::store::sqlite
