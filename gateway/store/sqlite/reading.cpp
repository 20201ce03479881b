#include "gateway/store/sqlite/content_rows.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/event_rows.hpp"
#include "gateway/store/sqlite/message_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

// Numbers of core::InboundState are apart from those of core::DeliveryState.
constexpr int first_inbound_state = 32;

}   // namespace

ports::StoredEvent read_event(const Rows& rows, const core::TenantId& tenant) {
    ports::StoredEvent event;
    event.position = rows.number(0);
    event.id = core::EventId(rows.uuid(1));
    event.tenant = tenant;
    event.system = core::SystemId(rows.text(2));
    event.message = core::MessageId(rows.uuid(3));
    if (!rows.is_null(4)) {
        event.delivery = core::DeliveryId(rows.uuid(4));
    }
    if (auto connection = rows.text(5); !connection.empty()) {
        event.connection = core::ConnectionId(std::move(connection));
    }
    if (const auto state = rows.small(6); state >= first_inbound_state) {
        event.inbound = static_cast<core::InboundState>(state);
    } else {
        event.state = static_cast<core::DeliveryState>(state);
    }
    event.at = rows.instant(7);
    event.name = rows.text(8);
    event.code = core::Code(rows.text(9));
    event.params = read_params(rows.text(10));
    event.sealed_params = rows.text(11);
    event.next = rows.optional_time(12);
    event.wrapped_key = rows.text(13);
    if (!rows.is_null(14)) {
        event.subscription = rows.uuid(14);
    }
    if (!rows.is_null(15)) {
        event.subject = rows.uuid(15);
    }
    return event;
}

std::optional<ports::MessageView> load_message(Database& db, const core::TenantId& tenant,
                                               core::MessageId id) {
    std::optional<ports::MessageView> view;
    {
        auto rows = db.query(
            "SELECT m.system, m.type, m.created, m.changed, m.state, "
            "(SELECT r.old FROM replacement r WHERE r.tenant = m.tenant AND r.new = m.id), "
            "(SELECT r.new FROM replacement r WHERE r.tenant = m.tenant AND r.old = m.id) "
            "FROM message m WHERE m.tenant = ? AND m.id = ?",
            tenant, id);
        if (!rows.next()) {
            return view;
        }
        view.emplace();
        view->id = id;
        view->system = core::SystemId(rows.text(0));
        view->type = rows.text(1);
        view->created = rows.instant(2);
        view->changed = rows.instant(3);
        view->state = static_cast<core::DeliveryState>(rows.integer(4));
        if (!rows.is_null(5)) {
            view->replaces = core::MessageId(rows.uuid(5));
        }
        if (!rows.is_null(6)) {
            view->replaced_by = core::MessageId(rows.uuid(6));
        }
    }
    view->sealed_content = find_content(db, tenant, id.uuid);
    view->wrapped_key = find_key(db, tenant, Content::message, id.to_bytes());
    for (auto& record : deliveries_of(db, tenant, id)) {
        view->deliveries.push_back(std::move(record.row));
    }
    return view;
}

Result<std::optional<ports::MessageView>> get(Database& db, const core::TenantId& tenant,
                                              core::MessageId message) {
    return load_message(db, tenant, message);
}

Result<std::vector<ports::StoredEvent>> timeline(Database& db, const core::TenantId& tenant,
                                                 core::MessageId message, std::size_t limit) {
    static const std::string sql =
        std::string(event_columns) +
        "WHERE e.tenant = ? AND e.message = ? ORDER BY e.position LIMIT ?";
    std::vector<ports::StoredEvent> events;
    auto rows = db.query(sql, tenant, message, limit);
    while (rows.next()) {
        events.push_back(read_event(rows, tenant));
    }
    return events;
}

Result<std::uint64_t> last_position(Database& db) {
    return static_cast<std::uint64_t>(
        db.value("SELECT value FROM counter WHERE name = 'position'"));
}

Result<ports::EventPage> events_after(Database& db, const ports::EventQuery& query) {
    static const std::string of_tenant =
        std::string(event_columns) +
        "WHERE e.tenant = ? AND e.position > ? ORDER BY e.position LIMIT ?";
    static const std::string of_system =
        std::string(event_columns) +
        "WHERE e.tenant = ? AND e.system = ? AND e.position > ? ORDER BY e.position LIMIT ?";
    ports::EventPage page;
    // One snapshot: whatever was committed up to this position is in the rows below.
    page.last = std::max(query.after, *last_position(db));
    const auto take = [&](Rows rows) {
        while (rows.next()) {
            page.items.push_back(read_event(rows, query.tenant));
        }
    };
    if (query.system) {
        take(db.query(of_system, query.tenant, *query.system, query.after, query.limit));
    } else {
        take(db.query(of_tenant, query.tenant, query.after, query.limit));
    }
    if (!page.items.empty() && page.items.size() >= query.limit) {
        page.last = page.items.back().position;
    }
    return page;
}

Result<std::vector<ports::MessageCount>>
message_counts(Database& db, const std::optional<core::TenantId>& tenant) {
    std::vector<ports::MessageCount> counts;
    const auto take = [&counts](Rows rows) {
        while (rows.next()) {
            ports::MessageCount count;
            count.tenant = core::TenantId(rows.text(0));
            count.system = core::SystemId(rows.text(1));
            if (const auto channel = rows.integer(2); channel != 0) {
                count.channel = static_cast<core::Channel>(channel);
            }
            count.state = static_cast<core::DeliveryState>(rows.integer(3));
            count.count = rows.number(4);
            counts.push_back(std::move(count));
        }
    };
    if (tenant) {
        take(db.query("SELECT tenant, system, channel, state, count FROM message_count WHERE "
                      "count > 0 AND tenant = ? ORDER BY tenant, system, channel, state",
                      *tenant));
    } else {
        take(db.query("SELECT tenant, system, channel, state, count FROM message_count WHERE "
                      "count > 0 ORDER BY tenant, system, channel, state"));
    }
    return counts;
}

Result<ports::StoreCounts> counts(Database& db) {
    ports::StoreCounts counts;
    const auto counters = Counters::read(db);
    for (std::size_t state = 1; state < Counters::states; ++state) {
        if (counters.deliveries[state] > 0) {
            counts.deliveries.emplace_back(static_cast<core::DeliveryState>(state),
                                           counters.deliveries[state]);
        }
    }
    counts.events = counters.events;
    counts.quarantined = count_quarantined(db);
    counts.oldest_waiting = oldest_waiting(db);
    return counts;
}

}   // namespace gateway::store::sqlite
