#include "gateway/store/sqlite/asked.hpp"

#include "gateway/store/sqlite/delivery_rows.hpp"

#include <algorithm>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

/// `request`: the column, or an empty one.
std::string asked_sql(const char* request, const char* rest) {
    return "SELECT id, tenant, act, target, who, asked, expires, why, " + std::string(request) +
           ", state, decided_by, decided, answer, ended, code FROM asked_act " + rest;
}

ports::AskedAct read_asked(const Rows& rows) {
    ports::AskedAct act;
    act.id = rows.uuid(0);
    act.tenant = core::TenantId(rows.text(1));
    act.act = rows.text(2);
    act.target = rows.text(3);
    act.who = rows.text(4);
    act.asked = rows.instant(5);
    act.expires = rows.instant(6);
    act.sealed_why = rows.text(7);
    act.sealed_request = rows.text(8);
    act.state = static_cast<ports::AskedState>(rows.integer(9));
    act.decided_by = rows.text(10);
    act.decided = rows.optional_time(11);
    act.sealed_answer = rows.text(12);
    act.ended = rows.optional_time(13);
    act.code = core::Code(rows.text(14));
    return act;
}

void add_words_key(Database& db, ports::AskedAct& act) {
    act.words_key = find_key(db, act.tenant, Content::asked_words, act.id.to_bytes());
}

void drop_key(Database& db, const ports::AskedAct& act, Content kind) {
    db.run("DELETE FROM content_key WHERE tenant = ? AND kind = ? AND owner = ?", act.tenant,
           static_cast<int>(kind), Blob(act.id.to_bytes()));
}

}   // namespace

core::Result<void> ask(Database& db, const ports::AskedAct& act) {
    std::size_t open = 0;
    {
        auto rows = db.query("SELECT act, target FROM asked_act INDEXED BY asked_act_open WHERE "
                             "state < 3 AND tenant = ?",
                             act.tenant);
        while (rows.next()) {
            ++open;
            if (!act.target.empty() && rows.text(0) == act.act && rows.text(1) == act.target) {
                return Failure(Errc::conflict, "it waits already");
            }
        }
    }
    if (open >= ports::asked_open_max) {
        return Failure(Errc::too_large, "too many acts wait");
    }
    db.run("INSERT INTO asked_act (id, tenant, act, target, who, asked, expires, why, request, "
           "state, decided_by, decided, answer, ended, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
           "?, '', NULL, x'', NULL, '')",
           act.id, act.tenant, act.act, act.target, act.who, act.asked, act.expires,
           Blob(act.sealed_why), Blob(act.sealed_request),
           static_cast<int>(ports::AskedState::asked));
    put_key(db, act.tenant, Content::asked_words, act.id.to_bytes(), act.words_key);
    put_key(db, act.tenant, Content::asked_request, act.id.to_bytes(), act.request_key);
    return {};
}

core::Result<std::optional<ports::AskedAct>> find_asked(Database& db, const core::Uuid& id) {
    static const auto sql = asked_sql("request", "WHERE id = ?");
    std::optional<ports::AskedAct> act;
    {
        auto rows = db.query(sql, id);
        if (rows.next()) {
            act = read_asked(rows);
        }
    }
    if (act) {
        add_words_key(db, *act);
        act->request_key = find_key(db, act->tenant, Content::asked_request, id.to_bytes());
    }
    return act;
}

core::Result<std::vector<ports::AskedAct>> asked(Database& db, const ports::AskedQuery& query) {
    static const auto every =
        asked_sql("x''", "INDEXED BY asked_act_by_time WHERE (asked, id) < (?, ?) ORDER BY asked "
                         "DESC, id DESC");
    static const auto waiting =
        asked_sql("x''", "INDEXED BY asked_act_open WHERE state < 3 AND (asked, id) < (?, ?) ORDER "
                         "BY asked DESC, id DESC");
    core::Uuid last;
    last.bytes.fill(0xff);
    const auto place = query.after.value_or(std::pair(core::Time::max(), last));
    std::vector<ports::AskedAct> found;
    {
        auto rows = db.query(query.open ? waiting : every, place.first, place.second);
        while (found.size() < query.limit && rows.next()) {
            auto act = read_asked(rows);
            const auto& tenants = query.tenants;
            if (tenants.empty() ||
                std::find(tenants.begin(), tenants.end(), act.tenant) != tenants.end()) {
                found.push_back(std::move(act));
            }
        }
    }
    for (auto& act : found) {
        add_words_key(db, act);
    }
    return found;
}

core::Result<std::vector<ports::AskedAct>> asked_due(Database& db, core::Time now,
                                                     std::size_t limit) {
    static const auto sql = asked_sql("x''", "INDEXED BY asked_act_open WHERE state < 3 AND (state "
                                             "= 2 OR expires <= ?) ORDER BY asked, id LIMIT ?");
    auto rows = db.query(sql, now, limit);
    std::vector<ports::AskedAct> found;
    while (rows.next()) {
        found.push_back(read_asked(rows));
    }
    return found;
}

core::Result<void> move_asked(Database& db, const ports::AskedMove& move) {
    const auto act = find_asked(db, move.id);
    if (!act->has_value()) {
        return Failure(Errc::not_found, "no such act");
    }
    if ((*act)->state != move.from) {
        return Failure(Errc::conflict, "it is in another state");
    }
    if (!move.by.empty()) {
        db.run("UPDATE asked_act SET decided_by = ?, decided = ?, answer = ? WHERE id = ?", move.by,
               move.at, Blob(move.sealed_answer), move.id);
    }
    if (!ports::is_over(move.to)) {
        db.run("UPDATE asked_act SET state = ? WHERE id = ?", static_cast<int>(move.to), move.id);
        return {};
    }
    db.run("UPDATE asked_act SET state = ?, ended = ?, code = ?, request = x'' WHERE id = ?",
           static_cast<int>(move.to), move.at, move.code.value, move.id);
    drop_key(db, **act, Content::asked_request);
    return {};
}

core::Result<void> forget_asked(Database& db, core::Time before) {
    db.run("DELETE FROM content_key WHERE kind = 7 AND owner IN (SELECT id FROM asked_act WHERE "
           "state >= 3 AND ended < ?)",
           before);
    db.run("DELETE FROM asked_act WHERE state >= 3 AND ended < ?", before);
    return {};
}

void settle_restored_asked(Database& db) {
    if (db.value("SELECT count(*) FROM main.sqlite_schema WHERE name = 'asked_act'") == 0) {
        db.script("DELETE FROM main.content_key WHERE kind IN (7, 8)");   // of a later schema
        return;
    }
    db.script("UPDATE main.asked_act SET state = 6, ended = expires, request = x'', code = "
              "'approval.restored' WHERE state < 3; DELETE FROM main.content_key WHERE kind = 8 OR "
              "(kind = 7 AND NOT EXISTS (SELECT 1 FROM main.asked_act a WHERE a.tenant = "
              "content_key.tenant AND a.id = owner))");
}

}   // namespace gateway::store::sqlite
