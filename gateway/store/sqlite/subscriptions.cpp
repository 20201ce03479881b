#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/event_places.hpp"
#include "gateway/store/sqlite/event_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

constexpr const char* columns =
    "SELECT s.tenant, s.id, s.system, s.sealed, s.created, s.changed, s.enabled, s.disabled_code, "
    "s.version, s.position, s.failures, s.failing_since, s.retry_at, s.last_success, "
    "s.last_failure, s.last_code, s.last_params, k.wrapped, "
    "(SELECT count(*) FROM subscription_call c WHERE c.tenant = s.tenant AND c.subscription = s.id "
    "AND c.due IS NOT NULL), "
    "(SELECT count(*) FROM subscription_call c WHERE c.tenant = s.tenant AND c.subscription = s.id "
    "AND c.due IS NULL) "
    "FROM subscription s LEFT JOIN content_key k ON k.tenant = s.tenant AND k.kind = 4 AND k.owner "
    "= s.id ";

ports::Subscription read_subscription(const Rows& rows) {
    ports::Subscription one;
    one.tenant = core::TenantId(rows.text(0));
    one.id = rows.uuid(1);
    one.system = core::SystemId(rows.text(2));
    one.sealed_settings = rows.text(3);
    one.created = rows.instant(4);
    one.changed = rows.instant(5);
    one.enabled = rows.integer(6) != 0;
    one.disabled_code = core::Code(rows.text(7));
    one.version = rows.number(8);
    one.progress.position = rows.number(9);
    one.progress.failures = rows.small(10);
    one.progress.failing_since = rows.optional_time(11);
    one.progress.retry_at = rows.optional_time(12);
    one.progress.last_success = rows.optional_time(13);
    one.progress.last_failure = rows.optional_time(14);
    one.progress.last_code = core::Code(rows.text(15));
    one.progress.last_params = read_params(rows.text(16));
    one.wrapped_key = rows.text(17);
    one.waiting = rows.number(18);
    one.given_up = rows.number(19);
    return one;
}

std::optional<ports::Subscription> load(Database& db, const core::TenantId& tenant, core::Uuid id) {
    static const std::string sql = std::string(columns) + "WHERE s.tenant = ? AND s.id = ?";
    std::optional<ports::Subscription> found;
    auto rows = db.query(sql, tenant, id);
    if (rows.next()) {
        found = read_subscription(rows);
    }
    return found;
}

void write_progress(Database& db, const core::TenantId& tenant, core::Uuid id,
                    const ports::SubscriptionProgress& progress) {
    db.run("UPDATE subscription SET position = ?, failures = ?, failing_since = ?, retry_at = ?, "
           "last_success = ?, last_failure = ?, last_code = ?, last_params = ? WHERE tenant = ? "
           "AND id = ?",
           progress.position, progress.failures, progress.failing_since, progress.retry_at,
           progress.last_success, progress.last_failure, progress.last_code.value,
           write_params(progress.last_params), tenant, id);
}

void append_events(Engine& engine, const core::TenantId& tenant, const core::SystemId& system,
                   core::Uuid subscription, const std::vector<ports::NewEvent>& events) {
    for (const auto& event : events) {
        engine.db().run(
            "INSERT INTO event (tenant, position, id, system, message, delivery, connection, "
            "state, at, name, code, params, sealed_params, next, subscription) VALUES "
            "(?,?,?,?,?,NULL,'',?,?,?,?,?,?,NULL,?)",
            tenant, engine.place_event(tenant, event.id), event.id, system, core::Uuid(),
            static_cast<int>(core::DeliveryState::queued), event.at, event.name, event.code.value,
            write_params(event.params), Blob(event.sealed_params), subscription);
    }
}

}   // namespace

