#include "gateway/store/sqlite/retention.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/store/sqlite/content_rows.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/failures.hpp"
#include "gateway/store/sqlite/inbox_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using core::DeliveryState;
using core::Errc;
using core::Failure;
using ports::KeptKind;

// Of one type among all inbox items: more are looked at for each that is found.
constexpr std::size_t inbox_rows_each = 20;

int number_of_kind(KeptKind kind) {
    return static_cast<int>(kind);
}

bool stands_in(Database& db, const char* sql, const core::TenantId& tenant, KeptKind kind,
               core::Uuid id) {
    return db.query(sql, tenant, number_of_kind(kind), id).next();
}

bool is_erased(Database& db, const core::TenantId& tenant, KeptKind kind, core::Uuid id) {
    return stands_in(db, "SELECT 1 FROM erased_content WHERE tenant = ? AND kind = ? AND owner = ?",
                     tenant, kind, id);
}

bool is_held(Database& db, const core::TenantId& tenant, KeptKind kind, core::Uuid id) {
    return stands_in(db, "SELECT 1 FROM content_hold WHERE tenant = ? AND kind = ? AND owner = ?",
                     tenant, kind, id);
}

/// Without its content.
std::optional<ports::KeptContent> judge_message(Database& db, const core::TenantId& tenant,
                                                core::Uuid id) {
    auto rows = db.query(
        "SELECT m.changed, d.state, d.work, d.overdue_at, d.unread_at, d.wake, d.lease_until FROM "
        "message m JOIN delivery d ON d.tenant = m.tenant AND d.id = m.newest WHERE m.tenant = ? "
        "AND m.id = ?",
        tenant, id);
    if (!rows.next()) {
        return std::nullopt;
    }
    ports::KeptContent found;
    found.id = id;
    found.changed = rows.instant(0);
    const auto state = static_cast<DeliveryState>(rows.integer(1));
    const auto work = static_cast<core::Work>(rows.integer(2));
    bool waits = false;
    for (int column = 3; column <= 6; ++column) {
        waits = waits || !rows.is_null(column);
    }
    found.finished = state == DeliveryState::delivered || state == DeliveryState::read ||
                     state == DeliveryState::cancelled;
    // One that is sent waits for its receipt, also where nobody asks for it.
    const bool ended = found.finished || state == DeliveryState::failed ||
                       state == DeliveryState::expired || state == DeliveryState::sent;
    found.open = !ended || waits || work != core::Work::none;
    return found;
}

std::optional<ports::KeptContent> judge_item(Database& db, const core::TenantId& tenant,
                                             core::Uuid id) {
    auto rows = db.query(
        "SELECT count(*), max(c.changed), min(c.state), (SELECT count(*) FROM settlement s WHERE "
        "s.tenant = i.tenant AND s.item = i.id AND s.due IS NOT NULL), i.copies FROM inbound i "
        "LEFT JOIN inbox_copy c ON c.tenant = i.tenant AND c.number = i.number WHERE i.tenant = ? "
        "AND i.id = ? AND i.copies > 0 GROUP BY i.id",
        tenant, id);
    if (!rows.next()) {
        return std::nullopt;   // none, or quarantined: a person decides about it
    }
    ports::KeptContent found;
    found.id = id;
    found.copies = static_cast<std::size_t>(rows.number(4));
    found.changed = rows.instant(1);
    found.finished = rows.integer(2) >= number_of(CopyState::acknowledged);
    found.open = !found.finished || rows.integer(3) > 0;
    return found;
}

std::optional<ports::KeptContent> judge(Database& db, const core::TenantId& tenant, KeptKind kind,
                                        core::Uuid id) {
    auto found =
        kind == KeptKind::message ? judge_message(db, tenant, id) : judge_item(db, tenant, id);
    if (found) {
        found->held = is_held(db, tenant, kind, id);
    }
    return found;
}

