// People who press at once: the same failed message is corrected twice, retried, released and
// cancelled by four threads, a thousand times, over the real store. Whatever wins, one letter at
// most is sent, and each message has one end.

#include "worlds.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <random>
#include <thread>

using namespace tests;

namespace {

constexpr std::size_t race_messages = 1000;
constexpr std::size_t race_threads = 4;

/// One message and what is tried on it at once.
struct Raced {
    ports::AcceptCommand letter;
    std::array<ports::ReplaceCommand, 2> corrections;
    std::array<bool, 2> corrected{};
    ports::RetryCommand retry;
    bool retried = false;
    ports::CancelCommand cancel;
    bool cancelled = false;
    bool held = false;
    bool released = false;
    std::array<int, race_threads> acts{};   // which thread does what
};

/// A store on threads of its own, as in the program.
class Threaded : public Commands {
public:
    Threaded()
        : loops(),
          writer(gateway::runtime::make_thread_executor(1, "writer")),
          flusher(gateway::runtime::make_thread_executor(1, "flusher")),
          readers(gateway::runtime::make_thread_executor(2, "readers")) {
        for (auto& loop : loops) {
            loop = std::make_unique<boost::asio::io_context>();
        }
        gateway::store::SqliteOptions options;
        options.path = folder.file("sluse.db");
        auto opened = gateway::store::make_sqlite_store(std::move(options), *writer, *flusher,
                                                        *readers, clock);
        REQUIRE(opened.has_value());
        store = std::move(*opened);
    }
    ~Threaded() {
        run(store->close());
        store.reset();
    }

    /// On a loop of the calling thread's that outlives the store: whoever brings an answer may
    /// still be at it when the answer has been taken.
    template <class T>
    T run(gateway::sdk::Task<T> task, std::size_t person = race_threads) {
        auto& io = *loops.at(person);
        auto guard = boost::asio::make_work_guard(io);
        return tests::run(io, std::move(task));
    }

    /// All at once, so that they share flushes; true when each gave a value.
    template <class T>
    bool run_all(std::vector<gateway::sdk::Task<core::Result<T>>> tasks) {
        auto& io = *loops.back();
        auto guard = boost::asio::make_work_guard(io);
        std::size_t left = tasks.size();
        bool fine = true;
        for (auto& task : tasks) {
            boost::asio::co_spawn(io, std::move(task),
                                  [&](const std::exception_ptr& thrown, core::Result<T> result) {
                                      fine = fine && !thrown && result.has_value();
                                      --left;
                                  });
        }
        io.restart();
        while (left > 0 && io.run_one() > 0) {
        }
        return fine;
    }

    TemporaryFolder folder;
    std::array<std::unique_ptr<boost::asio::io_context>, race_threads + 1>
        loops;   // the last: ours
    std::unique_ptr<gateway::runtime::Executor> writer;
    std::unique_ptr<gateway::runtime::Executor> flusher;
    std::unique_ptr<gateway::runtime::Executor> readers;
    std::unique_ptr<ports::Store> store;
};

void act(Threaded& world, Raced& raced, int what, std::size_t person) {
    switch (what) {
    case 0:
    case 1: {
        const auto which = static_cast<std::size_t>(what);
        const auto answer = world.run(world.store->replace(raced.corrections[which]), person);
        raced.corrected[which] = answer && answer->result == ports::Accepted::accepted;
        break;
    }
    case 2: raced.retried = world.run(world.store->retry(raced.retry), person).has_value(); break;
    default:
        if (raced.held && raced.letter.message.to_bytes().back() % 2 == 0) {
            raced.released =
                world
                    .run(world.store->release(oslo, raced.letter.delivery.id, raced.letter.at, {}),
                         person)
                    .has_value();
        } else {
            raced.cancelled = *world.run(world.store->cancel(raced.cancel), person) ==
                              ports::CancelAnswer::cancelled;
        }
    }
}

/// Deliveries of it that may still be sent.
int open_deliveries(Threaded& world, const core::MessageId& message) {
    const auto view = world.run(world.store->get(oslo, message));
    REQUIRE(view.has_value());
    int open = 0;
    for (const auto& row :
         view->has_value() ? (*view)->deliveries : std::vector<ports::DeliveryRow>()) {
        open += core::is_terminal(row.state) ? 0 : 1;
    }
    return open;
}

}   // namespace

