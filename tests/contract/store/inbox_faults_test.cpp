// The power goes between storing, handing out and acknowledging: what callers were told holds.

#include "inbox_commands.hpp"
#include "tests/support/simulated_vfs.hpp"

#include <map>
#include <random>

using namespace tests;
using core::InboundState;

namespace {

class Cut : public Commands {
public:
    explicit Cut(std::uint64_t seed) : disk(seed), executor(io), random(seed) {}
    ~Cut() { abandon(); }

    bool open() {
        gateway::store::SqliteOptions options;
        options.path = "/sluse.db";
        options.vfs = disk.name();
        options.checkpoint_pages = 24;   // often
        options.on_fatal = [](const core::Failure&) {};
        auto opened =
            gateway::store::make_sqlite_store(options, executor, executor, executor, clock);
        if (opened.has_value()) {
            store = std::move(*opened);
        }
        return opened.has_value();
    }
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
    std::size_t up_to(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    }

    /// Until the power goes. A call that failed told nothing: it may have happened or not.
    void work() {
        for (int i = 0; i < 400; ++i) {
            clock.advance(1s);
            const auto what = up_to(3);
            if (what == 0 && !put()) {
                return;
            }
            if (what == 1 && !take()) {
                return;
            }
            if (what == 2 && !leased.empty() && !settle_one()) {
                return;
            }
        }
    }
    bool put() {
        auto command = telling(inbound(*this, std::to_string(number++)));
        const auto answer = run(store->store_inbound(command));
        if (answer.has_error()) {
            return false;
        }
        told[command.id] = InboundState::received;
        return true;
    }
    bool take() {
        auto lease = lease_for(*this, visma);
        lease.deliveries_max = 1000;
        const auto batch = run(store->lease_inbox(lease));
        if (batch.has_error()) {
            return false;
        }
        leased.insert(leased.end(), batch->items.begin(), batch->items.end());
        return true;
    }
    bool settle_one() {
        const auto at = up_to(leased.size());
        const auto item = leased[at];
        leased.erase(leased.begin() + static_cast<std::ptrdiff_t>(at));
        const bool acknowledged = up_to(4) != 0;
        const auto settled = run(store->settle_inbox(settle(*this, item, acknowledged)));
        if (settled.has_error()) {
            unsure.push_back(item.id);
            return settled.error().is(Errc::conflict);   // leased again since
        }
        told[item.id] = acknowledged ? InboundState::acknowledged : InboundState::rejected;
        return true;
    }

    boost::asio::io_context io;
    SimulatedVfs disk;
    LoopExecutor executor;
    std::mt19937_64 random;
    std::unique_ptr<ports::Store> store;
    int number = 0;
    std::vector<ports::InboxItem> leased;
    std::map<core::InboxId, InboundState> told;   // what callers know
    std::vector<core::InboxId> unsure;            // a settlement that was not answered
};

bool is_settled(InboundState state) {
    return state == InboundState::acknowledged || state == InboundState::rejected;
}

}   // namespace

TEST_CASE("store: a power cut between storing and acknowledging loses no item and doubles none",
          "[contract]") {
    std::size_t cuts = 0;
    std::size_t items = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        Cut world(seed);
        REQUIRE(world.open());
        world.disk.power_off_after(30 + seed * 17 % 900);
        world.work();
        cuts += world.disk.is_off() ? 1 : 0;
        world.abandon();
        world.disk.power_cut(seed);
        REQUIRE(world.open());
        CHECK(world.run(world.store->verify()).value() == std::vector<std::string>());
        std::map<core::InboxId, int> handed;
        world.clock.advance(60s);   // every lease has run out
        auto lease = lease_for(world, visma);
        lease.limit = 1000;
        lease.deliveries_max = 1000;
        const auto batch = world.run(world.store->lease_inbox(lease)).value();
        for (const auto& item : batch.items) {
            ++handed[item.id];
        }
        for (const auto& [id, state] : world.told) {
            ++items;
            const auto found = world.run(world.store->find_inbox(oslo, visma, id)).value();
            REQUIRE(found.has_value());
            const bool known =
                std::find(world.unsure.begin(), world.unsure.end(), id) == world.unsure.end();
            if (is_settled(state)) {
                CHECK(found->state == state);
                CHECK(handed[id] == 0);
            } else if (known) {
                CHECK(handed[id] == 1);
            } else {
                CHECK(handed[id] == (is_settled(found->state) ? 0 : 1));
            }
        }
        // Every settlement that was told is still to be told to its adapter.
        auto claim = settlements(world);
        claim.limit = 1000;
        std::map<core::InboxId, int> due;
        const auto claimed = world.run(world.store->claim_settlements(claim)).value();
        for (const auto& one : claimed) {
            ++due[one.id];
        }
        for (const auto& [id, state] : world.told) {
            if (is_settled(state)) {
                CHECK(due[id] == 1);
            }
        }
    }
    CHECK(cuts > 30);
    CHECK(items > 300);
}