void add_content(Database& db, const ports::RetentionQuery& query, core::Uuid id,
                 std::optional<core::Time> looked_for, ports::RetentionPage& page) {
    auto found = judge(db, query.tenant, query.kind, id);
    if (!found || is_erased(db, query.tenant, query.kind, id)) {
        return;
    }
    found->looked_for = looked_for;
    if (query.kind == KeptKind::message) {
        found->sealed_content = find_content(db, query.tenant, id);
    } else {
        auto rows =
            db.query("SELECT sealed FROM inbound WHERE tenant = ? AND id = ?", query.tenant, id);
        if (rows.next()) {
            found->sealed_content = rows.text(0);
        }
    }
    found->wrapped_key =
        find_key(db, query.tenant, static_cast<Content>(number_of_kind(query.kind)), id.to_bytes());
    page.items.push_back(std::move(*found));
}

void tell_erased_message(Engine& engine, const ports::RetentionStep& step,
                         const ports::ContentErasure& one) {
    const core::MessageId id(one.id);
    auto deliveries = deliveries_of(engine.db(), step.tenant, id);
    GATEWAY_ASSERT(!deliveries.empty() && !one.event_ids.empty());
    remove_failure(engine.db(), step.tenant, deliveries.back().row.id);
    ports::NewEvent event;
    event.id = one.event_ids.front();
    event.at = step.at;
    event.name = "content_erased";
    event.code = step.why;
    deliveries.back().row.due.reset();
    append_events(engine, deliveries.back(), {event});
}

void tell_erased_item(Engine& engine, const ports::RetentionStep& step,
                      const ports::ContentErasure& one) {
    std::vector<core::SystemId> systems;
    {
        auto rows = engine.db().query("SELECT c.system FROM inbound i JOIN inbox_copy c ON "
                                      "c.tenant = i.tenant AND c.number = i.number WHERE i.tenant "
                                      "= ? AND i.id = ? ORDER BY c.system",
                                      step.tenant, one.id);
        while (rows.next()) {
            systems.emplace_back(rows.text(0));
        }
    }
    for (std::size_t i = 0; i < systems.size() && i < one.event_ids.size(); ++i) {
        const auto copy =
            load_copy(engine.db(), step.tenant, systems[i], core::InboxId(one.id), false);
        if (copy) {
            append_inbox_event(engine, step.tenant, *copy, one.event_ids[i], "content_erased",
                               step.at, {});
        }
    }
}

void erase_content(Engine& engine, const ports::RetentionStep& step,
                   const ports::ContentErasure& one) {
    auto& db = engine.db();
    const auto& tenant = step.tenant;
    db.run("DELETE FROM content_key WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
           number_of_kind(step.kind), one.id);
    // Nothing of it can be opened any more; what is emptied is room.
    db.run("UPDATE event SET sealed_params = x'' WHERE tenant = ? AND message = ?", tenant, one.id);
    if (step.kind == KeptKind::message) {
        empty_content(db, tenant, one.id);
        for (const auto& delivery : deliveries_of(db, tenant, core::MessageId(one.id))) {
            db.run("UPDATE delivery SET upstream_reference = x'', progress = x'', result = x'' "
                   "WHERE tenant = ? AND id = ?",
                   tenant, delivery.row.id);
        }
        remove_exchanges(db, tenant, core::MessageId(one.id));
        tell_erased_message(engine, step, one);
    } else {
        db.run("UPDATE inbound SET sealed = x'', raw = x'' WHERE tenant = ? AND id = ?", tenant,
               one.id);
        db.run("UPDATE inbox_copy SET answer = x'' WHERE tenant = ?1 AND number = (SELECT number "
               "FROM inbound WHERE tenant = ?1 AND id = ?2)",
               tenant, one.id);
        db.run("UPDATE quarantine SET sealed_reason = x'' WHERE tenant = ? AND item = ?", tenant,
               one.id);
        tell_erased_item(engine, step, one);
    }
    release_documents(db, tenant, step.kind, one.id);
    db.run("INSERT INTO erased_content (tenant, kind, owner, at, type) VALUES (?, ?, ?, ?, ?)",
           tenant, number_of_kind(step.kind), one.id, step.at, step.type);
    engine.destroyed_key();
}

