#include "gateway/admin/alarm_stream.hpp"
#include "gateway/admin/second_person.hpp"
#include "tests/unit/admin/people.hpp"

#include <catch2/catch.hpp>

#include <array>

// The owner of a service area: a role for some of a municipality's systems.

using namespace gateway;
using namespace tests::admin;

namespace {

/// A municipality of two systems, and a letter of each.
struct Divided {
    World all;
    std::string own;
    std::string foreign;

    Divided() {
        core::SystemConfig other;
        other.id = core::SystemId("barnevern");
        all.configuration->tenants.at(core::TenantId(World::first))
            .systems.emplace(other.id, other);
        own = all.accept_letter("A-1").to_string();
        all.sender = core::SystemId("barnevern");
        foreign = all.accept_letter("B-1").to_string();
    }

    http::Response add_account(const std::string& name, const std::string& roles) {
        return all.post("/admin/v1/accounts",
                        R"({"name":")" + name + R"(","roles":)" + roles + R"(,"why":"ny"})");
    }
    Signed owner_of(const std::string& name, const std::string& systems) {
        const auto made = World::json(add_account(
            name, R"([{"role":"system_owner","tenant":"310001007","systems":)" + systems + "}]"));
        return sign_in(all, {name, made["password"].as_string(),
                             base32_decode(made["totpSecret"].as_string())});
    }
    http::Response look(const Signed& who, const std::string& path) {
        return all.call({.target = "/admin/v1/" + path, .headers = who.look, .uid = {}});
    }
    http::Response act(const Signed& who, const std::string& path, const std::string& body) {
        return all.call({.method = "POST",
                         .target = "/admin/v1/" + path,
                         .body = body,
                         .headers = who.act,
                         .uid = {}});
    }
};

std::string refusal_in(const http::Response& response) {
    return World::json(response)["code"].as_string();
}

std::vector<std::string> members_of(const http::Response& response, const char* list,
                                    const char* member) {
    std::vector<std::string> found;
    const auto answer = World::json(response);
    for (const auto& one : answer[list].items()) {
        found.push_back(one[member].as_string());
    }
    return found;
}

const std::vector<std::string> building{"byggesak"};

}   // namespace

TEST_CASE("parts: the owner of a service area sees its systems' messages and mends them") {
    Divided world;
    const auto kari = world.owner_of("kari", R"(["byggesak"])");
    CHECK(members_of(world.look(kari, "messages?tenant=310001007"), "items", "id") ==
          std::vector<std::string>{world.own});
    CHECK(world.look(kari, "messages/" + world.own).status == 200);
    CHECK(world.act(kari, "messages/" + world.own + "/hold", R"({"why":"venter"})").status == 200);
    REQUIRE(
        world.act(kari, "content/open", R"({"tenant":"310001007","why":"klage 2026/17"})").status ==
        200);
    const auto found = world.act(kari, "messages/search", R"({"tenant":"310001007"})");
    CHECK(members_of(found, "items", "title") == std::vector<std::string>{"Varsel om tilsyn"});

    const auto flow = world.look(kari, "flow?tenant=310001007");
    CHECK(members_of(flow, "ways", "system") == building);
    CHECK(members_of(flow, "systems", "system") == building);
    CHECK(World::json(flow)["ways"].items().front()["states"]["held"].as_int() == 1);
    auto watching = kari.look;
    watching.emplace_back("Accept", "text/event-stream");
    const auto stream = world.all.call(
        {.target = "/admin/v1/flow?tenant=310001007", .headers = watching, .uid = {}});
    std::array<char, 16384> block{};
    const auto size = run(world.all.io, stream.stream->read(block)).value();
    const std::string told(block.data(), size);
    CHECK(told.find("byggesak") != std::string::npos);
    CHECK(told.find("barnevern") == std::string::npos);
    const auto history = world.look(kari, "flow/history?tenant=310001007");
    CHECK(World::json(history)["totals"]["accepted"].as_int() == 1);
    CHECK(members_of(history, "ways", "system") == building);
    CHECK(members_of(world.look(kari, "systems?tenant=310001007"), "items", "system") == building);
    const auto session = World::json(world.look(kari, "session"));
    CHECK(session["roles"].items().front()["systems"].items().front().as_string() == "byggesak");
}

