#include "gateway/store/sqlite/alarms.hpp"

#include "gateway/store/sqlite/delivery_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

std::string alarm_sql(const char* condition) {
    return "SELECT id, kind, tenant, subject, severity, system, opened, last_seen, resolved, "
           "acknowledged, acknowledged_by, acknowledged_why, count, step, params FROM alarm " +
           std::string(condition);
}

ports::Alarm read_alarm(const Rows& rows) {
    ports::Alarm alarm;
    alarm.id = rows.uuid(0);
    alarm.key = ports::AlarmKey(rows.text(1), core::TenantId(rows.text(2)), rows.text(3));
    alarm.severity = static_cast<ports::AlarmSeverity>(rows.integer(4));
    alarm.system = core::SystemId(rows.text(5));
    alarm.opened = rows.instant(6);
    alarm.last_seen = rows.instant(7);
    alarm.resolved = rows.optional_time(8);
    if (const auto at = rows.optional_time(9)) {
        ports::AlarmAcknowledgement how;
        how.at = *at;
        how.by = rows.text(10);
        how.why = rows.text(11);
        alarm.acknowledged = std::move(how);
    }
    alarm.count = rows.number(12);
    alarm.step = rows.small(13);
    alarm.params = read_params(rows.text(14));
    return alarm;
}

std::vector<ports::Alarm> read_alarms(Rows rows) {
    std::vector<ports::Alarm> found;
    while (rows.next()) {
        found.push_back(read_alarm(rows));
    }
    return found;
}

constexpr const char* notice_columns =
    "SELECT alarm, event, target, state, attempts, made, due, code FROM alarm_notice ";

std::vector<ports::AlarmNotice> read_notices(Rows rows) {
    std::vector<ports::AlarmNotice> found;
    while (rows.next()) {
        ports::AlarmNotice notice;
        notice.alarm = rows.uuid(0);
        notice.event = rows.text(1);
        notice.target = rows.text(2);
        notice.state = static_cast<ports::NoticeState>(rows.integer(3));
        notice.attempts = rows.small(4);
        notice.made = rows.instant(5);
        notice.due = rows.instant(6);
        notice.code = core::Code(rows.text(7));
        found.push_back(std::move(notice));
    }
    return found;
}

}   // namespace

Result<std::vector<ports::Alarm>> open_alarms(Database& db) {
    static const auto sql = alarm_sql("INDEXED BY alarm_open WHERE resolved IS NULL ORDER BY "
                                      "opened, id LIMIT ?");
    return read_alarms(db.query(sql, ports::alarms_open_max));
}

Result<std::vector<ports::Alarm>> alarms(Database& db, const ports::AlarmQuery& query) {
    // Alarms are few: what a tenant may not see is left out while they are read.
    static const auto sql = alarm_sql("WHERE (opened, id) < (?, ?) ORDER BY opened DESC, id DESC");
    core::Uuid last;
    last.bytes.fill(0xff);
    const auto place = query.after.value_or(std::pair(core::Time::max(), last));
    auto rows = db.query(sql, place.first, place.second);
    std::vector<ports::Alarm> found;
    while (found.size() < query.limit && rows.next()) {
        auto alarm = read_alarm(rows);
        const bool seen = query.tenants.empty() || alarm.key.tenant.value.empty() ||
                          std::find(query.tenants.begin(), query.tenants.end(), alarm.key.tenant) !=
                              query.tenants.end();
        if (seen && (!query.open || *query.open == !alarm.resolved)) {
            found.push_back(std::move(alarm));
        }
    }
    return found;
}

