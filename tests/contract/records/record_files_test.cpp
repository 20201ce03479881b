#include "gateway/store/sqlite/backup.hpp"
#include "gateway/store/sqlite/migrations.hpp"
#include "record_commands.hpp"
#include "tests/contract/store/store_files.hpp"

#include <algorithm>

using namespace tests;
namespace sqlite = gateway::store::sqlite;
namespace fs = std::filesystem;

namespace {

/// Which files of the folder hold the text.
std::vector<std::string> holders(const std::string& folder, const std::string& text) {
    std::vector<std::string> found;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        if (file.is_regular_file() &&
            bytes_of(file.path().string()).find(text) != std::string::npos) {
            found.push_back(file.path().filename().string());
        }
    }
    return found;
}

const std::vector<std::string> nowhere;

}   // namespace

TEST_CASE("erasure: no key is left in database, log file or a new backup", "[contract]") {
    RecordWorld<InSqlite> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    for (const auto* value : {"first", "second", "third"}) {
        world.keep(write_of(world, kari, value));
        world.keep(write_of(world, ola, std::string("of ola ") + value));
    }
    const auto folder = world.kind.folder.path();
    CHECK_FALSE(holders(folder, "record key of third").empty());
    CHECK_FALSE(holders(folder, "subject key of kari").empty());
    world.ok(world.records().erase(world.forget(kari)));
    world.ok(world.store->backup(world.kind.folder.file("saved")));
    for (const auto* gone : {"record key of first", "record key of second", "record key of third",
                             "subject key of kari", "sealed key of kari"}) {
        INFO(gone);
        CHECK(holders(folder, gone) == nowhere);
    }
    CHECK_FALSE(holders(folder, "subject key of ola").empty());
    CHECK(holders(folder, "record key of of ola first") == nowhere);   // its version is past
    CHECK(holders(world.kind.folder.file("saved"), "record key of of ola third") ==
          std::vector<std::string>{sqlite::backup_keys_name});
    world.check_sound();
}

TEST_CASE("records: an older backup with the newest keys opens nothing that was erased since",
          "[contract]") {
    RecordWorld<InSqlite> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    const auto per = world.known("per");
    world.keep(write_of(world, kari, "of kari"));
    world.keep(write_of(world, ola, "of ola"));
    world.keep(write_of(world, per, "of per"));
    TemporaryFolder older;
    world.ok(world.store->backup(older.path()));
    world.ok(world.records().erase(world.forget(kari)));
    world.keep(write_of(world, ola, "of ola, newer"));
    const auto eva = world.known("eva");
    world.keep(write_of(world, eva, "of eva"));
    const auto seen = world.changes().back().position;
    TemporaryFolder newer;
    world.ok(world.store->backup(newer.path()));
    TemporaryFolder place;
    const auto into = place.file("sluse.db");
    REQUIRE(gateway::store::restore_backup(older.file(sqlite::backup_data_name),
                                           newer.file(sqlite::backup_keys_name), into)
                .has_value());
    CHECK(*gateway::store::verify_database(into) == std::vector<std::string>());
    Opened opened(into);
    auto& records = opened.store->records();
    const auto rows = run(opened.io, records.records(oslo, {ports::RecordWish(kari, "person"),
                                                            ports::RecordWish(ola, "person"),
                                                            ports::RecordWish(per, "person"),
                                                            ports::RecordWish(eva, "person")}));
    REQUIRE(rows.has_value());
    CHECK_FALSE((*rows)[0].has_value());
    CHECK_FALSE((*rows)[1].has_value());   // of that version no key is left
    REQUIRE((*rows)[2].has_value());
    CHECK((*rows)[2]->wrapped_key == "record key of of per");
    CHECK_FALSE((*rows)[3].has_value());
    CHECK((*run(opened.io, records.find_subject(oslo, kari)))->wrapped_key.empty());
    CHECK((*run(opened.io, records.find_subject(oslo, ola)))->wrapped_key == "subject key of ola");
    CHECK(holders(place.path(), "of eva") == nowhere);
    // A follower who had seen all of the lost time sees what is removed, and what comes.
    const auto changes = run(opened.io, records.record_changes(oslo, "person", seen, 10));
    REQUIRE(changes.has_value());
    CHECK(changes->size() == 2);
    const auto next = run(opened.io, records.keep(oslo, {write_of(world, per, "next")}, {}));
    REQUIRE(next.has_value());
    CHECK(run(opened.io, records.record_changes(oslo, "person", changes->back().position, 10))
              ->size() == 1);
}

