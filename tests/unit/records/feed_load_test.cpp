#include "feed_world.hpp"
#include "gateway/records/sealing.hpp"

using namespace tests;
using namespace tests::records;
using std::chrono::minutes;

namespace {

sdk::RegisterEntry unit(FeedWorld& world, const std::string& number, const char* municipality,
                        const char* name) {
    auto place = json::Value::object();
    place.set("number", municipality);
    auto business = json::Value::object();
    business.set("municipality", std::move(place));
    auto addresses = json::Value::object();
    addresses.set("business", std::move(business));
    sdk::RegisterEntry entry;
    entry.key = number;
    entry.value.set("number", number)
        .set("name", name)
        .set("status", "active")
        .set("addresses", std::move(addresses));
    entry.fetched_at = world.clock.now();
    entry.valid_until = world.clock.now() + std::chrono::hours(24);
    return entry;
}

std::optional<ports::RecordRow> held(FeedWorld& world, const std::string& number) {
    constexpr auto kind = core::RecordKeyKind::organisation;
    const auto token = gateway::records::key_token(*world.vaults.find(oslo), kind, number);
    const auto subject =
        run(world.io, world.store->records().find_subject_by_token(oslo, kind, token));
    if (!subject->has_value()) {
        return std::nullopt;
    }
    const auto rows = run(world.io, world.store->records().records_of(oslo, (*subject)->handle));
    return rows->empty() ? std::nullopt : std::optional(rows->front());
}

}   // namespace

TEST_CASE(
    "load: of a whole register is kept what a purpose wants, and it is told of from then on") {
    FeedWorld world;
    world.tenant().purposes.at(core::PurposeId("opptak")).organisations_in = {"0301"};
    world.feed.dump = {unit(world, "310000019", "0301", "SANDKASSA"),
                       unit(world, "310000027", "4601", "ANDRE"),
                       unit(world, "123", "0301", "UTEN NUMMER")};
    world.feed.add("310000019", "organisation.changed", "organisation");
    world.feed.dump_cursor = "0";   // the dump was made before the change
    const ports::FeedPlace place(freg_id, oslo);
    CHECK_FALSE(world.follower->loading(place));
    CHECK_FALSE(world.follower->load({core::ConnectionId("none"), oslo}));
    REQUIRE(world.follower->load(place));
    CHECK_FALSE(world.follower->load(place));   // one at a time
    world.pass(minutes(2));
    const auto loading = world.follower->loading(place);
    REQUIRE(loading);
    CHECK(loading->ended);
    CHECK(loading->failure.empty());
    CHECK(loading->done == 3);
    CHECK(loading->kept == 1);
    const auto row = held(world, "310000019");
    REQUIRE(row);
    CHECK(row->purposes == R"(["opptak"])");
    CHECK(row->fields == R"(["name","status"])");
    CHECK_FALSE(held(world, "310000027"));
    // What changed since the dump was made is told, and makes it outdated.
    CHECK(row->valid_until <= world.clock.now());
    const auto told = world.told(barnehage);
    REQUIRE(told.size() == 1);
    CHECK(told.front().name == "organisation.changed");
    CHECK(gateway::view::life_event_data(told.front())["organisation"].as_string() == "310000019");
    CHECK(world.told(skatt).empty());
}

TEST_CASE("load: what is held is left alone, and a load that failed is begun again") {
    FeedWorld world;
    world.tenant().purposes.at(core::PurposeId("opptak")).organisations_in = {"0301"};
    world.feed.dump = {unit(world, "310000019", "0301", "SANDKASSA")};
    world.feed.load_failure.emplace();
    world.feed.load_failure->code = "brreg.dump_cut";
    const ports::FeedPlace place(freg_id, oslo);
    REQUIRE(world.follower->load(place));
    world.pass(minutes(2));
    CHECK(world.follower->loading(place)->failure.value == "brreg.dump_cut");
    const auto version = held(world, "310000019")->version;
    const auto cursor = world.cursor();
    world.feed.load_failure.reset();
    world.feed.dump.push_back(unit(world, "310000027", "0301", "TIL"));
    world.feed.dump_cursor = cursor;
    REQUIRE(world.follower->load(place));
    world.pass(minutes(2));
    CHECK(world.follower->loading(place)->failure.empty());
    CHECK(world.follower->loading(place)->kept == 1);
    CHECK(held(world, "310000019")->version == version);
    CHECK(held(world, "310000027"));
}
