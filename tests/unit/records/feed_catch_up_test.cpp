#include "feed_world.hpp"

#include <chrono>
#include <cstdio>
#include <set>

using namespace tests;
using namespace tests::records;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("feeds: after a month away every change is caught up, each told once") {
    FeedWorld world;
    const auto people = persons(6'000);
    const std::size_t held = 600;
    for (std::size_t i = 0; i < held; ++i) {
        world.look_up(people[i]);
    }
    world.stop();
    for (const auto& person : people) {
        world.feed.add(person, "person.moved");
    }
    for (std::size_t i = 0; i < held; ++i) {
        world.feed.add(people[i], i % 2 == 0 ? "person.died" : "");
    }
    world.clock.advance(hours(24 * 31));
    const auto began = std::chrono::steady_clock::now();
    world.start();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    CHECK(world.cursor() == std::to_string(world.feed.all.size()));
    const auto told = world.told(barnehage);
    CHECK(told.size() == held + held / 2);
    std::set<core::EventId> ids;
    std::set<std::pair<core::Uuid, std::string>> of;
    for (const auto& event : told) {
        ids.insert(event.id);
        of.emplace(*event.subject, event.name);
    }
    CHECK(ids.size() == told.size());
    CHECK(of.size() == told.size());
    CHECK_FALSE(world.knows(people.back()));
    std::printf("caught up %zu changes, %zu events, in %.2f s: %.0f changes a second\n",
                world.feed.all.size(), told.size(), took.count(),
                static_cast<double>(world.feed.all.size()) / took.count());
}

TEST_CASE("feeds: a page that causes more than one transaction holds is written whole") {
    FeedWorld world;
    const auto people = persons(900);
    auto& tenant = world.tenant();
    const auto one = tenant.systems.at(barnehage);
    for (int i = 0; i < 4; ++i) {
        auto another = one;
        another.id = core::SystemId("avdeling-" + std::to_string(i));
        tenant.systems.emplace(another.id, another);
    }
    for (const auto& person : people) {
        world.look_up(person);
        world.feed.add(person, "person.moved");
    }
    const auto version = run(world.io, world.store->records().feed_cursor(freg_id, oslo))->version;
    world.pass(minutes(2));
    CHECK(run(world.io, world.store->records().feed_cursor(freg_id, oslo))->version > version + 1);
    CHECK(world.cursor() == "900");
    CHECK(world.told(barnehage).size() == 900);
    for (int i = 0; i < 4; ++i) {
        CHECK(world.told(core::SystemId("avdeling-" + std::to_string(i))).size() == 900);
    }
    CHECK(world.log().size() == 900 + 5 * 900);
}
