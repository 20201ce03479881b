#include "feed_world.hpp"
#include "gateway/view/message_view.hpp"

using namespace tests;
using namespace tests::records;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

bool is_logged_as_told(FeedWorld& world, const core::SystemId& system) {
    const auto log = world.log();
    return std::any_of(log.begin(), log.end(), [&](const auto& one) {
        return one.entry.kind == ports::LogKind::told && one.entry.system == system;
    });
}

bool shows(FeedWorld& world, const ports::StoredEvent& event, const core::SystemId& reader,
           std::set<std::string> grants) {
    const gateway::view::EventReader who{*world.configuration, oslo, reader, grants};
    return gateway::view::may_see(event, who);
}

}   // namespace

TEST_CASE("feeds: a move of somebody held is told to who may know, by handle and purpose alone") {
    FeedWorld world;
    const auto held = world.look_up(kari);
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    const auto told = world.told(barnehage);
    REQUIRE(told.size() == 1);
    CHECK(told.front().subject == held.handle);
    const auto event = gateway::view::cloud_event(told.front());
    CHECK(event["type"].as_string() == "no.sluse.person.moved.v1");
    CHECK(event["subject"].as_string() == held.handle.to_string());
    CHECK(event["data"]["handle"].as_string() == held.handle.to_string());
    CHECK(event["data"]["purpose"].as_string() == "opptak");
    CHECK(event["data"]["registered"].as_string() == "2026-01-15T11:00:00.000Z");
    CHECK(event["data"].members().size() == 5);   // and code, params: none
    const auto text = json::write(event);
    CHECK(text.find(kari) == std::string::npos);
    CHECK(text.find("OSLO") == std::string::npos);
    CHECK_FALSE(world.diary.holds(kari));
    const auto log = world.log();
    CHECK(log.back().entry.kind == ports::LogKind::told);
    CHECK(log.back().entry.system == barnehage);
    CHECK(log.back().entry.purpose.value == "opptak");
    CHECK(log.back().entry.fields == std::vector<std::string>{"person.moved"});
    CHECK(log.back().entry.subject == held.handle);
}

TEST_CASE("feeds: after a change the next look-up is answered by the register, not from before") {
    FeedWorld world;
    world.look_up(kari);
    world.look_up(kari);
    CHECK(world.freg.asked.size() == 1);
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    world.freg.persons[kari].set("names", json::Value::object().set("first", "Etter"));
    const auto found = world.look_up(kari);
    CHECK(world.freg.asked.size() == 2);
    CHECK(world.freg.asked.back().fresh);
    CHECK(found.values["names"]["first"].as_string() == "Etter");
    CHECK(found.fields.at("names").freshness == "fetched");
    world.feed.add(kari, "");   // only to be asked for anew: nobody is told
    world.pass(minutes(2));
    world.look_up(kari);
    CHECK(world.freg.asked.size() == 3);
    CHECK(world.told(barnehage).size() == 1);
}

TEST_CASE(
    "feeds: nobody is told of whom its purpose never asked about, nor by another municipality") {
    FeedWorld world;
    world.look_up(kari, barnehage);
    world.look_up(ola, skatt);
    world.look_up(kari, helse);   // a purpose without events
    world.look_up(kari, skatt, bergen);
    world.feed.add(kari, "person.moved");
    world.feed.add(ola, "person.died");
    world.pass(minutes(2));
    REQUIRE(world.told(barnehage).size() == 1);
    CHECK(world.told(barnehage).front().name == "person.moved");
    REQUIRE(world.told(skatt).size() == 1);
    CHECK(world.told(skatt).front().name == "person.died");
    CHECK(world.told(helse).empty());
    CHECK(world.told(skatt, bergen).empty());   // its own feed has not told
    CHECK_FALSE(is_logged_as_told(world, helse));
}

TEST_CASE("feeds: a system without the grant, or an event outside the purpose, is told nothing") {
    FeedWorld world;
    world.look_up(kari);
    world.tenant().systems.at(barnehage).grants = {"read:organisation:opptak"};
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    CHECK(world.told(barnehage).empty());
    world.tenant().systems.at(barnehage).grants = {"read:person:opptak"};
    world.feed.add(kari, "person.contact-changed");
    world.feed.add(kari, "person.moved").events = {"organisation.changed"};   // not of a person
    world.pass(minutes(2));
    CHECK(world.told(barnehage).empty());
}