TEST_CASE("parts: nothing of another service area is seen or touched, whatever is asked for") {
    Divided world;
    const auto subscription = world.all.subscribe();
    const auto kari = world.owner_of("kari", R"(["barnevern"])");
    CHECK(refusal_in(world.look(kari, "messages?tenant=310001007&system=byggesak")) ==
          "session.not_allowed");
    CHECK(refusal_in(world.look(kari, "flow/history?tenant=310001007&system=byggesak")) ==
          "session.not_allowed");
    REQUIRE(
        world.act(kari, "content/open", R"({"tenant":"310001007","why":"klage 2026/17"})").status ==
        200);
    const auto message = "messages/" + world.own;
    for (const char* what : {"", "/events", "/content", "/ways", "/attempts/1/exchanges",
                             "/documents/0000000000000000000000000000000000000000000000000000000000"
                             "000000"}) {
        CHECK(refusal_in(world.look(kari, message + what)) == "message.not_found");
    }
    const std::string why = R"({"why":"prøver"})";
    for (const char* what : {"hold", "release", "cancel", "retry"}) {
        CHECK(refusal_in(world.act(kari, message + "/" + what, why)) == "message.not_found");
    }
    for (const char* what : {"edit", "resend", "evidence"}) {
        CHECK(world.act(kari, message + "/" + what, why).status >= 400);
    }
    CHECK(world.all.message(core::MessageId::parse(world.own).value()).deliveries.size() == 1);
    CHECK(World::json(world.look(kari, "webhooks?tenant=310001007"))["items"].items().empty());
    CHECK(world.look(kari, "webhooks/" + subscription).status == 404);
    CHECK(world.act(kari, "webhooks/" + subscription + "/disable", why).status == 404);
}

TEST_CASE("parts: of a municipality's own calls only those that keep to systems are open") {
    Divided world;
    const auto kari = world.owner_of("kari", R"(["byggesak"])");
    const auto may = World::json(world.look(kari, "session"))["may"];
    int open = 0;
    for (const auto& rule : gateway::admin::AccessMatrix::instance().rules()) {
        CHECK((rule.by_system || !may.has(rule.call)));
        open += may.has(rule.call) ? 1 : 0;
    }
    CHECK(open == 22);
    for (const char* path : {"failures", "statistics", "quarantine", "inbox", "approvals",
                             "retries", "certificates"}) {
        CHECK(refusal_in(world.look(kari, path + std::string("?tenant=310001007"))) ==
              "session.not_allowed");
    }
    const gateway::admin::Grant part("system_owner", "310001007/byggesak");
    const auto* named = gateway::admin::find_named_act("message-retry");
    REQUIRE(named != nullptr);
    CHECK_FALSE(gateway::admin::may_approve(*named, core::TenantId(World::first), {part}));
}

