#include "adapters/maskinporten/maskinporten_adapter.hpp"
#include "gateway/crypto/jws.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch.hpp>

#include <set>

using namespace gateway;
using std::chrono::seconds;
using tests::FakeHost;

namespace {

constexpr const char* metadata_json =
    R"({"issuer":"https://mp.example/","token_endpoint":"https://mp.example/token","jwks_uri":"https://mp.example/jwk"})";

std::string token_json(const std::string& token, int expires_in) {
    return R"({"access_token":")" + token + R"(","token_type":"Bearer","expires_in":)" +
           std::to_string(expires_in) + R"(,"scope":"a"})";
}

std::string error_json(const std::string& description) {
    return R"({"error":"invalid_grant","error_description":")" + description + "\"}";
}

struct World {
    boost::asio::io_context io;
    FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;

    World() {
        sdk::ConnectionFacts facts;
        facts.base_url = "https://mp.example";
        facts.settings = R"({"client_id":"c","organisation":"991825827"})";
        adapter = std::move(*maskinporten::create(facts, *fake.host));
        fake.http.always("GET", "/.well-known/oauth-authorization-server")
            .answer_json(200, metadata_json);
    }
    ~World() { ::tests::run(io, adapter->stop(fake.in(seconds(1)))); }

    static sdk::TokenRequest request(const std::string& consumer = {}) {
        sdk::TokenRequest made;
        made.scopes = {"a"};
        made.consumer_org = consumer;
        return made;
    }
    sdk::TokenAnswer ask(sdk::TokenRequest what = request()) {
        return ::tests::run(io, adapter->tokens()->token(std::move(what), fake.in(seconds(30))));
    }
    /// Lets what was launched in the background end.
    void settle() {
        io.restart();
        io.poll();
    }
    std::size_t grants() const {
        std::size_t count = 0;
        for (const auto& call : fake.http.calls()) {
            count += call.method == "POST" ? 1U : 0U;
        }
        return count;
    }
    std::string claim(std::size_t call, const std::string& name) const {
        const std::string& body = fake.http.calls().at(call).body;
        const auto parts = crypto::jws_split(body.substr(body.find("assertion=") + 10));
        return json::write((*json::parse(parts->payload_json))[name]);
    }
};

}   // namespace

TEST_CASE("maskinporten: a token is fetched once and served from the cache") {
    World world;
    world.fake.http.expect("POST", "https://mp.example/token")
        .answer_json(200, token_json("t1", 120));
    REQUIRE(world.ask().token);
    CHECK(world.ask().token->value == "t1");
    CHECK(world.grants() == 1);
    CHECK(world.fake.http.calls().at(1).header("Content-Type") ==
          "application/x-www-form-urlencoded");
}

TEST_CASE("maskinporten: another consumer is another token") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t2", 120));
    CHECK(world.ask().token->value == "t1");
    CHECK(world.ask(World::request("910753614")).token->value == "t2");
    CHECK(world.ask(World::request("991825827")).token->value == "t1");
}

TEST_CASE("maskinporten: a token is renewed early, and nobody waits for that") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    world.ask();
    world.fake.clock.advance(seconds(90));
    world.fake.http.expect("POST", "/token").hang();
    CHECK(world.ask().token->value == "t1");
    CHECK(world.ask().token->value == "t1");
    CHECK(world.grants() == 2);
    world.fake.clock.advance(seconds(20));
    world.settle();
    world.fake.clock.advance(seconds(3));
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t2", 120));
    CHECK(world.ask().token->value == "t2");
}

TEST_CASE("maskinporten: in its last ten seconds a token is replaced before it is given out") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    world.ask();
    world.fake.clock.advance(seconds(111));
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t2", 120));
    CHECK(world.ask().token->value == "t2");
}

TEST_CASE("maskinporten: when renewal fails the old token serves until its real end") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    world.ask();
    world.fake.clock.advance(seconds(112));
    world.fake.http.expect("POST", "/token").fail(core::Errc::unreachable);
    CHECK(world.ask().token->value == "t1");
    world.fake.clock.advance(seconds(9));
    world.fake.http.expect("POST", "/token").fail(core::Errc::unreachable);
    const auto answer = world.ask();
    CHECK_FALSE(answer.token);
    CHECK(answer.failure.code.value == "maskinporten.unavailable");
    CHECK(answer.failure.passing);
}

TEST_CASE(
    "maskinporten: a fault of its certificate is told as that, of its metadata and its tokens") {
    World world;
    world.fake.http.expect("GET", "/.well-known/").fail(core::Errc::tls_expired);
    auto answer = world.ask();
    CHECK(answer.failure.code.value == "upstream.tls_expired");
    CHECK(answer.failure.passing);
    world.fake.clock.advance(seconds(20));
    world.fake.http.expect("GET", "/.well-known/").answer_json(200, metadata_json);
    world.fake.http.expect("POST", "/token").fail(core::Errc::tls_untrusted);
    answer = world.ask();
    CHECK(answer.failure.code.value == "upstream.tls_untrusted");
    CHECK(answer.failure.passing);
}

