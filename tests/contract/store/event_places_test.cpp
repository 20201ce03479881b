#include "gateway/store/sqlite/event_places.hpp"

#include "gateway/store/event_ids.hpp"
#include "gateway/store/sqlite/delivery_rows.hpp"
#include "gateway/store/sqlite/migrations.hpp"
#include "store_files.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <vector>

using namespace tests;
namespace sqlite = gateway::store::sqlite;

namespace {

const core::Time start = core::Time(std::chrono::seconds(1'790'000'000));

core::EventId made_at(core::Time at, std::uint8_t which) {
    auto id = gateway::store::least_id_of(at);
    id.bytes[15] = which;
    return core::EventId(id);
}

core::DeliveryId delivery_id(int which) {
    core::Uuid id;
    id.bytes[15] = static_cast<std::uint8_t>(which);
    return core::DeliveryId(id);
}

/// A database as one of `schema` has it.
struct Kept {
    TemporaryFolder folder;
    sqlite::OpenOptions options;
    std::unique_ptr<sqlite::Database> database;
    core::MessageId message{delivery_id(99).uuid};

    explicit Kept(std::size_t schema) {
        options.path = folder.file("sluse.db");
        options.may_write = true;
        options.create = true;
        database = raw(options.path);
        database->run("PRAGMA journal_mode=WAL");
        migrate(schema);
    }

    void migrate(std::size_t schema) {
        const auto migrated = sqlite::migrate(
            *database, options, sqlite::migrations().first(schema), folder.file("before"));
        REQUIRE(migrated.has_value());
    }

    void put_event(std::uint64_t position, core::EventId id) {
        database->run("INSERT INTO event (tenant, position, id, system, message, connection, "
                      "state, at, name, code, params, sealed_params) VALUES (?, ?, ?, 'visma', ?, "
                      "'', 1, 0, '', '', '', x'')",
                      oslo, position, id, core::Uuid());
    }

    void put_delivery(int which, std::optional<core::DeliveryId> replaces) {
        database->run(
            "INSERT INTO delivery (tenant, id, message, system, number, place, order_token, "
            "blocked, connection, settings, state, work, lane, created, changed, attempts, "
            "failures, cancel, fence, upstream_key, upstream_reference, progress, replaces, code, "
            "params) VALUES (?, ?, ?, 'visma', ?, 1, x'', 0, '', '', 1, 1, 1, 0, 0, 0, 0, 0, 0, "
            "'', x'', x'', ?, '', '')",
            oslo, delivery_id(which), message, which, replaces);
        database->run("INSERT INTO message (tenant, id, system, type, created, changed, state, "
                      "connection, newest, content_bytes) VALUES (?, ?, 'visma', '', 0, 0, 1, '', "
                      "?, 0) ON CONFLICT DO UPDATE SET newest = excluded.newest",
                      oslo, message, delivery_id(which));
    }
};

}   // namespace

TEST_CASE("store: what lay in a database of schema 8 is found by id and by time after it moved on",
          "[contract]") {
    Kept kept(8);
    const std::vector<core::EventId> ids{made_at(start, 1), made_at(start + 999ms, 2),
                                         made_at(start + 1s, 3), made_at(start - 1ms, 4),
                                         made_at(core::Time(std::chrono::years(140)), 5)};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        kept.put_event(1000 + i * 20, ids[i]);
    }
    for (const int which : {1, 2, 3}) {
        kept.put_delivery(which, which == 3 ? std::optional(delivery_id(2)) : std::nullopt);
    }
    kept.migrate(9);
    auto& database = *kept.database;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        CHECK(sqlite::positions_of(database, oslo, {ids[i]}) ==
              std::vector<std::uint64_t>{1000 + i * 20});
    }
    CHECK(sqlite::positions_of(database, oslo, ids).size() == ids.size());
    CHECK(sqlite::positions_of(database, bergen, ids).empty());
    CHECK(sqlite::first_position_from(database, oslo, start + 1s) == 1040U);
    const auto deliveries = sqlite::deliveries_of(database, oslo, kept.message);
    REQUIRE(deliveries.size() == 3);
    for (const int which : {1, 2, 3}) {
        CHECK(deliveries[static_cast<std::size_t>(which - 1)].row.id == delivery_id(which));
    }
    CHECK(deliveries[1].row.replaces == delivery_id(1));
    CHECK_FALSE(database.failure().has_value());
}

TEST_CASE("store: events are found wherever their second is spread, by id and from a time on",
          "[contract]") {
    Kept kept(9);
    auto& database = *kept.database;
    std::set<sqlite::EventPlace> places;
    std::vector<core::EventId> ids;
    const auto put = [&](std::uint64_t position, core::EventId id) {
        kept.put_event(position, id);
        places.emplace(oslo, id, position);
        ids.push_back(id);
    };
    put(1023, made_at(start, 1));
    put(1024, made_at(start, 2));
    put(1025, made_at(start + 500ms, 3));
    put(2048, made_at(start + 2s, 4));
    put(5000, made_at(start + 100ms, 5));   // made long before it was stored
    put(5001, made_at(start + 5s, 6));
    CHECK(places.size() == 5);   // 1024 and 1025 share one
    sqlite::write_places(database, places);
    sqlite::write_places(database, places);
    CHECK(sqlite::positions_of(database, oslo, ids) ==
          std::vector<std::uint64_t>{1023, 1024, 1025, 2048, 5000, 5001});
    CHECK(sqlite::positions_of(database, oslo, {ids[4], ids[0]}) ==
          std::vector<std::uint64_t>{1023, 5000});
    CHECK(
        sqlite::positions_of(database, oslo, {made_at(start, 9), made_at(start + 1h, 1)}).empty());
    const auto from = [&](core::Time at) {
        return sqlite::first_position_from(database, oslo, at).value_or(0);
    };
    CHECK(from(start - 1h) == 1023);
    CHECK(from(start) == 1023);
    CHECK(from(start + 1ms) == 1025);
    CHECK(from(start + 501ms) == 2048);
    CHECK(from(start + 1s) == 2048);
    CHECK(from(start + 2s + 1ms) == 5001);
    CHECK(from(start + 6s) == 0);
    CHECK_FALSE(database.failure().has_value());
}
