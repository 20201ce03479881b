// The flush of a commit runs beside the next transaction: whom it concerns waits for it.

#include "tests/support/simulated_vfs.hpp"
#include "worlds.hpp"

#include <algorithm>
#include <deque>

using namespace tests;

namespace {

/// Keeps its jobs until it is told.
class HeldExecutor final : public gateway::runtime::Executor {
public:
    void post(std::function<void()> job) override { jobs_.push_back(std::move(job)); }
    std::size_t waiting() const { return jobs_.size(); }
    void run_one() {
        REQUIRE_FALSE(jobs_.empty());
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        job();
    }

private:
    std::deque<std::function<void()>> jobs_;
};

using Accepted = std::optional<core::Result<ports::AcceptAnswer>>;
using Read = std::optional<core::Result<std::optional<ports::MessageView>>>;

class HeldBack : public Commands {
public:
    static constexpr std::size_t gather_min = 8;

    enum class Copies { at_once, held };

    explicit HeldBack(std::uint64_t seed, Copies copied = Copies::at_once)
        : copies(copied), disk(seed), executor(io) {
        open();
    }
    ~HeldBack() { abandon(); }

    void open() {
        gateway::store::SqliteOptions options;
        options.path = "/sluse.db";
        options.vfs = disk.name();
        options.gather_min = gather_min;
        options.on_fatal = [this](const core::Failure&) { ++fatal; };
        gateway::runtime::Executor* readers = &executor;
        if (copies == Copies::held) {
            options.checkpoint_pages = 40;
            readers = &copier;
        }
        auto opened = gateway::store::make_sqlite_store(std::move(options), executor, flusher,
                                                        *readers, clock);
        REQUIRE(opened.has_value());
        store = std::move(*opened);
    }
    /// The power goes; what waited for a flush learns that there will be none.
    void abandon() {
        disk.power_off();
        while (flusher.waiting() > 0) {
            flusher.run_one();
            go();
        }
        store.reset();
    }
    void power_cut(std::uint64_t seed) {
        abandon();
        disk.power_cut(seed);
        open();
    }
    /// All that can go on without a flush.
    void go() {
        io.restart();
        io.poll();
    }
    void start_accept(const ports::AcceptCommand& letter, Accepted& answer) {
        boost::asio::co_spawn(
            io, store->accept(letter),
            [&answer](const std::exception_ptr&, core::Result<ports::AcceptAnswer> told) {
                answer.emplace(std::move(told));
            });
        go();
    }
    void start_read(const ports::AcceptCommand& letter, Read& answer) {
        boost::asio::co_spawn(io, store->get(letter.tenant, letter.message),
                              [&answer](const std::exception_ptr&,
                                        core::Result<std::optional<ports::MessageView>> told) {
                                  answer.emplace(std::move(told));
                              });
        go();
    }

    void start_accepts(std::vector<Accepted>& answers) {
        for (auto& answer : answers) {
            start_accept(letter(oslo), answer);
        }
    }
    /// How many have been told so.
    static std::size_t accepted_of(const std::vector<Accepted>& answers) {
        return static_cast<std::size_t>(
            std::count_if(answers.begin(), answers.end(),
                          [](const auto& one) { return one.has_value() && one->has_value(); }));
    }
    /// Closed once all that waits is flushed.
    void close() {
        bool is_closed = false;
        boost::asio::co_spawn(
            io, store->close(),
            [&is_closed](const std::exception_ptr&, const core::Result<void>& told) {
                is_closed = told.has_value();
            });
        go();
        while (flusher.waiting() > 0) {
            CHECK_FALSE(is_closed);
            flusher.run_one();
            go();
        }
        CHECK(is_closed);
    }

    /// Accepted and flushed.
    bool accepts(const ports::AcceptCommand& letter) {
        Accepted answer;
        start_accept(letter, answer);
        while (flusher.waiting() > 0) {
            flusher.run_one();
            go();
        }
        return answer && answer->has_value();
    }