TEST_CASE("maskinporten: however many ask at once, one grant is sent") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    int served = 0;
    for (int i = 0; i < 50; ++i) {
        boost::asio::co_spawn(
            world.io, world.adapter->tokens()->token(World::request(), world.fake.in(seconds(30))),
            [&](const std::exception_ptr&, const sdk::TokenAnswer& answer) {
                served += answer.token && answer.token->value == "t1" ? 1 : 0;
            });
    }
    world.io.run();
    CHECK(served == 50);
    CHECK(world.grants() == 1);
}

TEST_CASE("maskinporten: the fetch survives that one who waits for it is cancelled") {
    World world;
    bool first_ended = false;
    boost::asio::cancellation_signal cancel;
    world.fake.http.expect("POST", "/token").hang();
    boost::asio::co_spawn(
        world.io, world.adapter->tokens()->token(World::request(), world.fake.in(seconds(30))),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](const std::exception_ptr& error, const sdk::TokenAnswer&) {
                first_ended = true;
                CHECK(error);
            }));
    world.io.poll();
    cancel.emit(boost::asio::cancellation_type::terminal);
    world.settle();
    REQUIRE(first_ended);
    CHECK(world.fake.clock.sleepers() == 1);   // the fetch is still under way
    world.fake.clock.advance(seconds(20));
    world.settle();
    CHECK(world.grants() == 1);
}

TEST_CASE("maskinporten: a used, late or early grant is repeated once, with a new jti") {
    for (const char* said : {"MP-012", "MP-130", "Issue time is after now"}) {
        World world;
        world.fake.http.expect("POST", "/token").answer_json(400, error_json(said));
        world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
        CHECK(world.ask().token->value == "t1");
        CHECK(world.claim(1, "jti") != world.claim(2, "jti"));
    }
}

TEST_CASE("maskinporten: a grant refused twice is a passing failure and is not sent a third time") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(400, error_json("MP-130"));
    world.fake.http.expect("POST", "/token").answer_json(400, error_json("MP-130"));
    const auto answer = world.ask();
    CHECK_FALSE(answer.token);
    CHECK(answer.failure.passing);
    CHECK(answer.failure.code.value == "maskinporten.mp_130");
}

TEST_CASE("maskinporten: a refusal that needs a person is final, and a queue of letters does not "
          "hammer") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(400, error_json("MP-121"));
    for (int i = 0; i < 20; ++i) {
        const auto answer = world.ask();
        CHECK_FALSE(answer.failure.passing);
        CHECK(answer.failure.code.value == "maskinporten.mp_121");
    }
    CHECK(world.grants() == 1);
    world.fake.clock.advance(seconds(16));
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    CHECK(world.ask().token);
}

TEST_CASE("maskinporten: a token that was refused is forgotten, another one is not") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 120));
    world.ask();
    world.adapter->tokens()->invalidate(World::request(), "another");
    CHECK(world.ask().token->value == "t1");
    world.adapter->tokens()->invalidate(World::request(), "t1");
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t2", 120));
    CHECK(world.ask().token->value == "t2");
}

TEST_CASE("maskinporten: metadata is read lazily, once, and again after an hour") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t1", 60));
    CHECK(world.fake.http.calls().empty());
    world.ask();
    CHECK(world.fake.http.calls().size() == 2);
    world.fake.clock.advance(std::chrono::minutes(61));
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("t2", 60));
    world.ask();
    CHECK(world.fake.http.calls().size() == 4);
}

TEST_CASE("maskinporten: no token and no grant ever stands in the log") {
    World world;
    world.fake.http.expect("POST", "/token").answer_json(200, token_json("very-secret-token", 120));
    world.ask();
    world.fake.clock.advance(seconds(200));
    world.fake.http.expect("POST", "/token")
        .answer_json(400, error_json("MP-250 12345678901 (trace: 0af7651916cd43dd)"));
    world.ask();
    CHECK_FALSE(world.fake.log.holds("very-secret-token"));
    CHECK_FALSE(world.fake.log.holds("eyJ"));
    CHECK_FALSE(world.fake.log.holds("12345678901"));
    CHECK(world.fake.log.holds("maskinporten.mp_250"));
    CHECK(world.fake.log.holds("0af7651916cd43dd"));
}

TEST_CASE("maskinporten: a key that is away passes, a key that is wrong does not") {
    World world;
    world.fake.keys.failure = core::Failure(core::Errc::unavailable);
    CHECK(world.ask().failure.passing);
    world.fake.clock.advance(seconds(20));
    world.fake.keys.failure = core::Failure(core::Errc::malformed);
    const auto answer = world.ask();
    CHECK_FALSE(answer.failure.passing);
    CHECK(answer.failure.code.value == "maskinporten.key_unusable");
}

TEST_CASE("maskinporten: health tells an upstream that is away from an issuer that is another") {
    World world;
    CHECK(
        ::tests::run(world.io, world.adapter->check_health(world.fake.in(seconds(5)))).condition ==
        sdk::Condition::ready);
    sdk::ConnectionFacts facts;
    facts.base_url = "https://mp.example";
    facts.settings =
        R"({"client_id":"c","organisation":"991825827","issuer":"https://other.example/"})";
    auto other = std::move(*maskinporten::create(facts, *world.fake.host));
    const auto health = ::tests::run(world.io, other->check_health(world.fake.in(seconds(5))));
    CHECK(health.condition == sdk::Condition::down);
    CHECK(health.code.value == "maskinporten.metadata_mismatch");
    ::tests::run(world.io, other->stop(world.fake.in(seconds(5))));
}