/// Of those the content is of; nothing: a legal hold stands on one of them.
std::optional<std::vector<core::Uuid>> known_persons(Database& db, const core::TenantId& tenant,
                                                     const std::vector<std::string>& tokens) {
    std::vector<core::Uuid> known;
    for (const auto& token : tokens) {
        auto rows = db.query("SELECT handle, held FROM subject WHERE tenant = ? AND kind = ? AND "
                             "token = ?",
                             tenant, static_cast<int>(core::RecordKeyKind::person), Blob(token));
        if (rows.next()) {
            if (rows.integer(1) != 0) {
                return std::nullopt;
            }
            known.push_back(rows.uuid(0));
        }
    }
    return known;
}

void look_later(Database& db, const ports::RetentionStep& step, core::Uuid id, core::Time at) {
    db.run("INSERT OR IGNORE INTO retention_later (tenant, kind, type, look_at, owner) VALUES (?, "
           "?, ?, ?, ?)",
           step.tenant, number_of_kind(step.kind), step.type, at, id);
}

void looked(Database& db, const ports::RetentionStep& step, core::Uuid id,
            const std::optional<core::Time>& looked_for) {
    if (looked_for) {
        db.run("DELETE FROM retention_later WHERE tenant = ? AND kind = ? AND type = ? AND look_at "
               "= ? AND owner = ?",
               step.tenant, number_of_kind(step.kind), step.type, *looked_for, id);
    }
}

ports::RetentionMark mark_of(Database& db, const ports::RetentionQuery& query) {
    ports::RetentionMark mark;
    auto rows = db.query("SELECT at, owner, number FROM retention_mark WHERE tenant = ? AND kind = "
                         "? AND type = ?",
                         query.tenant, number_of_kind(query.kind), query.type);
    if (rows.next()) {
        mark.at = rows.instant(0);
        mark.owner = rows.uuid(1);
        mark.number = rows.number(2);
    }
    return mark;
}

}   // namespace

void release_documents(Database& db, const core::TenantId& tenant, KeptKind kind, core::Uuid id) {
    std::vector<core::Sha256> uses;
    {
        auto rows = db.query("SELECT hash FROM document_use WHERE tenant = ? AND owner = ? AND "
                             "kind = ?",
                             tenant, id, number_of_kind(kind));
        while (rows.next()) {
            uses.push_back(rows.sha256(0));
        }
    }
    db.run("DELETE FROM document_use WHERE tenant = ? AND owner = ? AND kind = ?", tenant, id,
           number_of_kind(kind));
    for (const auto& hash : uses) {
        db.run("UPDATE document SET uses = uses - 1 WHERE tenant = ? AND hash = ?", tenant, hash);
    }
}