Result<std::uint64_t> put_subscription(Engine& engine, const ports::SubscriptionChange& change) {
    auto& db = engine.db();
    const auto& next = change.subscription;
    const auto before = load(db, next.tenant, next.id);
    if (change.expected == 0) {
        if (before) {
            return Failure(Errc::conflict, "the subscription exists");
        }
        db.run("INSERT INTO subscription (tenant, id, system, sealed, created, changed, enabled, "
               "disabled_code, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
               next.tenant, next.id, next.system, Blob(next.sealed_settings), next.created,
               change.at, next.enabled, next.disabled_code.value);
        put_key(db, next.tenant, Content::subscription, next.id.to_bytes(), next.wrapped_key);
        write_progress(db, next.tenant, next.id, next.progress);
        return std::uint64_t{1};
    }
    if (!before) {
        return Failure(Errc::not_found, "no such subscription");
    }
    if (before->version != change.expected) {
        return Failure(Errc::conflict, "another version is there");
    }
    db.run("UPDATE subscription SET sealed = ?, changed = ?, enabled = ?, disabled_code = ?, "
           "version = version + 1 WHERE tenant = ? AND id = ?",
           Blob(next.sealed_settings), change.at, next.enabled, next.disabled_code.value,
           next.tenant, next.id);
    if (next.enabled && !before->enabled) {
        db.run("UPDATE subscription SET failures = 0, failing_since = NULL, retry_at = NULL WHERE "
               "tenant = ? AND id = ?",
               next.tenant, next.id);
        db.run("UPDATE subscription_call SET due = ?1, since = ?1 WHERE tenant = ?2 AND "
               "subscription = ?3 AND due IS NOT NULL",
               change.at, next.tenant, next.id);
    }
    if (!next.enabled && before->enabled) {
        append_events(engine, next.tenant, before->system, next.id, change.disabling);
    }
    return change.expected + 1;
}

Result<std::vector<ports::Subscription>>
list_subscriptions(Database& db, const std::optional<core::TenantId>& tenant) {
    static const std::string all = std::string(columns) + "ORDER BY s.tenant, s.id";
    static const std::string own = std::string(columns) + "WHERE s.tenant = ? ORDER BY s.id";
    std::vector<ports::Subscription> list;
    auto rows = tenant ? db.query(own, *tenant) : db.query(all);
    while (rows.next()) {
        list.push_back(read_subscription(rows));
    }
    return list;
}

Result<std::optional<ports::Subscription>>
find_subscription(Database& db, const core::TenantId& tenant, core::Uuid id) {
    return load(db, tenant, id);
}

Result<void> remove_subscription(Engine& engine, const core::TenantId& tenant, core::Uuid id) {
    auto& db = engine.db();
    if (db.run("DELETE FROM subscription WHERE tenant = ? AND id = ?", tenant, id) == 0) {
        return Failure(Errc::not_found, "no such subscription");
    }
    db.run("DELETE FROM subscription_call WHERE tenant = ? AND subscription = ?", tenant, id);
    db.run("DELETE FROM content_key WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
           static_cast<int>(Content::subscription), Blob(id.to_bytes()));
    engine.destroyed_key();
    return {};
}

Result<void> advance_subscription(Engine& engine, const ports::SubscriptionStep& step) {
    auto& db = engine.db();
    const auto before = load(db, step.tenant, step.subscription);
    if (!before) {
        return Failure(Errc::not_found, "no such subscription");
    }
    if (before->progress.position != step.expected) {
        return Failure(Errc::conflict, "the position has been moved");
    }
    write_progress(db, step.tenant, step.subscription, step.progress);
    for (const auto position : step.settled) {
        db.run("DELETE FROM subscription_call WHERE tenant = ? AND subscription = ? AND position "
               "= ?",
               step.tenant, step.subscription, position);
    }
    for (const auto& call : step.waiting) {
        db.run("INSERT OR REPLACE INTO subscription_call (tenant, subscription, position, due, "
               "since, attempts, code) VALUES (?, ?, ?, ?, ?, ?, ?)",
               step.tenant, step.subscription, call.position, call.due, call.since, call.attempts,
               call.code.value);
    }
    if (!step.disable.empty() && before->enabled) {
        db.run("UPDATE subscription SET enabled = 0, disabled_code = ?, changed = ?, version = "
               "version + 1 WHERE tenant = ? AND id = ?",
               step.disable.value, step.at, step.tenant, step.subscription);
        append_events(engine, step.tenant, before->system, step.subscription, step.disabling);
    }
    return {};
}

