#include "tests/unit/signin/world.hpp"

using namespace tests;
using signin::Verdict;

TEST_CASE("sign-in: a token of a bound consumer and scope is its system, with what both grant") {
    SignInWorld world;
    const auto entered = world.enter_with(world.claims());
    REQUIRE(entered.verdict == Verdict::accepted);
    CHECK(entered.caller.tenant.value == "310001007");
    CHECK(entered.caller.system.value == "byggesak");
    CHECK(entered.caller.grants == std::set<std::string>{"send:letter"});
    CHECK(world.enter_with(world.claims().set("scope", "sluse:les other:scope")).caller.grants ==
          std::set<std::string>{"messages:read-all"});
}

TEST_CASE("sign-in: a supplier acts for the consumer that delegated to it") {
    SignInWorld world;
    json::Value supplier = json::Value::object();
    supplier.set("authority", "iso6523-actorid-upis").set("ID", "0192:991825827");
    CHECK(world.enter_with(world.claims().set("supplier", supplier)).verdict == Verdict::accepted);
    CHECK(world.enter_with(world.claims().set("supplier", "991825827")).verdict ==
          Verdict::invalid);
}

TEST_CASE("sign-in: a token that holds but is bound to no system, or to two, is not let in") {
    SignInWorld world;
    CHECK(world.enter_with(world.claims().set("scope", "other:scope")).verdict ==
          Verdict::not_bound);
    CHECK(world.enter_with(world.claims().set("scope", "sluse:brev sluse:les")).verdict ==
          Verdict::not_bound);
    json::Value other = json::Value::object();
    other.set("authority", "iso6523-actorid-upis").set("ID", "0192:991825827");
    CHECK(world.enter_with(world.claims().set("consumer", other)).verdict == Verdict::not_bound);
    // A change of configuration holds at once, also for a token seen before.
    const auto token = SignInWorld::token(world.claims(), world.key);
    CHECK(world.enter(token).verdict == Verdict::accepted);
    auto next = std::make_shared<core::Configuration>(*world.configuration);
    next->tenants.begin()->second.systems.at(core::SystemId("byggesak")).token.reset();
    world.configuration = next;
    CHECK(world.enter(token).verdict == Verdict::not_bound);
    next = std::make_shared<core::Configuration>(*next);
    next->maskinporten_in.reset();
    world.configuration = next;
    CHECK(world.enter(token).verdict == Verdict::invalid);
}

TEST_CASE("sign-in: each claim that is wrong makes the token worth nothing") {
    SignInWorld world;
    const auto now = world.seconds();
    const auto party = [](const char* authority, const char* id) {
        json::Value value = json::Value::object();
        value.set("authority", authority).set("ID", id);
        return value;
    };
    const std::vector<std::pair<const char*, json::Value>> wrong{
        {"iss", "https://mp.example"},
        {"iss", "https://evil.example/"},
        {"iss", json::Value()},
        {"exp", now - 11},
        {"exp", "soon"},
        {"exp", 9.9e18},
        {"exp", json::Value()},
        {"iat", now + 11},
        {"iat", json::Value()},
        {"nbf", now + 11},
        {"nbf", -1},
        {"aud", "https://somebody.example"},
        {"cnf", json::Value::object()},
        {"pid", "12345678901"},
        {"authorization_details", json::Value::array()},
        {"consumer", "310002003"},
        {"consumer", party("iso6523-actorid-upis", "310002003")},
        {"consumer", party("iso6523-actorid-upis", "9908:310002003")},
        {"consumer", party("iso6523-actorid-upis", "0192:310002004")},
        {"consumer", party("etsi-en-319-412", "0192:310002003")},
        {"scope", ""},
        {"scope", json::Value()},
    };
    for (const auto& [name, value] : wrong) {
        INFO(name << " " << json::write(value));
        auto claims = world.claims();
        claims.remove(name);
        if (!value.is_null()) {
            claims.set(name, value);
        }
        CHECK(world.enter_with(claims).verdict == Verdict::invalid);
    }
    CHECK(world.calls() == 0);   // none of it made us ask the issuer
    CHECK(world.enter_with(world.claims().set("exp", now - 9)).verdict == Verdict::accepted);
    CHECK(world.enter_with(world.claims().set("iat", now + 9)).verdict == Verdict::accepted);
    CHECK(world.enter_with(world.claims().set("aud", "unspecified")).verdict == Verdict::accepted);
}

TEST_CASE("sign-in: a configured audience must be named, alone or among others") {
    SignInWorld world;
    world.configuration->maskinporten_in->audience = "https://sluse.example";
    CHECK(world.enter_with(world.claims()).verdict == Verdict::invalid);
    CHECK(world.enter_with(world.claims().set("aud", "unspecified")).verdict == Verdict::invalid);
    CHECK(world.enter_with(world.claims().set("aud", "https://sluse.example")).verdict ==
          Verdict::accepted);
    json::Value both = json::Value::array();
    both.push("https://other.example").push("https://sluse.example");
    CHECK(world.enter_with(world.claims().set("aud", both)).verdict == Verdict::accepted);
}

TEST_CASE("sign-in: signature, algorithm and form are as they must be") {
    SignInWorld world;
    const auto good = SignInWorld::token(world.claims(), world.key);
    BusinessWishes another;
    another.key = 1;
    const auto stranger = world.authority.issue(another);
    const auto made = [&](const std::string& header) {
        return world.enter(SignInWorld::token(world.claims(), world.key, header)).verdict;
    };
    CHECK(world.enter(SignInWorld::token(world.claims(), stranger)).verdict == Verdict::invalid);
    CHECK(made(R"({"kid":"key-1","alg":"none"})") == Verdict::invalid);
    CHECK(made(R"({"kid":"key-1","alg":"HS256"})") == Verdict::invalid);
    CHECK(made(R"({"kid":"key-1","alg":"RS512"})") == Verdict::invalid);
    CHECK(made(R"({"alg":"RS256"})") == Verdict::invalid);
    CHECK(made(R"({"kid":"key-1","alg":"RS256","crit":["x"]})") == Verdict::invalid);
    CHECK(made(R"({"kid":"key-1","kid":"key-1","alg":"RS256"})") == Verdict::invalid);
    CHECK(made(R"({"kid":"key-1","alg":"RS256","typ":"at+jwt"})") == Verdict::accepted);
    auto cut = good;
    cut.back() = cut.back() == 'A' ? 'B' : 'A';
    for (const std::string& token : {cut, good.substr(0, good.rfind('.') + 1), good + ".x",
                                     std::string("a.b.c"), std::string(), std::string(8193, 'a')}) {
        CHECK(world.enter(token).verdict == Verdict::invalid);
    }
    CHECK(world.enter(good).verdict == Verdict::accepted);
}

TEST_CASE("sign-in: a token that held holds until it expires, and not longer") {
    SignInWorld world;
    const auto token = SignInWorld::token(world.claims(), world.key);
    CHECK(world.enter(token).verdict == Verdict::accepted);
    world.clock.advance(std::chrono::seconds(129));
    CHECK(world.enter(token).verdict == Verdict::accepted);
    world.clock.advance(std::chrono::seconds(1));
    CHECK(world.enter(token).verdict == Verdict::invalid);
}