TEST_CASE(
    "parts: the owner of a service area sees alarms of its systems, also behind many others") {
    Divided world;
    const auto tell = [&](const char* tenant, const char* system, int number) {
        ports::Alarm alarm;
        alarm.id = world.all.ids->uuid();
        alarm.key = ports::AlarmKey("traffic_below", core::TenantId(tenant),
                                    system + std::string(" ") + std::to_string(number));
        alarm.system = core::SystemId(system);
        alarm.opened = world.all.clock.now();
        alarm.last_seen = alarm.opened;
        ports::AlarmStep step;
        step.alarms.push_back(alarm);
        run(world.all.io, ports::alarms_of(*world.all.store).put_alarms(std::move(step))).value();
        world.all.clock.advance(std::chrono::seconds(1));
        return alarm.id.to_string();
    };
    const auto own = tell(World::first, "byggesak", 1);
    const auto foreign = tell(World::first, "barnevern", 1);
    tell("", "", 1);
    for (int i = 2; i < 9; ++i) {
        tell(World::first, "", i);
    }
    const auto kari = world.owner_of("kari", R"(["byggesak"])");
    const auto listed = world.look(kari, "alarms?tenant=310001007&open=true&limit=2");
    CHECK(members_of(listed, "items", "id") == std::vector<std::string>{own});
    const std::string why = R"({"why":"ser på det"})";
    const std::string here = "?tenant=310001007";
    CHECK(refusal_in(world.act(kari, "alarms/" + foreign + "/acknowledge" + here, why)) ==
          "alarm.not_found");
    CHECK(world.act(kari, "alarms/" + own + "/acknowledge" + here, why).status == 200);
    gateway::runtime::Signal news;
    auto parts = world.all.parts();
    parts.alarm_news = &news;
    const std::atomic<bool> stopping{false};
    auto stream = gateway::admin::make_alarm_stream(
        parts, news, stopping, {core::TenantId(World::first)},
        [](const ports::Alarm& alarm) { return alarm.system.value == "byggesak"; },
        texts::Language::nb);
    std::array<char, 16384> block{};
    const auto size = run(world.all.io, stream->read(block)).value();
    const std::string told(block.data(), size);
    CHECK(told.find(own) != std::string::npos);
    CHECK(told.find(foreign) == std::string::npos);
}

TEST_CASE("parts: whoever owns several systems says which") {
    Divided world;
    const auto kari = world.owner_of("kari", R"(["byggesak","barnevern"])");
    CHECK(refusal_in(world.look(kari, "messages?tenant=310001007")) == "session.system_required");
    CHECK(members_of(world.look(kari, "messages?tenant=310001007&system=barnevern"), "items",
                     "id") == std::vector<std::string>{world.foreign});
    CHECK(world.look(kari, "messages/" + world.own).status == 200);
    CHECK(members_of(world.look(kari, "flow?tenant=310001007"), "ways", "system").size() == 2);
}

TEST_CASE("parts: a part is some systems of one municipality, of owners alone, and nothing beside "
          "the whole") {
    Divided world;
    const std::string part =
        R"({"role":"system_owner","tenant":"310001007","systems":["byggesak"]})";
    for (const std::string& wrong :
         {std::string(R"([{"role":"operator","tenant":"310001007","systems":["byggesak"]}])"),
          std::string(R"([{"role":"system_owner","tenant":"*","systems":["byggesak"]}])"),
          std::string(R"([{"role":"system_owner","tenant":"310001007","systems":[]}])"),
          "[" + part + R"(,{"role":"operator","tenant":"310001007"}])",
          "[" + part + R"(,{"role":"auditor","tenant":"*"}])"}) {
        CHECK(world.add_account("kari", wrong).status == 400);
    }
    CHECK(refusal_in(world.add_account(
              "kari", R"([{"role":"system_owner","tenant":"310001007","systems":["ukjent"]}])")) ==
          "admin.system_unknown");
    CHECK(world.add_account("kari", "[" + part + R"(,{"role":"operator","tenant":"310005002"}])")
              .status == 201);
    // Of a provider, where several rules may fit one person.
    using gateway::admin::Grant;
    const auto left = gateway::admin::without_parts_of_wholes(
        {Grant("system_owner", "310001007/byggesak,barnevern"), Grant("operator", "310001007"),
         Grant("system_owner", "310005002/byggesak")});
    REQUIRE(left.size() == 2);
    CHECK(left[0].role == "operator");
    CHECK(left[1].place() == "310005002/byggesak");
    CHECK(Grant("system_owner", "310001007/byggesak,barnevern").place() ==
          "310001007/barnevern,byggesak");
    CHECK_FALSE(Grant("system_owner", "310001007/").systems.empty());   // a part of nothing
}