Result<std::vector<ports::WaitingCall>> waiting_calls(Database& db, const core::TenantId& tenant,
                                                      core::Uuid subscription, std::size_t limit) {
    std::vector<ports::WaitingCall> calls;
    auto rows = db.query("SELECT position, due, since, attempts, code FROM subscription_call WHERE "
                         "tenant = ? AND subscription = ? AND due IS NOT NULL ORDER BY due, "
                         "position LIMIT ?",
                         tenant, subscription, limit);
    while (rows.next()) {
        ports::WaitingCall call;
        call.position = rows.number(0);
        call.due = rows.optional_time(1);
        call.since = rows.instant(2);
        call.attempts = rows.small(3);
        call.code = core::Code(rows.text(4));
        calls.push_back(std::move(call));
    }
    return calls;
}

Result<void> replay(Engine& engine, const ports::ReplayCommand& command) {
    auto& db = engine.db();
    const auto before = load(db, command.tenant, command.subscription);
    if (!before) {
        return Failure(Errc::not_found, "no such subscription");
    }
    auto position = before->progress.position;
    if (command.after && *command.after < position) {
        position = *command.after;
        // The log tells them again.
        db.run("DELETE FROM subscription_call WHERE tenant = ? AND subscription = ? AND position "
               "> ?",
               command.tenant, command.subscription, position);
    }
    if (command.given_up) {
        db.run("UPDATE subscription_call SET due = ?1, since = ?1, attempts = 0 WHERE tenant = ?2 "
               "AND subscription = ?3 AND due IS NULL",
               command.at, command.tenant, command.subscription);
    }
    for (const auto one : command.positions) {
        if (one <= position) {
            db.run("INSERT OR REPLACE INTO subscription_call (tenant, subscription, position, due, "
                   "since, attempts, code) VALUES (?, ?, ?, ?, ?, 0, '')",
                   command.tenant, command.subscription, one, command.at, command.at);
        }
    }
    db.run("UPDATE subscription SET position = ?, retry_at = NULL WHERE tenant = ? AND id = ?",
           position, command.tenant, command.subscription);
    return {};
}

Result<std::vector<ports::StoredEvent>> events_at(Database& db, const core::TenantId& tenant,
                                                  std::vector<std::uint64_t> positions) {
    static const std::string sql =
        std::string(event_columns) + "WHERE e.tenant = ? AND e.position = ?";
    std::sort(positions.begin(), positions.end());
    std::vector<ports::StoredEvent> events;
    for (const auto position : positions) {
        auto rows = db.query(sql, tenant, position);
        if (rows.next()) {
            events.push_back(read_event(rows, tenant));
        }
    }
    return events;
}

Result<std::vector<ports::StoredEvent>> find_events(Database& db, const core::TenantId& tenant,
                                                    const std::optional<core::SystemId>& system,
                                                    const std::vector<core::EventId>& ids) {
    auto events = events_at(db, tenant, positions_of(db, tenant, ids));
    if (events && system) {
        std::erase_if(*events, [&system](const auto& event) { return event.system != *system; });
    }
    return events;
}

Result<std::uint64_t> position_before(Database& db, const core::TenantId& tenant, core::Time at) {
    if (const auto first = first_position_from(db, tenant, at)) {
        return *first - 1;
    }
    return last_position(db);
}

Result<std::uint64_t> count_events_after(Database& db, const ports::EventQuery& query) {
    auto rows =
        query.system
            ? db.query("SELECT count(*) FROM (SELECT 1 FROM event WHERE tenant = ? AND system = ? "
                       "AND position > ? LIMIT ?)",
                       query.tenant, *query.system, query.after, query.limit)
            : db.query("SELECT count(*) FROM (SELECT 1 FROM event WHERE tenant = ? AND position > "
                       "? LIMIT ?)",
                       query.tenant, query.after, query.limit);
    return rows.next() ? rows.number(0) : 0;
}

}   // namespace gateway::store::sqlite
