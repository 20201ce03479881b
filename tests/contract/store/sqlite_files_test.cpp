#include "gateway/store/sqlite/backup.hpp"
#include "gateway/store/sqlite/migrations.hpp"
#include "store_files.hpp"

#include <fstream>
#include <iterator>

using namespace tests;
namespace sqlite = gateway::store::sqlite;
namespace fs = std::filesystem;

TEST_CASE("store: a backup is data without a single key, and the keys", "[contract]") {
    World<InSqlite> world;
    const auto document = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    std::vector<ports::AcceptCommand> letters;
    for (int i = 0; i < 30; ++i) {
        letters.push_back(world.letter(oslo));
        world.accept(letters.back());
    }
    const auto forgotten = world.document(oslo, 'b');
    REQUIRE(world.run(world.store->put_document(forgotten)).has_value());
    world.ok(world.store->forget_document(oslo, forgotten.hash));
    TemporaryFolder target;
    world.ok(world.store->backup(target.path()));
    const auto data = bytes_of(target.file(sqlite::backup_data_name));
    const auto keys = bytes_of(target.file(sqlite::backup_keys_name));
    for (const auto& letter : letters) {
        CHECK(data.find(letter.wrapped_key) == std::string::npos);
        CHECK(data.find(letter.sealed_content) != std::string::npos);
        CHECK(keys.find(letter.wrapped_key) != std::string::npos);
        CHECK(keys.find(letter.sealed_content) == std::string::npos);
    }
    CHECK(data.find(document.wrapped_key) == std::string::npos);
    CHECK(keys.find(forgotten.wrapped_key) == std::string::npos);
    CHECK(std::distance(fs::directory_iterator(target.path()), fs::directory_iterator()) == 2);
    CHECK(world.fails(Errc::conflict, world.store->backup(target.path())));
    world.ok(world.store->backup(target.file("new")));
    CHECK(world.fails(Errc::conflict, world.store->backup(target.file("missing/deeper"))));
    // The store went on meanwhile.
    world.accept(world.letter(oslo));
}

TEST_CASE("store: a restored backup is sound, and event positions are never given twice",
          "[contract]") {
    World<InSqlite> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    TemporaryFolder older;
    world.ok(world.store->backup(older.path()));
    const auto later = world.letter(oslo);
    world.accept(later);
    const auto last = *world.run(world.store->last_position());
    TemporaryFolder newer;
    world.ok(world.store->backup(newer.path()));

    // Any data file with the newest keys file.
    TemporaryFolder place;
    const auto into = place.file("sluse.db");
    const auto restored = gateway::store::restore_backup(
        older.file(sqlite::backup_data_name), newer.file(sqlite::backup_keys_name), into);
    REQUIRE(restored.has_value());
    CHECK(restored->messages == 1);
    CHECK(restored->without_key == 0);
    CHECK(gateway::store::verify_database(into)->empty());
    const auto again = gateway::store::restore_backup(older.file(sqlite::backup_data_name),
                                                      newer.file(sqlite::backup_keys_name), into);
    REQUIRE(again.has_error());
    CHECK(again.error().is(Errc::conflict));
    CHECK(bytes_of(into).find(later.wrapped_key) == std::string::npos);

    Opened opened(into);
    const auto view = run(opened.io, opened.store->get(oslo, letter.message));
    REQUIRE((view.has_value() && view->has_value()));
    CHECK((*view)->wrapped_key == letter.wrapped_key);
    REQUIRE(run(opened.io, opened.store->accept(world.letter(oslo))).has_value());
    ports::EventQuery query;
    query.tenant = oslo;
    query.after = last;   // a follower who had seen all of the lost time
    const auto page = run(opened.io, opened.store->events_after(query));
    CHECK(page->items.size() == 1);
}

TEST_CASE("store: a message whose key has been destroyed since stays closed after a restore",
          "[contract]") {
    World<InSqlite> world;
    world.accept(world.letter(oslo));
    TemporaryFolder data;
    world.ok(world.store->backup(data.path()));
    raw(world.kind.path())->script("DELETE FROM content_key");
    TemporaryFolder keys;
    world.ok(world.store->backup(keys.path()));
    TemporaryFolder place;
    const auto restored =
        gateway::store::restore_backup(data.file(sqlite::backup_data_name),
                                       keys.file(sqlite::backup_keys_name), place.file("sluse.db"));
    REQUIRE(restored.has_value());
    CHECK(restored->without_key == 1);
}

TEST_CASE("store: what is not a backup is not restored", "[contract]") {
    World<InSqlite> world;
    TemporaryFolder good;
    world.ok(world.store->backup(good.path()));
    TemporaryFolder place;
    const auto into = place.file("sluse.db");
    const auto data = good.file(sqlite::backup_data_name);
    const auto keys = good.file(sqlite::backup_keys_name);
    const auto refused = [&into](const std::string& one, const std::string& other) {
        const auto restored = gateway::store::restore_backup(one, other, into);
        return restored.has_error() ? restored.error().code.message() : std::string("restored");
    };
    CHECK(refused(keys, data) == "malformed");
    CHECK(refused(data, data) == "malformed");
    CHECK(refused(good.file("missing"), keys) == "storage failed");
    std::ofstream(place.file("text"))
        << "this is no database, but long enough to look like one at first sight";
    CHECK(refused(place.file("text"), keys) == "storage failed");
    raw(data)->script("PRAGMA user_version=99");
    CHECK(refused(data, keys) == "unsupported");
    CHECK_FALSE(fs::exists(into));
}