TEST_CASE("feeds: whom nobody holds leaves nothing behind") {
    FeedWorld world;
    world.look_up(kari);
    const auto before = world.log().size();
    world.feed.add(ola, "person.moved");
    world.feed.add("12345678901", "person.moved");   // no national id
    world.feed.add(kari, "person.moved").id = "";
    world.feed.add(kari, "person.moved").dataset = "unknown";
    world.pass(minutes(2));
    CHECK(world.cursor() == "4");
    CHECK_FALSE(world.knows(ola));
    CHECK(world.told(barnehage).empty());
    CHECK(world.log().size() == before);
    CHECK_FALSE(world.diary.holds(ola));
}

TEST_CASE("feeds: a right that is taken away holds for what was told before") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    const auto event = world.told(barnehage).front();
    CHECK(shows(world, event, barnehage, {"read:person:opptak"}));
    CHECK_FALSE(shows(world, event, barnehage, {"read:person:skatteoppgjør"}));
    CHECK_FALSE(shows(world, event, barnehage, {}));
    // Who may read all messages may not read what others were told of people.
    CHECK_FALSE(shows(world, event, skatt, {"messages:read-all", "read:person:opptak"}));
    world.tenant().purposes.at(core::PurposeId("opptak")).events.erase("person.moved");
    CHECK_FALSE(shows(world, event, barnehage, {"read:person:opptak"}));
}

TEST_CASE("feeds: what the register tells twice is told once") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.add(kari, "person.moved");
    world.feed.add(kari, "person.moved").id = "change-0";
    world.pass(minutes(2));
    CHECK(world.told(barnehage).size() == 1);
    world.feed.add(kari, "person.moved").id = "change-0";   // and again in another page
    world.pass(minutes(2));
    CHECK(world.told(barnehage).size() == 1);
    CHECK(world.log().size() == 2);   // the look-up, and one telling
    CHECK(world.cursor() == "3");
}

TEST_CASE("feeds: a birth is told to who may know of a parent; other children stay unknown") {
    FeedWorld world;
    const auto ids = persons(2);
    world.look_up(kari, barnehage);
    world.look_up(ola, helse);
    world.freg.persons[ids[0]] = child_of(ids[0], kari);
    world.freg.persons[ids[1]] = child_of(ids[1], ola);
    world.feed.add(ids[0], "person.born");
    world.feed.add(ids[1], "person.born");
    world.pass(minutes(2));
    const auto told = world.told(barnehage);
    REQUIRE(told.size() == 1);
    CHECK(told.front().name == "person.born");
    CHECK(world.knows(ids[0]));
    CHECK_FALSE(world.knows(ids[1]));
    CHECK(world.told(helse).empty());
    CHECK(world.told(skatt).empty());
    const auto& asked = world.freg.asked.back();
    CHECK(asked.fields == std::vector<std::string>{"family"});
    // Nothing of what was answered is kept.
    CHECK(run(world.io, world.store->records().records_of(oslo, *told.front().subject))->empty());
}

TEST_CASE("feeds: while nobody says whose a child is the feed stands, and tells it afterwards") {
    FeedWorld world;
    const auto child = persons(1).front();
    world.look_up(kari);
    world.freg.persons[child] = child_of(child, kari);
    world.freg.failure.emplace();
    world.freg.failure->code = "upstream.unreachable";
    world.feed.add(child, "person.born");
    world.pass(minutes(20));
    CHECK(world.cursor() == "0");
    REQUIRE(world.feed.trouble);
    CHECK(world.feed.trouble->code.value == "upstream.unreachable");
    world.freg.failure.reset();
    world.pass(hours(1));
    CHECK(world.cursor() == "1");
    CHECK(world.told(barnehage).size() == 1);
    CHECK_FALSE(world.feed.trouble);
}

