#include "gateway/store/sqlite/content_rows.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/operations.hpp"

#include <algorithm>
#include <tuple>

namespace gateway::store::sqlite {
namespace {

/// A delivery that could be claimed: expired ones first, then by when, then by age.
struct Candidate {
    bool is_live = true;
    core::Time when{};
    std::uint64_t number = 0;
    core::DeliveryId id;

    bool operator<(const Candidate& other) const {
        return std::tie(is_live, when, number) < std::tie(other.is_live, other.when, other.number);
    }
};

/// The smaller of two indexes is walked from name to name: as many steps as there are tenants with
/// open work, however many deliveries each has.
std::optional<core::TenantId> tenant_after(Database& db, const core::TenantId& tenant) {
    std::optional<core::TenantId> next;
    for (const char* sql :
         {"SELECT tenant FROM delivery INDEXED BY delivery_waking WHERE wake IS NOT NULL AND "
          "tenant "
          "> ? ORDER BY tenant LIMIT 1",
          "SELECT tenant FROM delivery INDEXED BY delivery_expiring WHERE expiry IS NOT NULL AND "
          "tenant > ? ORDER BY tenant LIMIT 1"}) {
        auto rows = db.query(sql, tenant);
        if (rows.next()) {
            core::TenantId found(rows.text(0));
            next = next ? std::min(*next, found) : found;
        }
    }
    return next;
}

/// Connections of a tenant with open work in a lane; the empty one stands for not yet chosen.
std::vector<std::string> open_connections(Database& db, const core::TenantId& tenant,
                                          ports::Lane lane,
                                          const std::vector<core::ConnectionId>& excluded) {
    std::vector<std::string> connections;
    std::string last;
    const char* sql = "SELECT connection FROM delivery INDEXED BY delivery_waking WHERE wake IS "
                      "NOT NULL AND tenant = ? "
                      "AND lane = ? AND connection >= ? ORDER BY connection LIMIT 1";
    for (;;) {
        auto rows = db.query(sql, tenant, static_cast<int>(lane), last);
        if (!rows.next()) {
            return connections;
        }
        last = rows.text(0);
        if (std::find(excluded.begin(), excluded.end(), core::ConnectionId(last)) ==
                excluded.end() ||
            last.empty()) {
            connections.push_back(last);
        }
        last.push_back('\0');   // the least text after it
    }
}

std::vector<Candidate> candidates_of(Database& db, const core::TenantId& tenant,
                                     const ports::ClaimCommand& command) {
    std::vector<Candidate> candidates;
    const auto take = [&candidates](Rows rows, bool is_live) {
        while (rows.next()) {
            Candidate candidate;
            candidate.is_live = is_live;
            candidate.id = core::DeliveryId(rows.uuid(0));
            candidate.when = rows.instant(1);
            candidate.number = rows.number(2);
            candidates.push_back(candidate);
        }
    };
    if (command.lane == ports::Lane::attempts) {
        take(db.query("SELECT id, expiry, number FROM delivery INDEXED BY delivery_expiring WHERE "
                      "expiry IS NOT NULL "
                      "AND tenant = ? AND expiry <= ? ORDER BY expiry, number LIMIT ?",
                      tenant, command.now, command.limit),
             false);
    }
    // Those that have expired stand above already; in other lanes they are claimed like the rest.
    const auto expired_by = command.lane == ports::Lane::attempts ? command.now : core::Time::min();
    for (const auto& connection : open_connections(db, tenant, command.lane, command.excluded)) {
        take(db.query("SELECT id, wake, number FROM delivery INDEXED BY delivery_waking WHERE wake "
                      "IS NOT NULL AND "
                      "tenant = ? AND lane = ? AND connection = ? AND wake <= ? AND (expiry IS "
                      "NULL OR expiry > ?) "
                      "ORDER BY wake, number LIMIT ?",
                      tenant, static_cast<int>(command.lane), connection, command.now, expired_by,
                      command.limit),
             true);
    }
    std::sort(candidates.begin(), candidates.end());
    candidates.resize(std::min(candidates.size(), command.limit));
    return candidates;
}

ports::ClaimedDelivery claimed(Database& db, const DeliveryRecord& record, bool was_interrupted) {
    ports::ClaimedDelivery item;
    item.tenant = record.tenant;
    item.system = record.system;
    item.row = record.row;
    item.fence = record.fence;
    item.was_interrupted = was_interrupted;
    item.wrapped_key = find_key(db, record.tenant, Content::message, record.row.message.to_bytes());
    {
        auto rows = db.query("SELECT type, created FROM message WHERE tenant = ? AND id = ?",
                             record.tenant, record.row.message);
        if (rows.next()) {
            item.type = rows.text(0);
            item.accepted_at = rows.instant(1);
        }
    }
    item.sealed_content = find_content(db, record.tenant, record.row.message.uuid);
    auto rows =
        db.query("SELECT hash FROM document_use WHERE tenant = ? AND owner = ? ORDER BY place",
                 record.tenant, record.row.message);
    while (rows.next()) {
        item.documents.push_back(rows.sha256(0));
    }
    return item;
}

}   // namespace

Result<std::vector<ports::ClaimedDelivery>> claim(Engine& engine,
                                                  const ports::ClaimCommand& command) {
    auto& db = engine.db();
    auto& turns = engine.turns(command.lane);
    std::vector<std::pair<core::TenantId, std::vector<Candidate>>> candidates;
    // From the tenant after the one served last to the end, then from the first up to it. One
    // delivery each is enough to fill the claim, so no more than `limit` tenants are asked in full.
    const auto last = turns.last();
    for (const bool after : {true, false}) {
        auto tenant = tenant_after(db, after ? last : core::TenantId());
        while (tenant && (after || *tenant <= last) && candidates.size() < command.limit) {
            auto own = candidates_of(db, *tenant, command);
            if (!own.empty()) {
                candidates.emplace_back(*tenant, std::move(own));
            }
            tenant = tenant_after(db, *tenant);
        }
    }
    std::vector<std::pair<core::TenantId, core::DeliveryId>> picked;
    std::vector<std::pair<core::TenantId, std::vector<std::pair<core::TenantId, core::DeliveryId>>>>
        keys;
    for (auto& [tenant, own] : candidates) {
        auto& list =
            keys.emplace_back(tenant, std::vector<std::pair<core::TenantId, core::DeliveryId>>())
                .second;
        for (const auto& candidate : own) {
            list.emplace_back(tenant, candidate.id);
        }
    }
    std::vector<ports::ClaimedDelivery> items;
    for (const auto& [tenant, id] : turns.pick(std::move(keys), command.limit)) {
        const auto before = load_delivery(db, tenant, id);
        if (!before) {
            break;   // only after an error, which our caller sees
        }
        auto record = *before;
        const bool was_interrupted = store::claim(record, command.lease_until);
        save_delivery(engine, *before, record);
        items.push_back(claimed(db, record, was_interrupted));
    }
    return items;
}

Result<std::optional<core::Time>> next_due(Database& db, ports::Lane lane,
                                           const std::vector<core::ConnectionId>& excluded) {
    std::optional<core::Time> next;
    const auto take = [&next](Rows rows) {
        if (rows.next() && !rows.is_null(0)) {
            next = next ? std::min(*next, rows.instant(0)) : rows.instant(0);
        }
    };
    for (auto tenant = tenant_after(db, core::TenantId()); tenant;
         tenant = tenant_after(db, *tenant)) {
        for (const auto& connection : open_connections(db, *tenant, lane, excluded)) {
            take(db.query("SELECT wake FROM delivery INDEXED BY delivery_waking WHERE wake IS NOT "
                          "NULL AND tenant = ? "
                          "AND lane = ? AND connection = ? ORDER BY wake LIMIT 1",
                          *tenant, static_cast<int>(lane), connection));
        }
        if (lane == ports::Lane::attempts) {
            take(db.query("SELECT expiry FROM delivery INDEXED BY delivery_expiring WHERE expiry "
                          "IS NOT NULL AND "
                          "tenant = ? ORDER BY expiry LIMIT 1",
                          *tenant));
        }
    }
    return next;
}

std::optional<core::Time> oldest_waiting(Database& db) {
    std::optional<core::Time> oldest;
    for (auto tenant = tenant_after(db, core::TenantId()); tenant;
         tenant = tenant_after(db, *tenant)) {
        for (const auto& connection : open_connections(db, *tenant, ports::Lane::attempts, {})) {
            auto rows = db.query(
                "SELECT wake FROM delivery INDEXED BY delivery_waking WHERE wake IS NOT NULL AND "
                "tenant = ? AND lane = ? AND connection = ? ORDER BY wake LIMIT 1",
                *tenant, static_cast<int>(ports::Lane::attempts), connection);
            if (rows.next()) {
                oldest = oldest ? std::min(*oldest, rows.instant(0)) : rows.instant(0);
            }
        }
    }
    return oldest;
}

Result<std::optional<ports::ClaimedDelivery>>
find_delivery(Database& db, const std::vector<core::TenantId>& tenants, core::DeliveryId delivery) {
    std::optional<ports::ClaimedDelivery> found;
    for (const auto& tenant : tenants) {
        if (const auto record = load_delivery(db, tenant, delivery)) {
            found = claimed(db, *record, false);
            found->fence = core::Fence();
            break;
        }
    }
    return found;
}

void end_old_claims(Engine& engine) {
    auto& db = engine.db();
    db.run("UPDATE named_lease SET until = 0");
    std::vector<std::pair<core::TenantId, core::DeliveryId>> old;
    {
        auto rows = db.query("SELECT tenant, id FROM delivery INDEXED BY delivery_claimed WHERE "
                             "lease_until IS NOT NULL");
        while (rows.next()) {
            old.emplace_back(core::TenantId(rows.text(0)), core::DeliveryId(rows.uuid(1)));
        }
    }
    for (const auto& [tenant, id] : old) {
        if (const auto before = load_delivery(db, tenant, id)) {
            auto record = *before;
            record.lease_until = core::Time();   // ended long ago, but not by its holder
            save_delivery(engine, *before, record);
        }
    }
}

}   // namespace gateway::store::sqlite