TEST_CASE("store: a database of a newer program is refused and left as it is", "[contract]") {
    TemporaryFolder folder;
    const auto path = folder.file("sluse.db");
    { Opened opened(path); }
    raw(path)->script("PRAGMA user_version=99");
    boost::asio::io_context io;
    LoopExecutor executor(io);
    ManualClock clock;
    gateway::store::SqliteOptions options;
    options.path = path;
    const auto opened =
        gateway::store::make_sqlite_store(options, executor, executor, executor, clock);
    REQUIRE(opened.has_error());
    CHECK(opened.error().is(Errc::unsupported));
    auto database = raw(path);
    CHECK(sqlite::schema_of(*database) == 99);
}

TEST_CASE("store: a migration runs forward once, after a backup, whole or not at all",
          "[contract]") {
    TemporaryFolder folder;
    sqlite::OpenOptions options;
    options.path = folder.file("sluse.db");
    options.may_write = true;
    options.create = true;
    const std::string saved = folder.file("before");
    const auto first = sqlite::migrations().front();
    const std::vector<sqlite::Migration> old{first};
    const std::vector<sqlite::Migration> broken{
        first, {2, "CREATE TABLE extra (a); CREATE TABLE extra (a)"}};
    const std::vector<sqlite::Migration> next{
        first, {2, "CREATE TABLE extra (a)"}, {3, "INSERT INTO extra VALUES (1)"}};
    auto database = raw(options.path);
    database->run("PRAGMA journal_mode=WAL");
    REQUIRE(sqlite::migrate(*database, options, old, saved).has_value());
    CHECK_FALSE(fs::exists(saved));   // there was nothing to save
    REQUIRE(sqlite::migrate(*database, options, broken, saved).has_error());
    CHECK(sqlite::schema_of(*database) == 1);
    CHECK(database->value("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0);
    for (int times = 0; times < 2; ++times) {
        REQUIRE(sqlite::migrate(*database, options, next, saved).has_value());
        CHECK(sqlite::schema_of(*database) == 3);
        CHECK(database->value("SELECT count(*) FROM extra") == 1);
    }
    const auto data = raw((fs::path(saved) / sqlite::backup_data_name).string());
    CHECK(sqlite::schema_of(*data) == 1);
    const auto refused = sqlite::migrate(*database, options, old, saved);
    REQUIRE(refused.has_error());
    CHECK(refused.error().is(Errc::unsupported));
}

TEST_CASE("store: verify names each kind of damage", "[contract]") {
    const auto* damage =
        GENERATE("DELETE FROM content_key", "DELETE FROM message_bytes", "DELETE FROM delivery",
                 "DELETE FROM event", "UPDATE message SET state = 7", "DELETE FROM document",
                 "UPDATE document SET uses = 5", "UPDATE counter SET value = 0",
                 "DELETE FROM message", "DELETE FROM quarantine");
    World<InSqlite> world;
    const auto document = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    auto letter = world.keyed(oslo, "key", "content");
    letter.documents = {document.hash};
    letter.tokens.emplace_back(std::uint8_t{1}, "token");
    world.accept(letter);
    ports::InboundCommand oddity;
    oddity.tenant = oslo;
    oddity.id = world.ids->next<core::InboxId>();
    oddity.connection = altinn;
    REQUIRE(world.run(world.store->store_inbound(oddity)).has_value());
    world.check_sound();
    raw(world.kind.path())->script(damage);
    INFO(damage);
    CHECK_FALSE(world.run(world.store->verify())->empty());
    CHECK_FALSE(gateway::store::verify_database(world.kind.path())->empty());
}

TEST_CASE("store: what starts the store and claims work reads only small indexes", "[contract]") {
    World<InSqlite> world;
    auto database = raw(world.kind.path());
    for (const auto* sql : {
             "SELECT tenant, id FROM delivery INDEXED BY delivery_claimed WHERE lease_until IS NOT "
             "NULL",
             "SELECT tenant FROM delivery INDEXED BY delivery_waking WHERE wake IS NOT NULL AND "
             "tenant > ? ORDER BY "
             "tenant LIMIT 1",
             "SELECT connection FROM delivery INDEXED BY delivery_waking WHERE wake IS NOT NULL "
             "AND tenant = ? AND lane "
             "= ? AND connection >= ? ORDER BY connection LIMIT 1",
             "SELECT id, wake, number FROM delivery INDEXED BY delivery_waking WHERE wake IS NOT "
             "NULL AND tenant = ? AND "
             "lane = ? AND connection = ? AND wake <= ? AND (expiry IS NULL OR expiry > ?) ORDER "
             "BY wake, number LIMIT ?",
         }) {
        auto rows = database->query(std::string("EXPLAIN QUERY PLAN ") + sql);
        REQUIRE(rows.next());
        INFO(rows.text(3));
        CHECK(rows.text(3).find("INDEX delivery_") != std::string::npos);
        CHECK(rows.text(3).find("TEMP B-TREE") == std::string::npos);
    }
    CHECK_FALSE(database->failure().has_value());
}

TEST_CASE("store: a named lease of the process before costs the next one no wait", "[contract]") {
    World<InSqlite> world;
    const auto take = [&world](const std::string& owner) {
        return world.run(
            world.store->take_named_lease("receiver/dpi", owner, world.now(), world.now() + 60s));
    };
    const auto before = take("process 1");
    REQUIRE((before.has_value() && before->has_value()));
    world.restart();
    const auto after = take("process 2");
    REQUIRE((after.has_value() && after->has_value()));
    CHECK(**after > **before);
}