TEST_CASE("feeds: a register that fails is asked ever more seldom, and nothing is passed over") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.failure.emplace();
    world.feed.failure->code = "upstream.unreachable";
    const auto before = world.feed.asked.size();
    world.feed.add(kari, "person.moved");
    world.pass(minutes(3));
    CHECK_FALSE(world.feed.trouble);   // passing troubles are shown when they last
    world.pass(hours(24));
    REQUIRE(world.feed.trouble);
    CHECK(world.feed.trouble->code.value == "upstream.unreachable");
    CHECK(world.feed.asked.size() - before > 70);
    CHECK(world.feed.asked.size() - before < 130);   // every fifteen minutes or so
    world.feed.failure.reset();
    world.pass(minutes(20));
    CHECK(world.told(barnehage).size() == 1);
    CHECK_FALSE(world.feed.trouble);
}

TEST_CASE("feeds: where nothing can be told from the cursor on all that is held is outdated") {
    FeedWorld world;
    for (const auto& person : persons(5)) {
        world.look_up(person);
    }
    const auto calls = world.freg.asked.size();
    world.feed.add(persons(1).front(), "person.moved");
    world.feed.broken = true;
    world.pass(minutes(2));
    REQUIRE(world.feed.trouble);
    CHECK(world.feed.trouble->code.value == "feed.gap");
    CHECK(world.feed.trouble->params == core::Params{{"why", "register.cursor_unreadable"}});
    CHECK(world.diary.holds("feed_gap"));
    CHECK(world.cursor() == "1");
    world.feed.broken = false;
    for (const auto& person : persons(5)) {
        world.look_up(person);
    }
    CHECK(world.freg.asked.size() == calls + 5);
    world.feed.add(persons(1).front(), "person.died");
    world.pass(minutes(2));
    const auto told = world.told(barnehage);
    REQUIRE(told.size() >= 2);   // it goes on
    CHECK(told.front().name == "feed.gap");
    CHECK(told[1].name == "person.died");   // of the move in between nobody heard
    CHECK(world.feed.trouble);              // and what happened is still to be seen
    world.pass(hours(25));
    CHECK_FALSE(world.feed.trouble);
}

TEST_CASE("feeds: systems that live by events are told when a gap begins and ends, and nothing of "
          "anybody") {
    FeedWorld world;
    world.look_up(kari);
    const auto before = world.log().size();
    world.feed.broken = true;
    world.pass(minutes(2));
    world.feed.broken = false;
    REQUIRE(world.told(barnehage).size() == 1);
    world.stop();
    world.start();
    world.pass(minutes(10));
    CHECK(world.told(helse).empty());   // follows nothing
    for (const auto& system : {barnehage, skatt}) {
        const auto told = world.told(system);
        REQUIRE(told.size() == 2);
        const auto& gap = told.front();
        CHECK(gap.name == "feed.gap");
        CHECK(gap.code.value == "feed.gap");
        REQUIRE(gap.subject.has_value());
        CHECK(gap.subject == world.told(barnehage).front().subject);   // the feed's own
        CHECK(gap.params[0].second == purpose_of(system));
        CHECK(gap.params[3] ==
              std::pair<std::string, std::string>("why", "register.cursor_unreadable"));
        CHECK(shows(world, gap, system, {"read:person:" + purpose_of(system)}));
        CHECK_FALSE(shows(world, gap, system, {"read:plass:opptak"}));
        CHECK_FALSE(shows(world, gap, helse, {"read:person:" + purpose_of(system)}));
        CHECK(gateway::view::event_type(gap) == "no.sluse.feed.gap.v1");
        const auto& closed = told.back();
        CHECK(gateway::view::event_type(closed) == "no.sluse.feed.gap-closed.v1");
        CHECK(closed.subject == gap.subject);
        CHECK(closed.params[3] == gap.params[3]);
        CHECK(shows(world, closed, system, {"read:person:" + purpose_of(system)}));
        CHECK_FALSE(shows(world, closed, helse, {"read:person:" + purpose_of(system)}));
    }
    CHECK(world.log().size() == before);   // nobody's data left
    world.feed.broken = true;
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    CHECK(world.told(barnehage).size() == 3);   // another gap is told by itself
}

