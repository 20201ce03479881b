#include "tests/unit/signin/world.hpp"

using namespace tests;
using signin::Verdict;

namespace {

BusinessIdentity another_key(SignInWorld& world) {
    BusinessWishes wishes;
    wishes.key = 1;
    return world.authority.issue(wishes);
}

constexpr const char* new_header = R"({"kid":"key-2","alg":"RS256"})";

}   // namespace

TEST_CASE("key set: keys are fetched once and used for a day") {
    SignInWorld world;
    for (int i = 0; i < 5; ++i) {
        CHECK(world.enter_with(world.claims().set("jti", i)).verdict == Verdict::accepted);
    }
    CHECK(world.calls() == 2);   // metadata and keys
    world.clock.advance(std::chrono::hours(23));
    CHECK(world.enter_with(world.claims()).verdict == Verdict::accepted);
    CHECK(world.calls() == 2);
    world.clock.advance(std::chrono::hours(2));
    CHECK(world.enter_with(world.claims()).verdict == Verdict::accepted);
    world.io.restart();
    world.io.poll();
    CHECK(world.calls() == 4);   // behind the caller's back
}

TEST_CASE("key set: a new key is found when a token names it; unknown names are not asked for "
          "again and again") {
    SignInWorld world;
    const auto next = another_key(world);
    bool rolled = false;
    world.script = [&](ScriptedHttpClient& client) {
        client.always("GET", "/.well-known/").answer_json(200, SignInWorld::metadata());
        client.always("GET", "/jwk").answer_with([&](const SentRequest&) {
            auto keys = rolled ? SignInWorld::key_set({{"key-2", next}})
                               : SignInWorld::key_set({{"key-1", world.key}});
            return sdk::Result<sdk::HttpResponse>(sdk::HttpResponse(200, std::move(keys)));
        });
    };
    CHECK(world.enter_with(world.claims()).verdict == Verdict::accepted);
    const auto by_new = [&](int jti) {
        return world.enter(SignInWorld::token(world.claims().set("jti", jti), next, new_header))
            .verdict;
    };
    CHECK(by_new(1) == Verdict::invalid);   // too soon after the first fetch
    CHECK(world.calls() == 2);
    world.clock.advance(std::chrono::seconds(61));
    CHECK(by_new(2) == Verdict::invalid);   // asked, and not there
    for (int i = 3; i < 20; ++i) {
        CHECK(by_new(i) == Verdict::invalid);
    }
    CHECK(world.calls() == 4);
    rolled = true;
    world.clock.advance(std::chrono::seconds(61));
    CHECK(by_new(20) == Verdict::accepted);
    CHECK(world.enter_with(world.claims().set("jti", 21)).verdict == Verdict::invalid);
}

TEST_CASE("key set: without keys nobody is let in, and the issuer is asked again after a pause") {
    SignInWorld world;
    bool down = true;
    world.script = [&](ScriptedHttpClient& client) {
        client.always("GET", "/.well-known/").answer_with([&](const SentRequest&) {
            return down ? sdk::Result<sdk::HttpResponse>(core::Failure(core::Errc::unreachable))
                        : sdk::HttpResponse(200, SignInWorld::metadata());
        });
        client.always("GET", "/jwk").answer_json(200, SignInWorld::key_set({{"key-1", world.key}}));
    };
    for (int i = 0; i < 5; ++i) {
        CHECK(world.enter_with(world.claims()).verdict == Verdict::unavailable);
    }
    CHECK(world.calls() == 1);
    down = false;
    world.clock.advance(std::chrono::seconds(11));
    CHECK(world.enter_with(world.claims()).verdict == Verdict::accepted);
}

TEST_CASE("key set: keys that are old serve on while the issuer is down") {
    SignInWorld world;
    CHECK(world.enter_with(world.claims()).verdict == Verdict::accepted);
    world.clock.advance(std::chrono::hours(25));
    // What was always answered is so no more: the next call fails instead.
    world.http->expect("GET", "/.well-known/").fail(core::Errc::unreachable);
    CHECK(world.enter_with(world.claims()).verdict == Verdict::accepted);
    world.io.restart();
    world.io.poll();
    CHECK(world.http->steps_left() == 0);
    CHECK(world.enter_with(world.claims().set("jti", 2)).verdict == Verdict::accepted);
}

TEST_CASE("key set: metadata of another issuer, or a weaker way to the keys, is not followed") {
    for (const std::string& metadata :
         {SignInWorld::metadata("https://mp.example"), std::string("{}"), std::string("[]"),
          std::string(R"({"issuer":"https://mp.example/","jwks_uri":"http://mp.example/jwk"})"),
          std::string(R"({"issuer":"https://mp.example/","jwks_uri":"file:///etc/passwd"})")}) {
        SignInWorld world;
        world.script = [&](ScriptedHttpClient& client) {
            client.always("GET", "/.well-known/").answer_json(200, metadata);
        };
        CHECK(world.enter_with(world.claims()).verdict == Verdict::unavailable);
        CHECK(world.calls() == 1);
    }
}

TEST_CASE(
    "key set: what is no set of RSA keys for signatures is refused, others in it are passed over") {
    SignInWorld world;
    const auto one = *json::parse(SignInWorld::key_set({{"key-1", world.key}}));
    const auto with = [&](const std::string& more) {
        auto set = one;
        set.find("keys")->push(*json::parse(more));
        return signin::read_key_set(json::write(set));
    };
    CHECK(signin::read_key_set(json::write(one)).value().size() == 1);
    CHECK(with(R"({"kty":"EC","kid":"e","crv":"P-256","x":"","y":""})").value().size() == 1);
    CHECK(with(R"({"kty":"RSA","kid":"e","use":"enc","n":"AQAB","e":"AQAB"})").value().size() == 1);
    CHECK(with(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})").value().size() == 1);
    CHECK_FALSE(with(R"({"kty":"RSA","kid":"key-1","n":"AQAB","e":"AQAB"})").has_value());
    CHECK_FALSE(signin::read_key_set("{}").has_value());
    CHECK_FALSE(signin::read_key_set(R"({"keys":[]})").has_value());
    CHECK_FALSE(signin::read_key_set("no json").has_value());
    auto many = json::Value::object();
    for (int i = 0; i < 51; ++i) {
        many.set("keys", i == 0 ? json::Value::array() : many["keys"]);
        many.find("keys")->push(one["keys"].items()[0]);
    }
    CHECK_FALSE(signin::read_key_set(json::write(many)).has_value());
}
