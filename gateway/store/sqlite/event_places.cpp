#include "gateway/store/sqlite/event_places.hpp"

#include "gateway/store/event_ids.hpp"

#include <algorithm>
#include <map>

namespace gateway::store::sqlite {
namespace {

constexpr std::uint64_t run_positions = 1024;   // as migration 9 says

// Events are committed a little out of the order of their ids: in that many runs of later seconds
// the first is looked for.
constexpr int runs_out_of_order_max = 64;

std::uint64_t second_of(const core::Uuid& id) {
    std::uint64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        milliseconds = milliseconds << 8U | id.bytes[i];
    }
    return milliseconds / 1000;
}

std::vector<std::uint64_t> runs_of(Database& database, const core::TenantId& tenant,
                                   std::uint64_t second) {
    std::vector<std::uint64_t> runs;
    auto rows = database.query(
        "SELECT run FROM event_place WHERE tenant = ? AND second = ? ORDER BY run", tenant, second);
    while (rows.next()) {
        runs.push_back(rows.number(0));
    }
    return runs;
}

std::optional<std::uint64_t> first_in_run(Database& database, const core::TenantId& tenant,
                                          std::uint64_t run, const core::Uuid& least) {
    auto rows = database.query("SELECT position FROM event WHERE tenant = ? AND position >= ? AND "
                               "position < ? AND id >= ? ORDER BY position LIMIT 1",
                               tenant, run * run_positions, (run + 1) * run_positions, least);
    return rows.next() ? std::optional(rows.number(0)) : std::nullopt;
}

}   // namespace

EventPlace::EventPlace(core::TenantId whose, core::EventId id, std::uint64_t position)
    : tenant(std::move(whose)), second(second_of(id.uuid)), run(position / run_positions) {}

void write_places(Database& database, const std::set<EventPlace>& places) {
    for (const auto& place : places) {
        database.run("INSERT OR IGNORE INTO event_place (tenant, second, run) VALUES (?, ?, ?)",
                     place.tenant, place.second, place.run);
    }
}

std::vector<std::uint64_t> positions_of(Database& database, const core::TenantId& tenant,
                                        const std::vector<core::EventId>& ids) {
    std::set<std::uint64_t> runs;   // each is read once, however many of the ids may lie there
    std::set<std::uint64_t> seconds;
    for (const auto& id : ids) {
        if (const auto second = second_of(id.uuid); seconds.insert(second).second) {
            const auto found = runs_of(database, tenant, second);
            runs.insert(found.begin(), found.end());
        }
    }
    const std::set<core::EventId> wanted(ids.begin(), ids.end());
    std::vector<std::uint64_t> positions;
    for (const auto run : runs) {
        auto rows = database.query("SELECT position, id FROM event WHERE tenant = ? AND position "
                                   ">= ? AND position < ? ORDER BY position",
                                   tenant, run * run_positions, (run + 1) * run_positions);
        while (rows.next()) {
            if (wanted.contains(core::EventId(rows.uuid(1)))) {
                positions.push_back(rows.number(0));
            }
        }
    }
    return positions;
}

std::optional<std::uint64_t> first_position_from(Database& database, const core::TenantId& tenant,
                                                 core::Time at) {
    const auto least = least_id_of(at);
    const auto second = second_of(least);
    std::optional<std::uint64_t> first;
    for (const auto run : runs_of(database, tenant, second)) {
        first = first_in_run(database, tenant, run, least);   // some of that second came before
        if (first) {
            break;
        }
    }
    std::optional<std::uint64_t> later;
    {
        auto rows = database.query("SELECT min(run) FROM (SELECT run FROM event_place WHERE tenant "
                                   "= ? AND second > ? ORDER BY second, run LIMIT ?)",
                                   tenant, second, runs_out_of_order_max);
        if (rows.next() && !rows.is_null(0)) {
            later = rows.number(0);
        }
    }
    if (later) {
        later = first_in_run(database, tenant, *later, least);
    }
    return first && later ? std::min(first, later) : std::max(first, later);
}

}   // namespace gateway::store::sqlite
