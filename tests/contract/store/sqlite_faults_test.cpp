#include "tests/support/simulated_vfs.hpp"
#include "worlds.hpp"

using namespace tests;

namespace {

/// A store on a disk that can fail. The power can go: then reopen().
class Failing : public Commands {
public:
    explicit Failing(std::uint64_t seed) : disk(seed), executor(io) {}
    ~Failing() { abandon(); }

    gateway::core::Result<void> open() {
        gateway::store::SqliteOptions options;
        options.path = "/sluse.db";
        options.vfs = disk.name();
        options.checkpoint_pages = 24;   // often
        options.on_fatal = [this](const core::Failure&) { ++fatal; };
        auto opened = gateway::store::make_sqlite_store(std::move(options), executor, executor,
                                                        executor, clock);
        if (!opened) {
            return opened.error();
        }
        store = std::move(*opened);
        return {};
    }
    /// As when the program is killed.
    void abandon() {
        if (store) {
            disk.power_off();
            store.reset();
        }
    }
    void reopen(std::uint64_t seed) {
        abandon();
        disk.power_cut(seed);
        const auto opened = open();
        INFO((opened.has_error() ? opened.error().to_string() : std::string()));
        REQUIRE(opened.has_value());
    }
    template <class T>
    T run(gateway::sdk::Task<T> task) {
        return tests::run(io, std::move(task));
    }
    /// Many at once, as callers come; gives what each was told.
    std::vector<core::Result<ports::AcceptAnswer>>
    accept_all(const std::vector<ports::AcceptCommand>& letters) {
        std::vector<core::Result<ports::AcceptAnswer>> answers(letters.size(),
                                                               core::Failure(Errc::internal));
        std::size_t at = 0;
        for (const auto& letter : letters) {
            auto* answer = &answers[at++];
            boost::asio::co_spawn(
                io, store->accept(letter),
                [answer](const std::exception_ptr&, core::Result<ports::AcceptAnswer> told) {
                    *answer = std::move(told);
                });
        }
        io.restart();
        io.run();
        return answers;
    }
    std::vector<ports::AcceptCommand> letters(std::size_t count) {
        std::vector<ports::AcceptCommand> list;
        for (std::size_t i = 0; i < count; ++i) {
            list.push_back(letter(i % 2 == 0 ? oslo : bergen));
            list.back().sealed_content += std::string(700, 'x');
        }
        return list;
    }
    bool has(const ports::AcceptCommand& letter) {
        const auto view = run(store->get(letter.tenant, letter.message));
        return view.has_value() && view->has_value();
    }

    boost::asio::io_context io;
    SimulatedVfs disk;
    LoopExecutor executor;
    std::unique_ptr<ports::Store> store;
    int fatal = 0;
};

}   // namespace

