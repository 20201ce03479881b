#include "gateway/store/sqlite/database.hpp"
#include "tests/support/simulated_vfs.hpp"

#include <catch2/catch.hpp>

// What the VFS between SQLite and the disk gathers, and when it hands it down.

using namespace tests;
using gateway::store::sqlite::Blob;
using gateway::store::sqlite::Database;
using gateway::store::sqlite::OpenOptions;

namespace {

constexpr int rows_of_a_batch = 100;

std::unique_ptr<Database> open(const SimulatedVfs& disk) {
    OpenOptions options;
    options.path = "/gathered.db";
    options.vfs = disk.name();
    options.may_write = true;
    options.create = true;
    auto database = Database::open(options);
    REQUIRE(database.has_value());
    (*database)->query("PRAGMA journal_mode=WAL").next();
    return std::move(*database);
}

void make_table(Database& database) {
    database.script("CREATE TABLE row (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
    REQUIRE_FALSE(database.failure());
}

/// A batch takes about a hundred pages: more than is gathered at once.
void add_batch(Database& database) {
    database.run("BEGIN IMMEDIATE");
    for (int i = 0; i < rows_of_a_batch; ++i) {
        const std::string bytes(4'000, static_cast<char>('a' + i % 26));
        database.run("INSERT INTO row (bytes) VALUES (?)", Blob(bytes));
    }
    database.run("COMMIT");
}

}   // namespace

TEST_CASE("sqlite: a commit of many pages reaches the disk in few writes, and so does its copy") {
    const SimulatedVfs disk(1);
    auto database = open(disk);
    make_table(*database);
    database->checkpoint(true);
    const auto before = disk.changes();
    add_batch(*database);
    REQUIRE_FALSE(database->failure());
    const auto commit = disk.changes() - before;
    CHECK(database->log_pages() >= rows_of_a_batch);
    CHECK(commit <= 10);   // the log's head, four pieces of its pages, the flushes
    CHECK(database->checkpoint(false));
    CHECK(disk.changes() - before - commit <= 10);
    CHECK(database->value("SELECT count(*) FROM row") == rows_of_a_batch);
}

TEST_CASE("sqlite: what was committed outlives a power cut although it was gathered") {
    SimulatedVfs disk(2);
    auto database = open(disk);
    make_table(*database);
    add_batch(*database);
    REQUIRE_FALSE(database->failure());
    disk.power_off();
    database.reset();
    disk.power_cut(3);
    database = open(disk);
    CHECK(database->value("SELECT count(*) FROM row") == rows_of_a_batch);
    CHECK(database->value("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = "
                          "'ok'") == 1);
}

TEST_CASE("sqlite: another connection reads what was committed, also where commits do not flush") {
    const SimulatedVfs disk(4);
    auto writer = open(disk);
    auto reader = open(disk);
    make_table(*writer);
    writer->run("PRAGMA synchronous=OFF");
    const auto flushes = disk.syncs();
    for (int batch = 1; batch <= 5; ++batch) {
        add_batch(*writer);
        REQUIRE_FALSE(writer->failure());
        CHECK(reader->value("SELECT count(*) FROM row") == batch * rows_of_a_batch);
        CHECK(reader->value("SELECT sum(length(bytes)) FROM row") ==
              batch * rows_of_a_batch * 4'000);
        REQUIRE_FALSE(reader->failure());
    }
    CHECK(disk.syncs() == flushes);
    CHECK(writer->checkpoint(false));
    CHECK(reader->value("SELECT count(*) FROM row WHERE length(bytes) = 4000") ==
          5 * rows_of_a_batch);
}

TEST_CASE("sqlite: a transaction larger than the cache reads back its own pages") {
    const SimulatedVfs disk(5);
    auto database = open(disk);
    make_table(*database);
    database->run("PRAGMA cache_size=10");
    database->run("BEGIN IMMEDIATE");
    for (int i = 0; i < 500; ++i) {
        database->run("INSERT INTO row (bytes) VALUES (?)", Blob(std::string(3'000, 'x')));
        database->run("UPDATE row SET bytes = ? WHERE id = ?", Blob(std::string(3'000, 'y')),
                      i / 2 + 1);
    }
    CHECK(database->value("SELECT count(*) FROM row WHERE bytes = CAST(printf('%.*c', 3000, 'y') "
                          "AS BLOB)") == 250);
    database->run("COMMIT");
    CHECK_FALSE(database->failure());
    CHECK(database->checkpoint(true));
    CHECK(database->value("SELECT count(*) FROM row WHERE bytes = CAST(printf('%.*c', 3000, 'y') "
                          "AS BLOB)") == 250);
}

TEST_CASE("sqlite: what a full disk refused is never written, and what comes later is") {
    SimulatedVfs disk(6);
    auto database = open(disk);
    make_table(*database);
    add_batch(*database);
    disk.set_capacity(disk.used() + 40'000);
    add_batch(*database);
    const auto failure = database->take_failure();
    REQUIRE(failure);
    CHECK(failure->is(gateway::core::Errc::storage_full));
    database->roll_back();
    CHECK(database->value("SELECT count(*) FROM row") == rows_of_a_batch);
    disk.set_capacity(std::nullopt);
    database->run("INSERT INTO row (bytes) VALUES (?)", Blob("later"));
    REQUIRE_FALSE(database->failure());
    disk.power_off();
    database.reset();
    disk.power_cut(7);
    database = open(disk);
    CHECK(database->value("SELECT count(*) FROM row") == rows_of_a_batch + 1);
}
