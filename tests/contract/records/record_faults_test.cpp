#include "record_commands.hpp"
#include "tests/support/simulated_vfs.hpp"

#include <map>
#include <set>

using namespace tests;

namespace {

/// A store on a disk whose power can go.
class Cut : public Commands {
public:
    explicit Cut(std::uint64_t seed) : disk(seed), executor(io) {}
    ~Cut() { abandon(); }

    bool open() {
        gateway::store::SqliteOptions options;
        options.path = "/sluse.db";
        options.vfs = disk.name();
        options.checkpoint_pages = 24;   // often
        auto opened = gateway::store::make_sqlite_store(std::move(options), executor, executor,
                                                        executor, clock);
        if (opened) {
            store = std::move(*opened);
        }
        return opened.has_value();
    }
    /// As when the program is killed.
    void abandon() {
        if (store) {
            disk.power_off();
            store.reset();
        }
    }
    template <class T>
    T run(gateway::sdk::Task<T> task) {
        return tests::run(io, std::move(task));
    }
    ports::RecordStore& records() { return store->records(); }

    boost::asio::io_context io;
    SimulatedVfs disk;
    LoopExecutor executor;
    std::unique_ptr<ports::Store> store;
};

/// What the store said it had done.
struct Told {
    std::vector<ports::LogHead> heads;
    std::map<core::Uuid, std::uint64_t> versions;   // of kept records
    std::vector<core::Uuid> forgotten;
    std::uint64_t cursor = 0;
};

void read_together(Cut& cut, Told& told, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        boost::asio::co_spawn(
            cut.io, cut.records().write_log(oslo, {entry_of(cut), entry_of(cut)}),
            [&told](const std::exception_ptr&, core::Result<ports::LogHead> head) {
                if (head) {
                    told.heads.push_back(*head);
                }
            });
    }
    cut.io.restart();
    cut.io.run();
}

Told work_until_the_power_goes(Cut& cut) {
    Told told;
    for (int round = 0; round < 60 && !cut.disk.is_off(); ++round) {
        const auto one = person(cut, std::to_string(round));
        if (!cut.run(cut.records().subjects(oslo, {one}))) {
            break;
        }
        const auto value = std::to_string(round) + std::string(2'000, 'x');
        const auto kept = cut.run(cut.records().keep(oslo, {write_of(cut, one.handle, value)},
                                                     {entry_of(cut, one.handle)}));
        if (kept) {
            told.versions[one.handle] = kept->versions.front();
        }
        read_together(cut, told, 1 + static_cast<std::size_t>(round) % 7);
        ports::FeedStep step;
        step.connection = brreg;
        step.tenant = oslo;
        step.expected = told.cursor;
        step.cursor = std::to_string(round);
        step.at = cut.now();
        step.log = {entry_of(cut)};
        if (cut.run(cut.records().advance_feed(step))) {
            ++told.cursor;
        }
        if (round % 4 == 3) {
            ports::EraseCommand command;
            command.tenant = oslo;
            command.at = cut.now();
            command.subject = one.handle;
            command.log = {entry_of(cut, one.handle)};
            told.versions.erase(one.handle);   // unknown until it is answered
            if (cut.run(cut.records().erase(command))) {
                told.forgotten.push_back(one.handle);
            }
        }
        cut.clock.advance(1s);
    }
    return told;
}

}   // namespace

TEST_CASE("records: what was answered before a power cut is there after it, and the chain holds",
          "[contract]") {
    constexpr std::uint64_t seeds = 150;
    std::size_t answered = 0;
    std::size_t cuts = 0;
    for (std::uint64_t number = 1; number <= seeds; ++number) {
        const auto seed = number + Catch::rngSeed();
        INFO("seed " << seed);
        Cut cut(seed);
        cut.disk.power_off_after(20 + seed * 13 % 1'200);
        Told told;
        if (cut.open()) {
            told = work_until_the_power_goes(cut);
        }
        cuts += cut.disk.is_off() ? 1 : 0;
        cut.abandon();
        cut.disk.power_cut(seed);
        REQUIRE(cut.open());
        ports::LogQuery query;
        query.tenant = oslo;
        query.limit = 100'000;
        const auto log = cut.run(cut.records().read_log(query));
        REQUIRE(log.has_value());
        REQUIRE(first_broken(oslo, *log) == 0);
        for (const auto& head : told.heads) {
            REQUIRE(head.number <= log->size());
            REQUIRE((*log)[head.number - 1].hash == head.hash);
        }
        answered += told.heads.size();
        for (const auto& [handle, version] : told.versions) {
            const auto rows =
                cut.run(cut.records().records(oslo, {ports::RecordWish(handle, "person")}));
            REQUIRE((rows.has_value() && rows->front().has_value()));
            REQUIRE(rows->front()->version == version);
        }
        for (const auto& handle : told.forgotten) {
            REQUIRE((*cut.run(cut.records().find_subject(oslo, handle)))->wrapped_key.empty());
        }
        const auto cursor = cut.run(cut.records().feed_cursor(brreg, oslo));
        REQUIRE(cursor.has_value());
        REQUIRE(cursor->version >= told.cursor);
        const auto faults = cut.run(cut.store->verify());
        REQUIRE(faults.has_value());
        REQUIRE(*faults == std::vector<std::string>());
        REQUIRE(cut.run(cut.records().write_log(oslo, {entry_of(cut)})).has_value());
    }
    CHECK(answered > 1'000);
    CHECK(cuts > seeds / 2);
}

TEST_CASE("access log: callers who come together share one flush, each with its own head",
          "[contract]") {
    Cut cut(5);
    REQUIRE(cut.open());
    const auto before = cut.run(cut.store->counts())->flushes;
    Told told;
    read_together(cut, told, 32);
    CHECK(cut.run(cut.store->counts())->flushes == before + 1);
    read_together(cut, told, 64);   // more than a round takes: two of them
    CHECK(cut.run(cut.store->counts())->flushes == before + 3);
    REQUIRE(told.heads.size() == 96);
    std::set<std::uint64_t> numbers;
    for (const auto& head : told.heads) {
        numbers.insert(head.number);
    }
    CHECK(numbers.size() == 96);
    CHECK(*numbers.rbegin() == 192);
}

TEST_CASE("access log: a flush that fails answers no reader", "[contract]") {
    Cut cut(6);
    REQUIRE(cut.open());
    cut.disk.fail_sync(1);
    Told told;
    read_together(cut, told, 5);
    CHECK(told.heads.empty());
}