    const Copies copies;
    boost::asio::io_context io;
    SimulatedVfs disk;
    LoopExecutor executor;
    HeldExecutor flusher;
    HeldExecutor copier;
    std::unique_ptr<ports::Store> store;
    int fatal = 0;
};

}   // namespace

TEST_CASE("store: before the flush nobody is answered, and no read tells of it", "[contract]") {
    HeldBack world(1);
    const auto first = world.letter(oslo);
    const auto second = world.letter(oslo);
    Accepted of_first;
    Accepted of_second;
    Read read;
    const auto syncs = world.disk.syncs();
    world.start_accept(first, of_first);
    world.start_read(first, read);
    world.start_accept(second, of_second);   // waits for a flush of its own
    CHECK(world.disk.syncs() == syncs);
    CHECK_FALSE(of_first.has_value());
    CHECK_FALSE(read.has_value());
    CHECK(world.flusher.waiting() == 1);

    world.flusher.run_one();
    world.go();
    CHECK(world.disk.syncs() == syncs + 1);
    REQUIRE(of_first.has_value());
    CHECK(of_first->has_value());
    REQUIRE(read.has_value());
    REQUIRE(read->has_value());
    CHECK((*read)->has_value());
    CHECK_FALSE(of_second.has_value());
    CHECK(world.flusher.waiting() == 1);

    world.flusher.run_one();
    world.go();
    CHECK(world.disk.syncs() == syncs + 2);
    REQUIRE(of_second.has_value());
    CHECK(of_second->has_value());
    Read later;
    world.start_read(second, later);   // nothing is owed: at once
    REQUIRE(later.has_value());
    CHECK((*later)->has_value());
}

TEST_CASE("store: while one round waits for its flush, the rest gathers in the next",
          "[contract]") {
    HeldBack world(2);
    std::vector<Accepted> answers(6);
    world.start_accepts(answers);
    const auto syncs = world.disk.syncs();
    for (int flush = 0; flush < 2; ++flush) {
        CHECK(world.flusher.waiting() == 1);
        world.flusher.run_one();
        world.go();
    }
    CHECK(HeldBack::accepted_of(answers) == answers.size());   // one alone, five together
    CHECK(world.disk.syncs() == syncs + 2);
    CHECK(world.flusher.waiting() == 0);
}

TEST_CASE("store: what is enough for a round does not wait for the flush of another",
          "[contract]") {
    HeldBack world(4);
    std::vector<Accepted> answers(1 + HeldBack::gather_min);
    world.start_accepts(answers);
    world.flusher.run_one();
    CHECK(world.flusher.waiting() == 1);   // committed before, it only needed its turn
    world.flusher.run_one();
    world.go();
    CHECK(HeldBack::accepted_of(answers) == answers.size());
}

TEST_CASE("store: of much that waits half is written while the other half is flushed",
          "[contract]") {
    HeldBack world(4);
    std::vector<Accepted> answers(1 + 4 * HeldBack::gather_min);
    world.start_accepts(answers);
    // Alone; as many as begin a round during a flush; half of the rest; not less than begins one.
    for (const std::size_t answered : {1, 9, 21, 29, 33}) {
        REQUIRE(world.flusher.waiting() == 1);
        world.flusher.run_one();
        world.go();
        CHECK(HeldBack::accepted_of(answers) == answered);
    }
    CHECK(world.flusher.waiting() == 0);
}

TEST_CASE("store: closing waits for nobody to gather, and writes all that waits", "[contract]") {
    HeldBack world(5);
    std::vector<Accepted> answers(GENERATE(std::size_t{2}, 1 + 6 * HeldBack::gather_min));
    world.start_accepts(answers);
    world.close();
    CHECK(HeldBack::accepted_of(answers) == answers.size());
}