Result<ports::RetentionPage> retention_page(Database& db, const ports::RetentionQuery& query) {
    ports::RetentionPage page;
    const bool message = query.kind == KeptKind::message;
    std::vector<std::pair<core::Uuid, core::Time>> again;
    if (!query.from) {
        auto rows =
            db.query("SELECT owner, look_at FROM retention_later WHERE tenant = ? AND kind "
                     "= ? AND type = ? AND look_at <= ? ORDER BY look_at, owner LIMIT ?",
                     query.tenant, number_of_kind(query.kind), query.type, query.now, query.limit);
        while (rows.next()) {
            again.emplace_back(rows.uuid(0), rows.instant(1));
        }
    }
    for (const auto& [id, at] : again) {
        add_content(db, query, id, at, page);
    }
    const auto left = query.limit - again.size();
    const auto scanned_max = message ? left : left * inbox_rows_each;
    auto mark = query.from ? *query.from : mark_of(db, query);
    std::vector<core::Uuid> next;
    std::size_t scanned = 0;
    {
        auto rows =
            message
                ? db.query("SELECT created, id, 0, type FROM message INDEXED BY "
                           "message_by_type WHERE tenant = ?1 AND type = ?2 AND (created, id) "
                           "> (?3, ?4) AND created < ?5 ORDER BY created, id LIMIT ?6",
                           query.tenant, query.type, mark.at, mark.owner, query.before, scanned_max)
                : db.query("SELECT at, id, number, type FROM inbound WHERE tenant = ?1 AND "
                           "?2 = ?2 AND (at, number) > (?3, ?4) AND at < ?5 ORDER BY at, "
                           "number LIMIT ?6",
                           query.tenant, query.type, mark.at, mark.number, query.before,
                           scanned_max);
        while (next.size() < left && rows.next()) {
            ++scanned;
            mark.at = rows.instant(0);
            mark.owner = rows.uuid(1);
            mark.number = rows.number(2);
            if (rows.text(3) == query.type) {
                next.push_back(mark.owner);
            }
        }
    }
    for (const auto& id : next) {
        add_content(db, query, id, std::nullopt, page);
    }
    if (scanned > 0) {
        page.mark = mark;
    }
    page.more = again.size() >= query.limit || (scanned_max > 0 && scanned >= scanned_max) ||
                (left > 0 && next.size() >= left);
    return page;
}

Result<std::size_t> retain(Engine& engine, const ports::RetentionStep& step) {
    auto& db = engine.db();
    std::size_t erased = 0;
    for (const auto& one : step.erase) {
        const auto now = judge(db, step.tenant, step.kind, one.id);
        looked(db, step, one.id, one.looked_for);
        if (!now || is_erased(db, step.tenant, step.kind, one.id)) {
            continue;
        }
        const auto persons = known_persons(db, step.tenant, one.persons);
        if (now->open || now->held || now->changed != one.changed || !persons ||
            one.event_ids.size() < now->copies) {
            look_later(db, step, one.id, step.look_again);
            continue;
        }
        erase_content(engine, step, one);
        std::vector<ports::NewLogEntry> log(std::max<std::size_t>(persons->size(), 1), one.log);
        for (std::size_t i = 0; i < persons->size(); ++i) {
            log[i].subject = (*persons)[i];
        }
        append_log(engine, step.tenant, log);
        ++erased;
    }
    for (const auto& one : step.later) {
        looked(db, step, one.id, one.looked_for);
        look_later(db, step, one.id, one.look_at);
    }
    if (step.mark) {
        db.run("INSERT INTO retention_mark (tenant, kind, type, at, owner, number) VALUES (?1, ?2, "
               "?3, ?4, ?5, ?6) ON CONFLICT (tenant, kind, type) DO UPDATE SET at = ?4, owner = "
               "?5, number = ?6",
               step.tenant, number_of_kind(step.kind), step.type, step.mark->at, step.mark->owner,
               step.mark->number);
    }
    return erased;
}

Result<void> hold_content(Engine& engine, const core::TenantId& tenant, KeptKind kind,
                          core::Uuid id, bool held, core::Time at,
                          const std::vector<ports::NewLogEntry>& log,
                          const std::vector<ports::NewEvent>& events) {
    auto& db = engine.db();
    if (!judge(db, tenant, kind, id)) {
        return Failure(Errc::not_found, "no such message");
    }
    if (held) {
        db.run("INSERT OR IGNORE INTO content_hold (tenant, kind, owner, at) VALUES (?, ?, ?, ?)",
               tenant, number_of_kind(kind), id, at);
    } else {
        db.run("DELETE FROM content_hold WHERE tenant = ? AND kind = ? AND owner = ?", tenant,
               number_of_kind(kind), id);
    }
    if (kind == KeptKind::message && !events.empty()) {
        append_events(engine, deliveries_of(db, tenant, core::MessageId(id)).back(), events);
    }
    append_log(engine, tenant, log);
    return {};
}

}   // namespace gateway::store::sqlite
