#include "worlds.hpp"

using namespace tests;

namespace {

ports::NewExchanges passed(Work work, const std::string& sealed) {
    ports::NewExchanges one;
    one.attempt = 1;
    one.work = work;
    one.sealed = sealed;
    return one;
}

/// "1 sealed", of each.
template <class Kind>
std::vector<std::string> kept(World<Kind>& world, const ports::AcceptCommand& letter,
                              const core::TenantId& tenant = oslo, int attempt = 1) {
    const auto found = world.run(world.store->exchanges(tenant, letter.message, attempt));
    REQUIRE(found.has_value());
    std::vector<std::string> lines;
    for (const auto& one : *found) {
        CHECK(one.delivery == letter.delivery.id);
        CHECK(one.attempt == attempt);
        lines.push_back(std::to_string(one.call) + " " + one.sealed);
    }
    return lines;
}

}   // namespace

TEMPLATE_TEST_CASE(
    "store: what passed during a call is kept with its end, the first and the newest "
    "of each kind of work",
    "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto item = world.begun(letter);
    CHECK(kept(world, letter).empty());
    auto sent = world.finish(item, DeliveryState::sent, Work::receipts);
    sent.due = world.now();
    sent.exchanges = passed(Work::send, "sending");
    world.ok(world.store->finish(sent));
    CHECK(kept(world, letter) == std::vector<std::string>{"1 sending"});
    for (const char* poll : {"first poll", "second poll", "third poll"}) {
        item = world.claimed(world.claim_receipts()).at(0);
        auto asked = world.finish(item, DeliveryState::sent, Work::receipts);
        asked.due = world.now();
        asked.exchanges = passed(Work::receipts, poll);
        world.ok(world.store->finish(asked));
    }
    const std::vector<std::string> all{"1 sending", "1 first poll", "3 third poll"};
    CHECK(kept(world, letter) == all);
    world.restart();
    CHECK(kept(world, letter) == all);
    CHECK(kept(world, letter, bergen).empty());
    CHECK(kept(world, letter, oslo, 2).empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: a holder that lost its claim leaves nothing of what passed",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    auto late = world.finish(item, DeliveryState::sent, Work::none);
    late.fence.value += 1;
    late.exchanges = passed(Work::send, "late");
    CHECK(world.fails(Errc::stale_fence, world.store->finish(late)));
    CHECK(kept(world, letter).empty());
}