TEST_CASE("feeds: a register that stays broken for a day is told of once, over restarts too") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.broken = true;
    world.pass(hours(12));
    CHECK(world.told(barnehage).size() == 1);
    world.stop();
    world.feed.trouble.reset();
    world.start();
    world.pass(minutes(2));
    REQUIRE(world.feed.trouble);   // shown in the new life, too
    CHECK(world.feed.trouble->code.value == "feed.gap");
    world.pass(hours(12));
    CHECK(world.told(barnehage).size() == 1);
    const auto calls = world.freg.asked.size();
    world.look_up(kari);   // what is held is as little believed as at the first sight of it
    CHECK(world.freg.asked.size() == calls + 1);
    // One that tells every other time has not told again.
    for (int i = 0; i < 20; ++i) {
        world.feed.broken = i % 2 == 0;
        world.pass(minutes(1));
    }
    CHECK(world.told(barnehage).size() <= 2);
    world.feed.broken = false;
    world.pass(minutes(10));
    const auto told = world.told(barnehage);
    REQUIRE(told.size() == 2);
    CHECK(told.back().name == "feed.gap-closed");
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    CHECK(world.told(barnehage).back().name == "person.moved");
}

TEST_CASE("feeds: what was held before anybody followed is not believed") {
    FeedWorld world;
    world.stop();
    world.feed.places = {{core::ConnectionId("another"), oslo}};
    world.look_up(kari);
    world.start();
    world.look_up(kari);
    CHECK(world.freg.asked.size() == 2);
    world.look_up(kari);
    CHECK(world.freg.asked.size() == 2);
}

TEST_CASE("feeds: a cursor that somebody else has moved is gone on from where it is") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.add(kari, "person.moved");
    world.feed.add(kari, "person.died");
    world.feed.before_answer = [&] {
        world.feed.before_answer = nullptr;
        ports::FeedStep other;
        other.connection = freg_id;
        other.tenant = oslo;
        other.cursor = "1";
        other.expected = run(world.io, world.store->records().feed_cursor(freg_id, oslo))->version;
        other.at = world.clock.now();
        REQUIRE(run(world.io, world.store->records().advance_feed(std::move(other))).has_value());
    };
    world.stop();
    world.start();
    world.pass(minutes(2));
    CHECK(world.cursor() == "2");
    const auto told = world.told(barnehage);
    REQUIRE(told.size() == 1);   // the first was the other's to tell
    CHECK(told.front().name == "person.died");
}

TEST_CASE("feeds: a clock that is set back or forward costs no change and tells none twice") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    world.clock.jump(-hours(24 * 400));
    world.feed.add(kari, "person.moved");
    world.pass(minutes(2));
    world.clock.jump(hours(24 * 800));
    world.feed.add(kari, "person.died");
    world.pass(minutes(2));
    CHECK(world.told(barnehage).size() == 3);
    CHECK(world.cursor() == "3");
    world.pass(hours(1));
    CHECK(world.told(barnehage).size() == 3);
}

TEST_CASE("feeds: an answer that was under way when its person changed is asked for again") {
    FeedWorld world;
    world.freg.hangs = true;   // for a minute
    world.freg.persons[kari] = World::person(kari);
    world.configuration->records.look_up_time_max = seconds(90);
    world.configuration->records.feed_every = seconds(10);
    world.pass(seconds(120));
    ports::RecordLookUp question;
    question.asker.caller.tenant = oslo;
    question.asker.caller.system = barnehage;
    question.asker.caller.grants = world.tenant().systems.at(barnehage).grants;
    question.asker.purpose = "opptak";
    question.dataset = "person";
    question.keys = {kari};
    std::optional<ports::LookUpAnswer> answer;
    boost::asio::co_spawn(
        world.io, world.service->look_up(question),
        [&](const std::exception_ptr&, ports::LookUpAnswer came) { answer = std::move(came); });
    world.pass(seconds(5));
    world.feed.add(kari, "person.moved");
    world.pass(seconds(70));
    REQUIRE(answer);
    CHECK_FALSE(answer->refusal);
    world.freg.hangs = false;
    world.look_up(kari);
    CHECK(world.freg.asked.size() == 2);
    CHECK(world.freg.asked.back().fresh);
    world.look_up(kari);
    CHECK(world.freg.asked.size() == 2);
}

TEST_CASE(
    "feeds: a connection that goes is followed no more, and from its cursor when it is back") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.places.clear();
    world.pass(minutes(5));
    const auto asked = world.feed.asked.size();
    world.feed.add(kari, "person.moved");
    world.pass(hours(1));
    CHECK(world.feed.asked.size() == asked);
    world.feed.places = {{freg_id, oslo}};
    world.pass(minutes(2));
    CHECK(world.told(barnehage).size() == 1);
}