TEST_CASE("mending: of a thousand races between correcting, retrying and cancelling none sends "
          "twice",
          "[contract]") {
    const auto seed = Catch::rngSeed();
    INFO("seed " << seed << ": replay with --rng-seed");
    std::mt19937 chance(seed);
    Threaded world;
    std::vector<Raced> raced(race_messages);
    std::vector<gateway::sdk::Task<core::Result<ports::AcceptAnswer>>> accepts;
    std::vector<gateway::sdk::Task<core::Result<void>>> holds;
    for (auto& one : raced) {
        one.letter = world.letter(oslo);
        one.held = chance() % 2 == 0;
        accepts.push_back(world.store->accept(one.letter));
        if (one.held) {
            holds.push_back(
                world.store->hold(oslo, one.letter.delivery.id, world.now(), world.events("held")));
        }
    }
    REQUIRE(world.run_all(std::move(accepts)));
    REQUIRE(world.run_all(std::move(holds)));
    for (;;) {
        const auto claimed = world.run(world.store->claim(world.claim(200)));
        REQUIRE(claimed.has_value());
        if (claimed->empty()) {
            break;
        }
        std::vector<gateway::sdk::Task<core::Result<void>>> ends;
        for (const auto& item : *claimed) {
            auto failed = world.finish(item, DeliveryState::failed, Work::none);
            failed.code = "refused";
            ends.push_back(world.store->finish(failed));
        }
        REQUIRE(world.run_all(std::move(ends)));
    }
    world.clock.advance(1s);
    for (auto& one : raced) {
        const auto view = world.run(world.store->get(oslo, one.letter.message));
        const auto seen = (*view)->deliveries.back();
        for (auto& correction : one.corrections) {
            correction.old = one.letter.message;
            correction.seen = seen.id;
            correction.seen_changed = seen.changed;
            correction.closing = world.events("replaced");
            correction.message = world.letter(oslo);
        }
        one.retry = world.retry(oslo, one.letter.delivery.id);
        one.cancel = world.cancel(one.letter, false);
        one.acts = {0, 1, 2, 3};
        std::shuffle(one.acts.begin(), one.acts.end(), chance);
    }

    std::barrier together(static_cast<std::ptrdiff_t>(race_threads));
    std::vector<std::thread> people;
    for (std::size_t person = 0; person < race_threads; ++person) {
        people.emplace_back([&, person] {
            for (auto& one : raced) {
                together.arrive_and_wait();
                act(world, one, one.acts[person], person);
            }
        });
    }
    for (auto& person : people) {
        person.join();
    }

    std::array<int, 5> won{};
    for (const auto& one : raced) {
        const int corrected = (one.corrected[0] ? 1 : 0) + (one.corrected[1] ? 1 : 0);
        CHECK(corrected <= 1);
        int open = open_deliveries(world, one.letter.message);
        for (std::size_t i = 0; i < one.corrections.size(); ++i) {
            const auto& next = one.corrections[i].message.message;
            const auto there = world.run(world.store->get(oslo, next));
            CHECK(there->has_value() == one.corrected[i]);
            open += open_deliveries(world, next);
            won[i] += one.corrected[i] ? 1 : 0;
        }
        CHECK(open <= 1);
        const auto old = **world.run(world.store->get(oslo, one.letter.message));
        if (corrected == 1) {
            CHECK(open == 1);
            CHECK(old.state == DeliveryState::cancelled);
            CHECK(old.replaced_by.has_value());
            CHECK_FALSE(one.retried);
            CHECK_FALSE(one.released);
        } else {
            CHECK_FALSE(old.replaced_by.has_value());
            CHECK((one.retried || one.released || one.cancelled));
            CHECK(old.deliveries.size() == (one.retried ? 2U : 1U));
        }
        won[2] += one.retried ? 1 : 0;
        won[3] += one.released ? 1 : 0;
        won[4] += one.cancelled ? 1 : 0;
    }
    // What is to be sent is claimed once each.
    world.clock.advance(1h);
    std::vector<core::MessageId> sent;
    for (;;) {
        const auto claimed = world.run(world.store->claim(world.claim(200)));
        REQUIRE(claimed.has_value());
        if (claimed->empty()) {
            break;
        }
        for (const auto& item : *claimed) {
            sent.push_back(item.row.message);
        }
    }
    std::sort(sent.begin(), sent.end());
    CHECK(std::adjacent_find(sent.begin(), sent.end()) == sent.end());
    for (const auto& one : raced) {
        int copies = 0;
        for (const auto& id : {one.letter.message, one.corrections[0].message.message,
                               one.corrections[1].message.message}) {
            copies += std::binary_search(sent.begin(), sent.end(), id) ? 1 : 0;
        }
        CHECK(copies <= 1);
    }
    const auto faults = world.run(world.store->verify());
    CHECK(faults->empty());
    WARN("seed " << seed << ": first correction " << won[0] << ", second " << won[1] << ", retries "
                 << won[2] << ", releases " << won[3] << ", cancels " << won[4]);
    CHECK(won[0] + won[1] > 0);
    CHECK(won[2] > 0);
}