TEST_CASE("store: power that goes before the flush takes only what nobody was told of",
          "[contract]") {
    const auto seed = GENERATE(range(1, 30));
    HeldBack world(static_cast<std::uint64_t>(seed));
    const auto told = world.letter(oslo);
    Accepted of_told;
    world.start_accept(told, of_told);
    world.flusher.run_one();
    world.go();
    REQUIRE(of_told.has_value());
    Accepted of_first;
    Accepted of_second;
    world.start_accept(world.letter(oslo), of_first);
    world.start_accept(world.letter(oslo), of_second);
    world.power_cut(static_cast<std::uint64_t>(seed));
    for (const auto* answer : {&of_first, &of_second}) {
        REQUIRE(answer->has_value());
        REQUIRE((*answer)->has_error());
        CHECK((*answer)->error().is(Errc::storage_failed));
    }
    Read read;
    world.start_read(told, read);
    REQUIRE(read.has_value());
    REQUIRE(read->has_value());
    CHECK((*read)->has_value());
    const auto faults = tests::run(world.io, world.store->verify());
    REQUIRE(faults.has_value());
    CHECK(faults->empty());
}

TEST_CASE("store: a flush that fails is told to whoever waited for it, readers too", "[contract]") {
    HeldBack world(3);
    const auto letter = world.letter(oslo);
    Accepted of_first;
    Accepted of_second;
    Read read;
    world.start_accept(letter, of_first);
    world.start_read(letter, read);
    world.start_accept(world.letter(oslo), of_second);
    world.disk.fail_sync(1);
    world.flusher.run_one();
    world.go();
    REQUIRE(of_first.has_value());
    REQUIRE(of_first->has_error());
    CHECK(of_first->error().is(Errc::storage_failed));
    REQUIRE(read.has_value());
    REQUIRE(read->has_error());
    CHECK(read->error().is(Errc::storage_failed));
    REQUIRE(of_second.has_value());   // had not begun
    REQUIRE(of_second->has_error());
    CHECK(of_second->error().is(Errc::storage_failed));
    CHECK(world.fatal == 1);
}

TEST_CASE("store: while the log is copied commands go on, and closing waits for the copy",
          "[contract]") {
    HeldBack world(6, HeldBack::Copies::held);
    int accepted = 0;
    for (; world.copier.waiting() == 0 && accepted < 100; ++accepted) {
        REQUIRE(world.accepts(world.letter(oslo)));
    }
    REQUIRE(world.copier.waiting() == 1);
    for (int i = 0; i < 20; ++i) {
        REQUIRE(world.accepts(world.letter(oslo)));
    }
    CHECK(world.copier.waiting() == 1);   // one at a time
    world.copier.run_one();
    world.go();
    CHECK(world.copier.waiting() == 0);   // it copied all that came until it began
    while (world.copier.waiting() == 0) {
        REQUIRE(world.accepts(world.letter(oslo)));
    }
    bool is_closed = false;
    boost::asio::co_spawn(world.io, world.store->close(),
                          [&is_closed](const std::exception_ptr&, const core::Result<void>& told) {
                              is_closed = told.has_value();
                          });
    world.go();
    while (world.flusher.waiting() > 0) {
        world.flusher.run_one();
        world.go();
    }
    CHECK_FALSE(is_closed);
    world.copier.run_one();
    world.go();
    CHECK(is_closed);
    CHECK(world.fatal == 0);
}

TEST_CASE("store: a copy of the log whose flush fails stops the store and loses nothing",
          "[contract]") {
    const int which = GENERATE(1, 2);   // of the log, of the database
    HeldBack world(7, HeldBack::Copies::held);
    std::vector<ports::AcceptCommand> told;
    while (world.copier.waiting() == 0) {
        told.push_back(world.letter(oslo));
        REQUIRE(world.accepts(told.back()));
    }
    world.disk.fail_sync(which);
    world.copier.run_one();
    world.go();
    CHECK(world.fatal == 1);
    CHECK_FALSE(world.accepts(world.letter(oslo)));
    world.power_cut(7);
    for (const auto& letter : told) {
        Read read;
        world.start_read(letter, read);
        while (world.copier.waiting() > 0) {
            world.copier.run_one();
            world.go();
        }
        REQUIRE(read.has_value());
        REQUIRE(read->has_value());
        CHECK((*read)->has_value());
    }
}