TEST_CASE("store: a full disk refuses before accepting, changes nothing and resumes by itself",
          "[contract]") {
    Failing world(1);
    REQUIRE(world.open().has_value());
    const auto before = world.letter(oslo);
    REQUIRE(world.run(world.store->accept(before)).has_value());
    world.disk.set_capacity(world.disk.used() + 20'000);
    std::vector<ports::AcceptCommand> accepted;
    std::vector<ports::AcceptCommand> refused;
    for (int i = 0; i < 60; ++i) {
        auto letter = world.letter(oslo);
        letter.sealed_content = std::string(4'000, 'x');
        const auto answer = world.run(world.store->accept(letter));
        if (answer) {
            accepted.push_back(letter);
        } else {
            CHECK(answer.error().is(Errc::storage_full));
            refused.push_back(letter);
        }
    }
    CHECK_FALSE(refused.empty());
    for (const auto& letter : refused) {
        CHECK_FALSE(world.has(letter));
    }
    CHECK(world.fatal == 0);
    world.disk.set_capacity(std::nullopt);
    for (const auto& letter : refused) {
        CHECK(world.run(world.store->accept(letter)).has_value());
    }
    world.reopen(1);
    for (const auto& letter : accepted) {
        CHECK(world.has(letter));
    }
    CHECK(world.run(world.store->counts())->events == 1 + accepted.size() + refused.size());
    CHECK(world.run(world.store->verify())->empty());
}

TEST_CASE("store: a failed flush acknowledges nothing, then or ever after, and says so once",
          "[contract]") {
    Failing world(2);
    REQUIRE(world.open().has_value());
    const auto safe = world.letter(oslo);
    REQUIRE(world.run(world.store->accept(safe)).has_value());
    world.disk.fail_sync(1);
    const auto batch = world.letters(5);
    for (const auto& answer : world.accept_all(batch)) {
        REQUIRE(answer.has_error());
        CHECK(answer.error().is(Errc::storage_failed));
    }
    CHECK(world.fatal == 1);
    const auto later = world.run(world.store->accept(world.letter(oslo)));
    REQUIRE(later.has_error());
    CHECK(later.error().is(Errc::storage_failed));
    CHECK(world.fatal == 1);
    world.reopen(2);
    CHECK(world.has(safe));
    CHECK(world.run(world.store->verify())->empty());
}

TEST_CASE("store: a flush that fails while the log is copied stops the store too", "[contract]") {
    Failing world(3);
    REQUIRE(world.open().has_value());
    std::vector<ports::AcceptCommand> accepted;
    // One of the next flushes is that of a checkpoint: whichever fails, nothing acknowledged may be
    // lost.
    world.disk.fail_sync(GENERATE(range(1, 12)));
    while (world.fatal == 0 && accepted.size() < 200) {
        const auto letter = world.letter(oslo);
        if (world.run(world.store->accept(letter)).has_value()) {
            accepted.push_back(letter);
        }
    }
    CHECK(world.fatal == 1);
    world.reopen(3);
    for (const auto& letter : accepted) {
        CHECK(world.has(letter));
    }
    CHECK(world.run(world.store->verify())->empty());
}

TEST_CASE("store: one command that cannot be stored does not harm those beside it", "[contract]") {
    Failing world(4);
    REQUIRE(world.open().has_value());
    ports::InboundCommand twice;
    twice.tenant = oslo;
    twice.id = world.ids->next<core::InboxId>();
    twice.connection = altinn;
    twice.dedupe_key = "1";
    twice.copies = {visma, visma};   // a fault of ours: no two copies for one system
    twice.event_ids = {world.ids->next<core::EventId>(), world.ids->next<core::EventId>()};
    std::optional<core::Result<ports::InboundAnswer>> refused;
    boost::asio::co_spawn(
        world.io, world.store->store_inbound(twice),
        [&refused](const std::exception_ptr&, core::Result<ports::InboundAnswer> answer) {
            refused.emplace(std::move(answer));
        });
    const auto letters = world.letters(3);
    for (const auto& answer : world.accept_all(letters)) {
        CHECK(answer.has_value());
    }
    REQUIRE(refused.has_value());
    REQUIRE(refused->has_error());
    CHECK(refused->error().is(Errc::internal));
    CHECK(world.run(world.store->counts())->events == 3);
    CHECK(world.run(world.store->verify())->empty());
}

TEST_CASE("store: callers who come together share one flush, and many share two", "[contract]") {
    Failing world(5);
    REQUIRE(world.open().has_value());
    const auto before = world.run(world.store->counts())->flushes;
    for (const auto& answer : world.accept_all(world.letters(32))) {
        CHECK(answer.has_value());
    }
    CHECK(world.run(world.store->counts())->flushes == before + 1);
    for (const auto& answer : world.accept_all(world.letters(64))) {
        CHECK(answer.has_value());
    }
    CHECK(world.run(world.store->counts())->flushes == before + 3);
}

TEST_CASE("store: more callers than may wait are refused, not queued without end", "[contract]") {
    Failing world(6);
    gateway::store::SqliteOptions options;
    options.path = "/sluse.db";
    options.vfs = world.disk.name();
    options.queue_max = 4;
    auto opened = gateway::store::make_sqlite_store(options, world.executor, world.executor,
                                                    world.executor, world.clock);
    REQUIRE(opened.has_value());
    world.store = std::move(*opened);
    std::size_t refused = 0;
    for (const auto& answer : world.accept_all(world.letters(10))) {
        refused += answer.has_error() && answer.error().is(Errc::unavailable) ? 1 : 0;
    }
    CHECK(refused == 6);
    CHECK(world.run(world.store->accept(world.letter(oslo))).has_value());
}

namespace {

struct Told {
    std::vector<ports::AcceptCommand> accepted;
    std::vector<ports::ClaimedDelivery> sent;
    std::uint64_t position = 0;
};

/// Traffic until the power goes: accepts in groups, claims, attempts, receipts.
Told work_until_the_power_goes(Failing& world) {
    Told told;
    for (int round = 0; round < 40 && !world.disk.is_off(); ++round) {
        const auto letters = world.letters(1 + static_cast<std::size_t>(round) % 5);
        const auto answers = world.accept_all(letters);
        for (std::size_t i = 0; i < letters.size(); ++i) {
            if (answers[i].has_value()) {
                told.accepted.push_back(letters[i]);
            }
        }
        const auto claimed = world.run(world.store->claim(world.claim(3)));
        if (claimed) {
            for (const auto& item : *claimed) {
                if (world.run(world.store->begin_attempt(world.begin(item))).has_value() &&
                    world
                        .run(world.store->finish(
                            world.finish(item, DeliveryState::sent, Work::none)))
                        .has_value()) {
                    told.sent.push_back(item);
                }
            }
        }
        if (const auto position = world.run(world.store->last_position())) {
            told.position = *position;
        }
        world.clock.advance(1s);
    }
    return told;
}

}   // namespace

TEST_CASE("store: whatever was acknowledged before a power cut is there after it", "[contract]") {
    constexpr std::uint64_t seeds = 200;
    std::size_t acknowledged = 0;
    std::size_t cuts = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        Failing world(seed);
        world.disk.power_off_after(20 + seed * 13 % 1'000);
        Told told;
        if (world.open()) {
            told = work_until_the_power_goes(world);
        }
        cuts += world.disk.is_off() ? 1 : 0;
        world.reopen(seed);
        acknowledged += told.accepted.size();
        for (const auto& letter : told.accepted) {
            REQUIRE(world.has(letter));
        }
        for (const auto& item : told.sent) {
            const auto view = world.run(world.store->get(item.tenant, item.row.message));
            REQUIRE((*view)->state == DeliveryState::sent);
        }
        REQUIRE(*world.run(world.store->last_position()) >= told.position);
        const auto faults = world.run(world.store->verify());
        REQUIRE(faults.has_value());
        REQUIRE(*faults == std::vector<std::string>());
        // And it goes on: every open delivery can be claimed at once, though its holder died.
        const auto counts = world.run(world.store->counts());
        std::uint64_t open = 0;
        for (const auto& [state, count] : counts->deliveries) {
            open += state == DeliveryState::queued || state == DeliveryState::sending ? count : 0;
        }
        REQUIRE(world.run(world.store->claim(world.claim(1'000)))->size() == open);
    }
    CHECK(acknowledged > 1'000);
    CHECK(cuts > seeds / 2);
}
