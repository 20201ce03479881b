#include "worlds.hpp"

#include <set>
#include <thread>

using namespace tests;

TEMPLATE_TEST_CASE("store: events come in the order of commits, by tenant and by system",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto of_gerica = world.letter(oslo);
    of_gerica.system = gerica;
    world.accept(world.letter(oslo));     // 1
    world.accept(world.letter(bergen));   // 2
    world.accept(of_gerica);              // 3
    world.accept(world.letter(oslo));     // 4
    world.accept(world.letter(bergen));   // 5
    CHECK(*world.run(world.store->last_position()) == 5);

    ports::EventQuery query;
    query.tenant = oslo;
    query.limit = 2;
    auto page = world.run(world.store->events_after(query));
    REQUIRE(page->items.size() == 2);
    CHECK(page->items[0].position == 1);
    CHECK(page->items[1].position == 3);
    CHECK(page->last == 3);
    query.after = page->last;
    page = world.run(world.store->events_after(query));
    REQUIRE(page->items.size() == 1);
    CHECK(page->items[0].position == 4);
    CHECK(page->last == 5);   // past those of others
    query.after = page->last;
    page = world.run(world.store->events_after(query));
    CHECK(page->items.empty());
    CHECK(page->last == 5);
    query.after = 0;
    query.system = gerica;
    page = world.run(world.store->events_after(query));
    REQUIRE(page->items.size() == 1);
    CHECK(page->items[0].message == of_gerica.message);
}

TEMPLATE_TEST_CASE("store: positions go on after a restart", "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    world.accept(world.letter(oslo));
    world.restart();
    world.accept(world.letter(oslo));
    ports::EventQuery query;
    query.tenant = oslo;
    const auto page = world.run(world.store->events_after(query));
    REQUIRE(page->items.size() == 2);
    CHECK(page->items[1].position == 2);
}

namespace {

constexpr int writers = 8;
constexpr int letters_each = 40;

gateway::sdk::Task<void> accept_many(ports::Store& store,
                                     std::vector<ports::AcceptCommand> letters) {
    for (auto& letter : letters) {
        const auto answer = co_await store.accept(std::move(letter));
        if (!answer) {
            throw std::runtime_error(answer.error().to_string());
        }
    }
}

/// Follows the events until all have been seen; gives the positions.
gateway::sdk::Task<std::vector<std::uint64_t>> follow(ports::Store& store, std::size_t expected) {
    std::vector<std::uint64_t> seen;
    ports::EventQuery query;
    query.tenant = oslo;
    query.limit = 7;
    while (seen.size() < expected) {
        const auto page = co_await store.events_after(query);
        if (!page) {
            throw std::runtime_error(page.error().to_string());
        }
        for (const auto& event : page->items) {
            seen.push_back(event.position);
        }
        query.after = page->last;
    }
    co_return seen;
}

}   // namespace

TEST_CASE("store: a follower skips no event while many strands commit on real threads",
          "[contract]") {
    TemporaryFolder folder;
    Commands commands;
    boost::asio::io_context io;   // the executors' threads let go of it last
    const auto writer = gateway::runtime::make_thread_executor(1, "store");
    const auto flusher = gateway::runtime::make_thread_executor(1, "flusher");
    const auto readers = gateway::runtime::make_thread_executor(2, "readers");
    gateway::store::SqliteOptions options;
    options.path = folder.file("sluse.db");
    options.checkpoint_pages = 50;
    auto opened =
        gateway::store::make_sqlite_store(options, *writer, *flusher, *readers, commands.clock);
    REQUIRE(opened.has_value());
    auto& store = **opened;
    int ended = 0;
    std::vector<std::uint64_t> seen;
    std::exception_ptr failure;
    for (int i = 0; i < writers; ++i) {
        std::vector<ports::AcceptCommand> letters;
        for (int j = 0; j < letters_each; ++j) {
            letters.push_back(commands.letter(j % 2 == 0 ? oslo : bergen));
        }
        boost::asio::co_spawn(io, accept_many(store, std::move(letters)),
                              [&](const std::exception_ptr& error) {
                                  ++ended;
                                  failure = error ? error : failure;
                              });
    }
    boost::asio::co_spawn(
        io, follow(store, writers * letters_each / 2),
        [&](const std::exception_ptr& error, std::vector<std::uint64_t> positions) {
            seen = std::move(positions);
            failure = error ? error : failure;
        });
    io.run();
    CHECK(failure == nullptr);
    CHECK(ended == writers);
    CHECK(seen.size() == writers * letters_each / 2);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(std::set<std::uint64_t>(seen.begin(), seen.end()).size() == seen.size());
    const auto counts = run(io, store.counts());
    CHECK(counts->events == writers * letters_each);
    CHECK(counts->flushes < writers * letters_each);   // several share one
    run(io, store.close());
}
