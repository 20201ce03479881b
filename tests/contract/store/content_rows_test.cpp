#include "gateway/store/sqlite/content_rows.hpp"

#include "gateway/store/sqlite/migrations.hpp"
#include "store_files.hpp"

using namespace tests;
namespace sqlite = gateway::store::sqlite;

namespace {

core::Uuid numbered(int which) {
    core::Uuid id;
    id.bytes[15] = static_cast<std::uint8_t>(which);
    return id;
}

void put_message(sqlite::Database& database, core::Uuid id) {
    database.run("INSERT INTO message (tenant, id, system, type, created, changed, state, "
                 "connection, newest, content_bytes) VALUES (?, ?, 'visma', '', 0, 0, 1, '', ?, 0)",
                 oslo, id, id);
}

}   // namespace

TEST_CASE(
    "store: what a database of schema 17 holds of messages is read, erased and removed beside "
    "what came later",
    "[contract]") {
    const TemporaryFolder folder;
    sqlite::OpenOptions options;
    options.path = folder.file("sluse.db");
    options.may_write = true;
    options.create = true;
    const auto kept = raw(options.path);
    auto& database = *kept;
    database.run("PRAGMA journal_mode=WAL");
    const auto move_to = [&](std::size_t schema) {
        return sqlite::migrate(database, options, sqlite::migrations().first(schema),
                               folder.file("before"));
    };
    REQUIRE(move_to(17).has_value());
    const std::string sealed(5000, 's');
    for (const int old : {1, 2}) {
        put_message(database, numbered(old));
        database.run("INSERT INTO message_content (tenant, message, sealed) VALUES (?, ?, ?)", oslo,
                     numbered(old), sqlite::Blob(sealed + std::to_string(old)));
    }
    REQUIRE(move_to(18).has_value());
    const std::vector<std::string> later{sealed + "3", sealed + "4"};
    sqlite::insert_contents(database, {{30, later[0]}, {40, later[1]}});
    for (const int message : {3, 4}) {
        put_message(database, numbered(message));
        database.run("UPDATE message SET bytes = ? WHERE tenant = ? AND id = ?", message * 10, oslo,
                     numbered(message));
    }
    const auto content = [&](int message) {
        return sqlite::find_content(database, oslo, numbered(message));
    };
    for (const int message : {1, 2, 3, 4}) {
        CHECK(content(message) == sealed + std::to_string(message));
        CHECK(sqlite::find_content(database, bergen, numbered(message)).empty());
    }
    for (const int erased : {1, 3}) {
        sqlite::empty_content(database, oslo, numbered(erased));
        CHECK(content(erased).empty());
    }
    for (const int removed : {2, 4}) {
        CHECK(content(removed) == sealed + std::to_string(removed));
        sqlite::remove_content(database, oslo, numbered(removed));
        CHECK(content(removed).empty());
    }
    CHECK(database.value("SELECT count(*) FROM message_content") == 1);
    CHECK(database.value("SELECT count(*) FROM message_bytes") == 1);
    CHECK_FALSE(database.failure().has_value());
}