Result<std::optional<ports::Alarm>> find_alarm(Database& db, const core::Uuid& id) {
    static const auto sql = alarm_sql("WHERE id = ?");
    auto found = read_alarms(db.query(sql, id));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<void> put_alarms(Database& db, const ports::AlarmStep& step) {
    for (const auto& alarm : step.alarms) {
        db.run("INSERT INTO alarm (id, kind, tenant, subject, severity, system, opened, last_seen, "
               "resolved, count, step, params) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON "
               "CONFLICT (id) DO UPDATE SET severity = excluded.severity, last_seen = "
               "excluded.last_seen, resolved = excluded.resolved, count = excluded.count, step = "
               "excluded.step, params = excluded.params",
               alarm.id, alarm.key.kind, alarm.key.tenant, alarm.key.subject,
               static_cast<int>(alarm.severity), alarm.system, alarm.opened, alarm.last_seen,
               alarm.resolved, alarm.count, alarm.step, write_params(alarm.params));
    }
    for (const auto& notice : step.notices) {
        db.run("INSERT OR IGNORE INTO alarm_notice (alarm, event, target, state, attempts, made, "
               "due, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
               notice.alarm, notice.event, notice.target, static_cast<int>(notice.state),
               notice.attempts, notice.made, notice.due, notice.code.value);
    }
    return {};
}

Result<void> acknowledge_alarm(Database& db, const core::Uuid& id,
                               const ports::AlarmAcknowledgement& how) {
    const auto alarm = find_alarm(db, id);
    if (!alarm->has_value()) {
        return Failure(Errc::not_found, "no such alarm");
    }
    if ((*alarm)->acknowledged || (*alarm)->resolved) {
        return Failure(Errc::conflict, "acknowledged or resolved");
    }
    db.run("UPDATE alarm SET acknowledged = ?, acknowledged_by = ?, acknowledged_why = ? WHERE id "
           "= ?",
           how.at, how.by, how.why, id);
    return {};
}

Result<std::vector<ports::AlarmNotice>> notices_due(Database& db, core::Time now,
                                                    std::size_t limit) {
    static const auto sql =
        notice_columns + std::string("INDEXED BY alarm_notice_due WHERE state < 3 AND due <= ? "
                                     "ORDER BY due, alarm, event, target LIMIT ?");
    return read_notices(db.query(sql, now, limit));
}

Result<std::vector<ports::AlarmNotice>> notices_of(Database& db, const core::Uuid& alarm) {
    static const auto sql =
        notice_columns + std::string("WHERE alarm = ? ORDER BY made, event, target");
    return read_notices(db.query(sql, alarm));
}

Result<void> put_notice(Database& db, const ports::AlarmNotice& notice) {
    const auto changed = db.run("UPDATE alarm_notice SET state = ?, attempts = ?, due = ?, code = "
                                "? WHERE alarm = ? AND event = ? AND target = ?",
                                static_cast<int>(notice.state), notice.attempts, notice.due,
                                notice.code.value, notice.alarm, notice.event, notice.target);
    if (changed == 0 && !db.failure()) {
        return Failure(Errc::not_found, "no such notice");
    }
    return {};
}

Result<void> forget_alarms(Database& db, core::Time before, std::int64_t traffic_before) {
    db.run("DELETE FROM alarm_notice WHERE state >= 3 AND made < ? AND NOT EXISTS (SELECT 1 FROM "
           "alarm a WHERE a.id = alarm_notice.alarm AND a.resolved IS NULL)",
           before);
    db.run("DELETE FROM alarm WHERE resolved < ? AND NOT EXISTS (SELECT 1 FROM alarm_notice n "
           "WHERE n.alarm = alarm.id)",
           before);
    db.run("DELETE FROM traffic WHERE day < ?", traffic_before);
    return {};
}

Result<bool> tally_traffic(Database& db, const ports::TrafficTally& tally) {
    core::Time created{};
    core::Uuid message;
    {
        auto rows =
            db.query("SELECT created, message FROM traffic_counted WHERE tenant = ?", tally.tenant);
        if (rows.next()) {
            created = rows.instant(0);
            message = rows.uuid(1);
        }
    }
    std::size_t counted = 0;
    std::vector<ports::TrafficDay> days;
    {
        auto rows = db.query("SELECT created, id, system, type FROM message INDEXED BY "
                             "message_by_time WHERE tenant = ? AND (created, id) > (?, ?) AND "
                             "created < ? ORDER BY created, id LIMIT ?",
                             tally.tenant, created, message, tally.until, tally.limit);
        while (rows.next()) {
            ++counted;
            created = rows.instant(0);
            message = rows.uuid(1);
            const core::SystemId system(rows.text(2));
            const auto type = rows.text(3);
            const auto day = ports::traffic_day(created);
            auto found = std::find_if(days.begin(), days.end(), [&](const auto& one) {
                return one.day == day && one.system == system && one.type == type;
            });
            if (found == days.end()) {
                ports::TrafficDay one;
                one.system = system;
                one.type = type;
                one.day = day;
                found = days.insert(days.end(), std::move(one));
            }
            ++found->count;
        }
    }
    if (counted == 0) {
        return false;
    }
    for (const auto& one : days) {
        db.run("INSERT INTO traffic (tenant, system, type, day, count) VALUES (?, ?, ?, ?, ?) ON "
               "CONFLICT (tenant, system, type, day) DO UPDATE SET count = count + excluded.count",
               tally.tenant, one.system, one.type, one.day, one.count);
    }
    db.run("INSERT INTO traffic_counted (tenant, created, message) VALUES (?, ?, ?) ON CONFLICT "
           "(tenant) DO UPDATE SET created = excluded.created, message = excluded.message",
           tally.tenant, created, message);
    return counted == tally.limit;
}

Result<std::vector<ports::TrafficDay>> traffic(Database& db, const core::TenantId& tenant) {
    std::vector<ports::TrafficDay> found;
    auto rows = db.query("SELECT system, type, day, count FROM traffic WHERE tenant = ? ORDER BY "
                         "system, type, day",
                         tenant);
    while (rows.next()) {
        ports::TrafficDay one;
        one.system = core::SystemId(rows.text(0));
        one.type = rows.text(1);
        one.day = rows.integer(2);
        one.count = rows.number(3);
        found.push_back(std::move(one));
    }
    return found;
}

Result<std::vector<ports::WaitingMessage>> waiting(Database& db, const core::TenantId& tenant,
                                                   core::Time now) {
    std::vector<ports::WaitingMessage> found;
    using State = core::DeliveryState;
    for (const auto state : {State::queued, State::sending, State::pending}) {
        auto rows = db.query(
            "SELECT m.system, m.type, d.connection, m.created, d.attempts, d.wake, d.lease_until "
            "FROM (SELECT system, type, created, newest FROM message INDEXED BY message_by_state "
            "WHERE tenant = ?1 AND state = ?2 ORDER BY created, id LIMIT ?3) m JOIN delivery d ON "
            "d.tenant = ?1 AND d.id = m.newest WHERE d.attempts > 0 OR d.wake IS NULL OR d.wake <= "
            "?4",
            tenant, static_cast<int>(state), ports::waiting_read_max, now);
        while (rows.next()) {
            ports::WaitingMessage one;
            one.system = core::SystemId(rows.text(0));
            one.type = rows.text(1);
            one.connection = rows.text(2);
            one.created = rows.instant(3);
            one.attempts = rows.small(4);
            one.wake = rows.optional_time(5);
            one.claimed = !rows.is_null(6);
            found.push_back(std::move(one));
        }
    }
    return found;
}

Result<std::vector<ports::ToldEvent>> told(Database& db, const core::TenantId& tenant,
                                           core::Time since) {
    std::vector<ports::ToldEvent> found;
    auto rows = db.query(
        "SELECT e.message, e.system, m.type, e.connection, e.name, e.at, m.state, e.delivery = "
        "m.newest FROM event e INDEXED BY event_of_alarm JOIN message m ON m.tenant = e.tenant AND "
        "m.id = e.message WHERE e.tenant = ? AND e.at >= ? AND e.name IN ('overdue', "
        "'notice_alarm') ORDER BY e.at DESC, e.position DESC LIMIT ?",
        tenant, since, ports::told_read_max);
    while (rows.next()) {
        ports::ToldEvent one;
        one.message = core::MessageId(rows.uuid(0));
        one.system = core::SystemId(rows.text(1));
        one.type = rows.text(2);
        one.connection = rows.text(3);
        one.name = rows.text(4);
        one.at = rows.instant(5);
        one.state = static_cast<core::DeliveryState>(rows.integer(6));
        one.newest = rows.integer(7) != 0;
        found.push_back(std::move(one));
    }
    return found;
}

}   // namespace gateway::store::sqlite
