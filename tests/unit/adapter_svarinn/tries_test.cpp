#include "tests/unit/adapter_svarinn/svarinn_world.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

// How often a shipment could not be opened, over restarts; and lists that are full.

using namespace svarinn_world;

namespace {

std::string package() {
    return tests::sealed_for_fakes(tests::plain_zip(two_files()));
}

/// As many as SvarInn ever lists.
std::vector<std::string> as_many_as_listed() {
    std::vector<std::string> ids;
    for (int i = 0; i < 200; ++i) {
        char id[37];
        std::snprintf(id, sizeof id, "d1c6d795-f1a0-4a36-bce1-%012d", i);
        ids.emplace_back(id);
    }
    return ids;
}

void lists_all(World& world, const std::vector<std::string>& ids) {
    std::vector<json::Value> items;
    for (const auto& id : ids) {
        items.push_back(nested(two_files(), id));
    }
    world.lists(items);
}

}   // namespace

TEST_CASE("svarinn: tries are counted over restarts, and what was told is not told again") {
    World world(R"(,"quarantine_after":2,"send_on_after":3)");
    for (int tries = 1; tries <= 3; ++tries) {
        world.restart();
        world.lists({nested()});
        world.downloads("no envelope at all");
        if (tries != 2) {
            world.takes_receipt();
        }
        CHECK_FALSE(world.round());
        CHECK(world.fake.inbound.oddities.size() == (tries < 2 ? 0U : 1U));
        if (tries != 2) {
            const auto told = parsed(world.last_call().body)["feil"];
            CHECK(told["permanent"].as_bool() == (tries == 3));
        }
    }
    CHECK(world.fake.http.calls().size() == 8);   // two of three tries were told
}

TEST_CASE("svarinn: a download that failed costs no try, however often") {
    World world(R"(,"send_on_after":2)");
    for (int i = 0; i < 4; ++i) {
        world.lists({nested()});
        world.fake.http.expect("GET", std::string("/") + shipment_id).answer(503);
        CHECK_FALSE(world.round());
        world.fake.clock.advance(std::chrono::hours(1));
    }
    world.lists({nested()});
    world.downloads("no envelope at all");
    world.takes_receipt();
    CHECK_FALSE(world.round());
    CHECK_FALSE(parsed(world.last_call().body)["feil"]["permanent"].as_bool());
    CHECK(world.fake.inbound.oddities.empty());
}

TEST_CASE("svarinn: a try that could not be written down is told to nobody, and counted anew") {
    World world(R"(,"quarantine_after":1,"send_on_after":1)");
    world.lists({});
    CHECK(world.round());
    world.fake.state.entries["failures"].value = "{}";   // somebody else's hand
    world.fake.state.entries["failures"].version = 7;
    world.lists({nested()});
    world.downloads("no envelope at all");
    CHECK_FALSE(world.round());
    CHECK(world.fake.inbound.oddities.empty());
    CHECK(world.fake.http.calls().size() == 3);
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.downloads("no envelope at all");
    world.takes_receipt();
    CHECK_FALSE(world.round());
    CHECK(parsed(world.last_call().body)["feil"]["permanent"].as_bool());
}

TEST_CASE("svarinn: what was received or left the list leaves no count behind") {
    World world;
    world.lists({nested(), nested(two_files(), other_id)});
    world.downloads("garbage");
    world.takes_receipt();
    world.downloads("garbage", other_id);
    world.takes_receipt(200, other_id);
    CHECK_FALSE(world.round());
    CHECK(world.fake.state.entries.size() == 1);
    world.restart();
    world.lists({nested()});   // the other one is over
    world.downloads(package());
    world.takes_receipt();
    CHECK(world.round());
    world.lists({});
    CHECK(world.round());
    CHECK(world.fake.state.entries.empty());
}

TEST_CASE("svarinn: a list that was full is looked into again at once while it gets shorter") {
    World world;
    const auto ids = as_many_as_listed();
    lists_all(world, ids);
    for (const auto& id : ids) {
        world.downloads(package(), id);
        world.takes_receipt(200, id);
    }
    CHECK(world.round());
    CHECK(world.poller->more_waits());
    world.lists({});
    CHECK(world.round());
    CHECK_FALSE(world.poller->more_waits());
}

TEST_CASE("svarinn: what a full list had no room for is counted on when it is listed again") {
    World world(R"(,"send_on_after":2)");
    world.lists({nested()});
    world.downloads("garbage");
    world.takes_receipt();
    CHECK_FALSE(world.round());
    const auto ids = as_many_as_listed();
    lists_all(world, ids);
    for (const auto& id : ids) {
        world.downloads(package(), id);
        world.takes_receipt(200, id);
    }
    CHECK(world.round());
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.downloads("garbage");
    world.takes_receipt();
    CHECK_FALSE(world.round());
    CHECK(parsed(world.last_call().body)["feil"]["permanent"].as_bool());
}

TEST_CASE("svarinn: a list full of what the systems have not settled is told as trouble") {
    World world(R"(,"receipt_owner":"system")");
    const auto ids = as_many_as_listed();
    lists_all(world, ids);
    for (const auto& id : ids) {
        world.downloads(package(), id);
    }
    CHECK(world.round());
    CHECK_FALSE(world.poller->more_waits());
    REQUIRE(world.poller->trouble().has_value());
    CHECK(world.poller->trouble()->code.value == "svarinn.list_full");
    world.lists({});
    CHECK(world.round());
    CHECK_FALSE(world.poller->trouble().has_value());
}