TEST_CASE("records: a database of before them is moved forward, and its backup still restored",
          "[contract]") {
    TemporaryFolder folder;
    const auto path = folder.file("sluse.db");
    const auto steps = sqlite::migrations();
    {
        sqlite::OpenOptions options;
        options.path = path;
        auto database = raw(path);
        database->run("PRAGMA journal_mode=WAL");
        REQUIRE(sqlite::migrate(*database, options, steps.first(6), folder.file("x")).has_value());
        REQUIRE(sqlite::schema_of(*database) == 6);
    }
    RecordWorld<InSqlite> world;
    const auto kari = person(world, "kari");
    {
        Opened opened(path);
        auto& records = opened.store->records();
        REQUIRE(run(opened.io, records.subjects(oslo, {kari})).has_value());
        REQUIRE(run(opened.io, records.keep(oslo, {write_of(world, kari.handle, "x")},
                                            {entry_of(world, kari.handle)}))
                    .has_value());
        CHECK(run(opened.io, opened.store->verify())->empty());
        REQUIRE(run(opened.io, opened.store->backup(folder.file("newer"))).has_value());
    }
    std::string before;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        if (entry.path().string().find(".before-6-") != std::string::npos) {
            before = entry.path().string();
        }
    }
    REQUIRE_FALSE(before.empty());
    const auto into = folder.file("restored.db");
    REQUIRE(gateway::store::restore_backup(
                (fs::path(before) / sqlite::backup_data_name).string(),
                (fs::path(folder.file("newer")) / sqlite::backup_keys_name).string(), into)
                .has_value());
    { Opened again(into); }
    CHECK(*gateway::store::verify_database(into) == std::vector<std::string>());
}

TEST_CASE("records: verify names each kind of damage", "[contract]") {
    const auto* damage = GENERATE(
        "DELETE FROM content_key WHERE kind = 5", "DELETE FROM content_key WHERE kind = 6",
        "DELETE FROM subject", "DELETE FROM record", "UPDATE subject SET token = NULL",
        "UPDATE record SET removed = 1, sealed = x''", "DELETE FROM access_log WHERE number = 2",
        "DELETE FROM counter WHERE name = 'records'", "UPDATE record SET key_version = 9");
    RecordWorld<InSqlite> world;
    const auto kari = world.known("kari");
    world.keep(write_of(world, kari, "x"));
    REQUIRE(world
                .run(world.records().write_log(oslo,
                                               {entry_of(world), entry_of(world), entry_of(world)}))
                .has_value());
    world.check_sound();
    raw(world.kind.path())->script(damage);
    INFO(damage);
    CHECK_FALSE(world.run(world.store->verify())->empty());
}

TEST_CASE("records: every read goes by an index", "[contract]") {
    RecordWorld<InSqlite> world;
    auto database = raw(world.kind.path());
    for (const auto* sql :
         {"SELECT number, hash FROM access_log WHERE tenant = ? ORDER BY number DESC LIMIT 1",
          "SELECT number FROM access_log WHERE tenant = ? AND number > ? ORDER BY number LIMIT ?",
          "SELECT hash FROM access_log WHERE tenant = ?1 AND subject = ?2 AND number > ?3 AND (?4 "
          "IS NULL OR system = ?4) ORDER BY number LIMIT ?5",
          "SELECT hash FROM access_log WHERE tenant = ? AND system = ? AND number > ? ORDER BY "
          "number LIMIT ?",
          "SELECT position FROM record WHERE tenant = ? AND dataset = ? AND position > ? ORDER BY "
          "position LIMIT ?",
          "SELECT dataset FROM record WHERE tenant = ? AND erase_at <= ? ORDER BY erase_at",
          "DELETE FROM told WHERE tenant = ? AND at < ?"}) {
        auto rows = database->query(std::string("EXPLAIN QUERY PLAN ") + sql);
        REQUIRE(rows.next());
        INFO(rows.text(3));
        CHECK(rows.text(3).find("SEARCH") != std::string::npos);
        CHECK(rows.text(3).find("TEMP B-TREE") == std::string::npos);
    }
    CHECK_FALSE(database->failure().has_value());
}
