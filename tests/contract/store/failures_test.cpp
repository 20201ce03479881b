#include "gateway/ports/failure_store.hpp"
#include "worlds.hpp"

using namespace tests;

namespace {

template <class Kind>
std::vector<ports::FailureCount> failures(World<Kind>& world,
                                          std::optional<core::TenantId> tenant = std::nullopt) {
    auto found = world.run(ports::failures_of(*world.store).failures(std::move(tenant)));
    REQUIRE(found.has_value());
    return *found;
}

template <class Kind>
std::vector<ports::FailedDelivery> failed(World<Kind>& world, ports::FailureQuery query) {
    auto found = world.run(ports::failures_of(*world.store).failed(std::move(query)));
    REQUIRE(found.has_value());
    return *found;
}

template <class Kind>
ports::AcceptCommand fail(World<Kind>& world, const core::TenantId& tenant, const char* code,
                          core::Params params = {}, DeliveryState state = DeliveryState::failed) {
    const auto letter = world.letter(tenant);
    auto item = world.begun(letter);
    auto end = world.finish(item, state, Work::none);
    end.code = core::Code(code);
    end.params = std::move(params);
    world.ok(world.store->finish(end));
    world.clock.advance(1s);
    return letter;
}

template <class Kind>
void check_sound(World<Kind>& world) {
    const auto faults = world.run(world.store->verify());
    REQUIRE(faults.has_value());
    CHECK(*faults == std::vector<std::string>{});
}

}   // namespace

TEMPLATE_TEST_CASE("store: what fails is counted by what it fails of, exactly", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    CHECK(failures(world).empty());
    fail(world, oslo, "altinn.reserved");
    const auto second = fail(world, oslo, "altinn.reserved");
    fail(world, oslo, "altinn.correspondence_refused", {{"code", "CORR-01099"}});
    fail(world, oslo, "altinn.correspondence_refused", {{"code", "CORR-01098"}});
    fail(world, bergen, "altinn.reserved", {}, DeliveryState::held);
    const auto all = failures(world);
    REQUIRE(all.size() == 4);
    CHECK(failures(world, bergen).size() == 1);
    const auto ours = failures(world, oslo);
    REQUIRE(ours.size() == 3);
    CHECK(ours[0].kind.detail == "CORR-01098");
    CHECK(ours[0].params == core::Params{{"code", "CORR-01098"}});
    CHECK(ours[2].kind.code == "altinn.reserved");
    CHECK(ours[2].kind.connection == altinn.value);
    CHECK(ours[2].kind.type == "letter/v1");
    CHECK(ours[2].count == 2);
    CHECK(ours[2].newest - ours[2].oldest == 1s);
    REQUIRE(ours[2].samples.size() == 2);
    CHECK(ours[2].samples.front() == second.message);
    check_sound(world);
}

TEMPLATE_TEST_CASE("store: a failure is gone with its retry, its release or its cancellation, and "
                   "back when it fails anew",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = fail(world, oslo, "altinn.reserved");
    const auto old = world.newest(letter).id;
    world.ok(world.store->retry(world.retry(oslo, old)));
    CHECK(failures(world).empty());
    CHECK(world.fails(Errc::conflict, world.store->retry(world.retry(oslo, old))));
    auto item = world.claim_one();
    world.ok(world.store->begin_attempt(world.begin(item)));
    auto end = world.finish(item, DeliveryState::held, Work::none);
    end.code = core::Code("delivery.unknown_outcome");
    world.ok(world.store->finish(end));
    REQUIRE(failures(world).size() == 1);
    CHECK(failures(world).front().kind.code == "delivery.unknown_outcome");
    world.ok(world.store->release(oslo, item.row.id, world.now(), world.events("released")));
    CHECK(failures(world).empty());
    world.ok(world.store->hold(oslo, item.row.id, world.now(), world.events("held")));
    REQUIRE(failures(world).size() == 1);
    CHECK(failures(world).front().kind.code == "held");
    // A receipt to a delivery that has been replaced concerns nobody.
    world.ok(world.store->retry(world.retry(oslo, item.row.id)));
    CHECK(failures(world).empty());
    check_sound(world);
}

TEMPLATE_TEST_CASE("store: failures of a group are paged both ways, over several kinds",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    std::vector<core::MessageId> order;
    for (int i = 0; i < 7; ++i) {
        const char* code = i % 2 == 0 ? "upstream.timed_out" : "upstream.unreachable";
        order.push_back(fail(world, oslo, code).message);
    }
    fail(world, oslo, "altinn.reserved");
    for (const bool oldest_first : {true, false}) {
        ports::FailureQuery query;
        for (const auto& one : failures(world)) {
            if (one.kind.code != "altinn.reserved") {
                query.kinds.push_back(one.kind);
            }
        }
        query.limit = 3;
        query.oldest_first = oldest_first;
        std::vector<core::MessageId> seen;
        for (;;) {
            const auto page = failed(world, query);
            if (page.empty()) {
                break;
            }
            for (const auto& item : page) {
                seen.push_back(item.message);
            }
            query.after = std::pair(page.back().at, page.back().delivery);
        }
        if (!oldest_first) {
            std::reverse(seen.begin(), seen.end());
        }
        CHECK(seen == order);
    }
    ports::FailureQuery early;
    early.kinds.push_back(failures(world).back().kind);
    early.until = world.now() - 1h;
    CHECK(failed(world, early).empty());
}
