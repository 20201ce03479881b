#include "tests/unit/adapter_krr/krr_world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <catch2/catch.hpp>

using namespace krr_world;

TEST_CASE("krr: what is no person's number is refused here, before it can spoil a call") {
    World world;
    for (const auto& keys :
         {std::vector<std::string>{}, std::vector<std::string>{kari, ""},
          std::vector<std::string>{"01816000065"}, std::vector<std::string>{"991825827"}}) {
        const auto answer = world.ask(World::query(keys));
        CHECK(code(answer) == "krr.not_a_person_number");
        CHECK_FALSE(answer.failure->passing);
        CHECK(answer.entries.empty());
    }
    CHECK(code(world.ask(World::query(many(10'001)))) == "krr.too_many_persons");
    CHECK(code(world.ask(World::query({"x"}, "address"))) == "register.none");
    CHECK(world.calls() == 0);
}

TEST_CASE("krr: one number the register refuses does not take the answer from the others") {
    World world;
    const auto numbers = many(1000);
    const std::string poison = numbers[617];
    world.fake.http.always("POST", path).answer_with([&](const tests::SentRequest& sent) {
        std::vector<std::string> asked;
        const auto body = json::parse(sent.body);
        for (const auto& number : (*body)["personidentifikatorer"].items()) {
            if (number.as_string() == poison) {
                return core::Result<sdk::HttpResponse>(sdk::HttpResponse(400, "{}"));
            }
            asked.push_back(number.as_string());
        }
        return core::Result<sdk::HttpResponse>(sdk::HttpResponse(200, answer_about(asked)));
    });
    auto& refused = world.begin(World::query({poison}));
    auto& served = world.begin(World::query({numbers[0], numbers[999]}));
    auto& all = world.begin(World::query(numbers));
    world.settle();
    world.advance(milliseconds(20));
    REQUIRE(refused);
    CHECK(code(*refused) == "krr.refused");
    CHECK_FALSE(refused->failure->passing);
    REQUIRE(served);
    CHECK(code(*served) == "none");
    REQUIRE(all);
    CHECK(code(*all) == "krr.refused");
    CHECK(all->entries.empty());
    CHECK(world.calls() <= 21);
    const auto before = world.calls();
    CHECK(code(world.ask(World::query({numbers[500]}))) == "none");   // kept, and nobody paused
    CHECK(world.calls() == before);
}

TEST_CASE("krr: a register that refuses everything is not asked without end") {
    World world;
    world.fake.http.always("POST", path).answer(400);
    CHECK(code(world.ask(World::query(many(1000)))) == "krr.refused");
    CHECK(world.calls() <= 25);
}

TEST_CASE("krr: a 401 takes a new token once, and then means that there is no access") {
    World world;
    world.expect().answer(401);
    world.expect().answer_json(200, answer_about({kari}));
    CHECK(code(world.ask(kari)) == "none");
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(world.call(1).header("Authorization") == "Bearer token-2");
    CHECK(world.fake.tokens.invalidated == std::vector<std::string>{"token-1"});
    world.expect().answer(401);
    world.expect().answer(401);
    const auto answer = world.ask(ola);
    CHECK(code(answer) == "krr.access_refused");
    CHECK_FALSE(answer.failure->passing);
    CHECK(world.calls() == 4);
}

TEST_CASE("krr: without a token nobody is asked, and the token's failure is told") {
    World world;
    world.fake.tokens.failure.emplace();
    world.fake.tokens.failure->code = "maskinporten.mp_250";
    world.fake.tokens.failure->passing = false;
    const auto answer = world.ask(kari);
    CHECK(code(answer) == "maskinporten.mp_250");
    CHECK_FALSE(answer.failure->passing);
    CHECK(world.calls() == 0);
}

TEST_CASE("krr: every way an exchange fails is told, and passes") {
    for (const auto& [errc, expected] :
         {std::pair{core::Errc::unreachable, "upstream.unreachable"},
          std::pair{core::Errc::timed_out, "upstream.timed_out"},
          std::pair{core::Errc::answer_lost, "upstream.answer_lost"},
          std::pair{core::Errc::bad_answer, "upstream.bad_answer"},
          std::pair{core::Errc::too_large, "upstream.answer_too_large"},
          std::pair{core::Errc::tls_expired, "upstream.tls_expired"},
          std::pair{core::Errc::rate_limited, "upstream.rate_limited"}}) {
        World world;
        world.expect().fail(errc);
        const auto answer = world.ask(kari);
        CHECK(code(answer) == expected);
        CHECK(answer.failure->passing);
        CHECK(answer.entries.empty());
    }
}

TEST_CASE(
    "krr: after a failure the register is left alone for as long as it asks, by all tenants") {
    World world;
    world.expect().answer(429, "", {{"Retry-After", "30"}});
    CHECK(world.ask(kari).failure->retry_after == seconds(30));
    world.advance(seconds(10));
    for (const auto& query : {World::query({ola}), of_other_tenant(kari)}) {
        const auto answer = world.ask(query);
        CHECK(code(answer) == "upstream.rate_limited");
        CHECK(answer.failure->retry_after == seconds(20));
    }
    CHECK(world.calls() == 1);
    world.advance(seconds(20));
    world.expect().answer_json(200, answer_about({kari}));
    CHECK(code(world.ask(kari)) == "none");
    world.expect().answer(503);
    world.ask(ola);
    world.advance(seconds(1));
    CHECK(code(world.ask(ola)) == "upstream.server_error");
    CHECK(world.calls() == 3);
    CHECK(code(world.ask(kari)) == "none");   // what is kept is still told
}

TEST_CASE("krr: a tenant without access does not hold up another") {
    World world;
    world.expect().answer(403);
    CHECK(code(world.ask(kari)) == "krr.access_refused");
    CHECK(code(world.ask(kari)) == "krr.access_refused");
    CHECK(world.calls() == 1);
    world.expect().answer_json(200, answer_about({kari}));
    CHECK(code(world.ask(of_other_tenant(kari))) == "none");
    world.advance(seconds(15));
    world.expect().answer_json(200, answer_about({kari}));
    CHECK(code(world.ask(kari)) == "none");
}

TEST_CASE("krr: who waits gives up at the deadline, and the call goes on for the others") {
    World world;
    world.expect().hang();
    auto& patient = world.begin(World::query({kari}), minutes(3));
    const auto hasty = world.ask(World::query({kari}), seconds(5));
    CHECK(code(hasty) == "upstream.timed_out");
    CHECK(hasty.failure->passing);
    CHECK_FALSE(patient);
    world.advance(seconds(60));
    REQUIRE(patient);
    CHECK(code(*patient) == "upstream.answer_lost");
}

TEST_CASE("krr: who is cancelled takes nothing from those who wait with it") {
    World world;
    answer_all(world);
    boost::asio::cancellation_signal cancel;
    bool ended = false;
    boost::asio::co_spawn(
        world.io,
        world.adapter->registry()->look_up(World::query({kari}), world.fake.in(seconds(30))),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](const std::exception_ptr& error, const sdk::RegisterAnswer&) {
                ended = true;
                CHECK(error);
            }));
    world.settle();
    auto& other = world.begin(World::query({kari}));
    world.settle();
    cancel.emit(boost::asio::cancellation_type::terminal);
    world.settle();
    CHECK(ended);
    world.advance(milliseconds(20));
    REQUIRE(other);
    CHECK(code(*other) == "none");
    CHECK(world.calls() == 1);
}

TEST_CASE("krr: stopping ends what is asked, and later look-ups are told so") {
    World world;
    world.expect().hang();
    auto& waiting = world.begin(World::query({kari}));
    world.settle();
    world.advance(milliseconds(20));
    auto& collecting = world.begin(of_other_tenant(kari));
    world.settle();
    tests::run(world.io, world.adapter->stop(world.fake.in(seconds(1))));
    world.settle();
    REQUIRE(waiting);
    CHECK(code(*waiting) == "connection.not_running");
    CHECK(waiting->failure->params == core::Params{{"connection", "krr-test"}});
    CHECK(waiting->failure->passing);
    REQUIRE(collecting);
    CHECK(code(world.ask(kari)) == "connection.not_running");
    CHECK(code(world.ask_print()) == "connection.not_running");
}

TEST_CASE("krr: nothing about a person and no token ever stands in the log") {
    World world;
    world.expect().answer_json(200, answer_about({kari}));
    world.expect().answer_json(200, answer({entry(kari), entry(ola)}));
    world.expect().answer_json(200, answer({entry(ola).set("status", "x@eksempel.example")}));
    world.expect().answer_json(400, R"({"message":"03816001411 kari#4F2K"})");
    world.ask(kari);
    CHECK(code(world.ask_fresh(kari)) == "krr.wrong_person");
    world.advance(seconds(2));
    CHECK(code(world.ask(ola)) == "krr.person_not_understood");
    CHECK(code(world.ask(nils)) == "krr.refused");
    for (const char* secret : {kari, ola, nils, "eksempel", "4F2K", "token-1"}) {
        CHECK_FALSE(world.fake.log.holds(secret));
    }
    CHECK(world.fake.log.holds("krr.wrong_person"));
    CHECK(world.fake.log.holds("krr.person_not_understood count=1"));
    CHECK(world.fake.log.holds("krr.refused"));
}
