#include "tests/unit/adapter_folkeregister/freg_world.hpp"

#include <catch2/catch.hpp>

using namespace freg_world;

namespace {

constexpr const char* name =
    R"({"navn":[{"erGjeldende":true,"fornavn":"LIV","etternavn":"BERG"}]})";

}   // namespace

TEST_CASE("freg: a person is asked for through the purpose's role, by parts, and in no address") {
    World world;
    world
        .expect("POST", "https://fiks.example/folkeregister/api/v1/rolle-1/v1/personer/bulkoppslag"
                        "?part=identifikasjonsnummer&part=navn")
        .answer_json(200, answer({told(kari, name)}));
    const auto asked = world.ask({kari});
    REQUIRE_FALSE(asked.failure);
    CHECK(asked.entries.at(0).key == kari);
    CHECK(asked.entries[0].value["names"]["first"].as_string() == "LIV");
    CHECK(asked.entries[0].valid_until == noon() + hours(24));
    const auto& call = world.call(0);
    CHECK(call.url.find(kari) == std::string::npos);
    CHECK(call.body == R"({"foedselsEllerDNummer":["01816000064"]})");
    CHECK(call.header("Authorization") == "Bearer token-1");
    CHECK(call.header("IntegrasjonId") == "5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001");
    CHECK(call.header("IntegrasjonPassord") == "p");
    CHECK(world.fake.tokens.asked.at(0).scopes == std::vector<std::string>{"ks:fiks"});
}

TEST_CASE("freg: purposes and parts share neither calls nor answers") {
    World world;
    world.fake.http.always("POST", "/rolle-1/").answer_json(200, answer({told(kari, name)}));
    world.fake.http.always("POST", "/rolle-2/").answer_json(200, answer({told(kari, name)}));
    world.ask({kari});
    auto school = World::query({kari});
    school.purpose = "skole";
    CHECK_FALSE(world.ask(school).failure);
    CHECK(world.call(1).url.find("/rolle-2/") != std::string::npos);
    school.fields = {"status"};
    world.ask(school);
    CHECK(world.call(2).url.find("part=navn") == std::string::npos);
}

TEST_CASE("freg: without a role for the purpose nobody is asked") {
    World world;
    auto query = World::query({kari});
    query.purpose = "byggesak";
    const auto refused = world.ask(query);
    CHECK(code(refused.failure) == "freg.no_role");
    CHECK_FALSE(refused.failure->passing);
    query.purpose.clear();
    CHECK(code(world.ask(query).failure) == "freg.no_role");
    CHECK(world.calls() == 0);
}

TEST_CASE("freg: a role of two purposes is a mistake of the configuration") {
    sdk::ConnectionFacts facts;
    facts.base_url = "https://fiks.example";
    tests::FakeHost fake;
    facts.settings = R"({"integration_id":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001",)"
                     R"("integration_password":"p","roles":{"a":"r","b":"r"}})";
    CHECK(freg::create(facts, *fake.host).has_error());
}

TEST_CASE("freg: many are asked for in one call, in the order of the query") {
    World world;
    world.expect_bulk().answer_json(200, answer({told(ola, name), told(kari, name)}));
    const auto asked = world.ask({kari, ola, kari});
    REQUIRE(asked.entries.size() == 3);
    CHECK(asked.entries[0].key == kari);
    CHECK(asked.entries[1].key == ola);
    CHECK(world.calls() == 1);
}

TEST_CASE("freg: who is left out is asked about once more, and unknown when left out again") {
    World world;
    world.expect_bulk().answer_json(200, answer({told(kari, name)}));
    world.expect_bulk().answer_json(200, answer({told(ola, name)}));
    const auto asked = world.ask({kari, ola, nils});
    REQUIRE_FALSE(asked.failure);
    CHECK(asked.entries[1].value["names"]["last"].as_string() == "BERG");
    CHECK(asked.entries[2].key == nils);
    CHECK(asked.entries[2].value.is_null());
    CHECK(world.call(1).body.find(kari) == std::string::npos);
    World failing;
    failing.expect_bulk().answer_json(200, answer({}));
    failing.expect_bulk().answer(503);
    CHECK(code(failing.ask({kari}).failure) == "upstream.server_error");
}

TEST_CASE("freg: an answer about somebody who was not asked about is not believed at all") {
    World world;
    world.expect_bulk().answer_json(200, answer({told(kari, name), told(nils, name)}));
    const auto asked = world.ask({kari, ola});
    CHECK(code(asked.failure) == "freg.wrong_person");
    CHECK(asked.failure->passing);
    CHECK(asked.entries.empty());
    CHECK_FALSE(world.fake.log.holds(nils));
    // The element says one number, and its document another.
    World mixed;
    json::Value element = told(kari);
    element.set("folkeregisterperson", document(nils));
    mixed.expect_bulk().answer_json(200, answer({element}));
    CHECK(code(mixed.ask({kari}).failure) == "freg.wrong_person");
}

TEST_CASE("freg: somebody asked about by a former number is told of under it") {
    World world;
    json::Value renumbered = told(ola);
    renumbered.set("folkeregisterperson", *json::parse(R"({"identifikasjonsnummer":[
        {"erGjeldende":false,"status":"opphoert","foedselsEllerDNummer":"01816000064"},
        {"erGjeldende":true,"status":"iBruk","foedselsEllerDNummer":"02816000850"}]})"));
    world.expect_bulk().answer_json(200, answer({renumbered}));
    const auto asked = world.ask({kari});
    REQUIRE_FALSE(asked.failure);
    CHECK(asked.entries.at(0).key == kari);
    CHECK(asked.entries[0].value["nationalIds"]["current"].as_string() == ola);
}

TEST_CASE("freg: two different answers about one person are not believed, equal ones are one") {
    World world;
    world.expect_bulk().answer_json(200, answer({told(kari, name), told(kari)}));
    CHECK(code(world.ask({kari}).failure) == "freg.contradicts_itself");
    World same;
    same.expect_bulk().answer_json(200, answer({told(kari, name), told(kari, name)}));
    CHECK_FALSE(same.ask({kari}).failure);
}

TEST_CASE("freg: refusals of a role are told apart, and are for a person to mend") {
    const auto refused = [](int status) {
        World world;
        world.fake.http.always("POST", "")
            .answer_json(status, R"({"errorId":"abc-1","message":"nei, 01816000064"})");
        const auto asked = world.ask({kari});
        REQUIRE(asked.failure);
        CHECK(asked.failure->passing == (status == 401));
        bool has_id = false;
        for (const auto& [param, value] : asked.failure->params) {
            has_id = has_id || value == "abc-1";
            CHECK(value.find(kari) == std::string::npos);
        }
        CHECK(has_id);
        return asked.failure->code.value;
    };
    CHECK(refused(403) == "freg.role_refused");
    CHECK(refused(404) == "freg.role_unknown");
    CHECK(refused(400) == "freg.refused");
    CHECK(refused(401) == "fiks.unauthorised");   // all of the connection's: it waits
}

TEST_CASE("freg: a refused role is left alone for a while, other purposes are not") {
    World world;
    world.expect("POST", "/rolle-1/").answer_json(403, "{}");
    CHECK(code(world.ask({kari}).failure) == "freg.role_refused");
    CHECK(code(world.ask({kari}).failure) == "freg.role_refused");
    CHECK(world.calls() == 1);
    auto school = World::query({kari});
    school.purpose = "skole";
    world.expect("POST", "/rolle-2/").answer_json(200, answer({told(kari, name)}));
    CHECK_FALSE(world.ask(school).failure);
}

TEST_CASE("freg: one number the register refuses does not take the answer from the others") {
    World world;
    world.fake.http.always("POST", "").answer_with([](const tests::SentRequest& sent) {
        if (sent.body.find(nils) != std::string::npos) {
            return core::Result<sdk::HttpResponse>(sdk::HttpResponse(400, "{}"));
        }
        std::vector<json::Value> persons;
        for (const char* number : {kari, ola}) {
            if (sent.body.find(number) != std::string::npos) {
                persons.push_back(told(number, name));
            }
        }
        return core::Result<sdk::HttpResponse>(sdk::HttpResponse(200, answer(persons)));
    });
    CHECK(code(world.ask({kari, ola, nils}).failure) == "freg.refused");
    CHECK(world.ask({kari, ola}).entries.size() == 2);
}

TEST_CASE("freg: a 401 takes a new token once") {
    World world;
    world.expect_bulk().answer_json(401, "{}");
    world.expect_bulk().answer_json(200, answer({told(kari, name)}));
    CHECK_FALSE(world.ask({kari}).failure);
    CHECK(world.call(1).header("Authorization") == "Bearer token-2");
}

TEST_CASE("freg: what is no answer of the register's is a failure that may pass") {
    const auto asked = [](int status, const std::string& body, const char* type) {
        World world;
        world.expect_bulk().answer(status, body, {{"Content-Type", type}});
        const auto told_of = world.ask({kari});
        CHECK(told_of.failure->passing);
        return code(told_of.failure);
    };
    CHECK(asked(200, "<html>", "text/html") == "upstream.html_answer");
    CHECK(asked(200, "{", "application/json") == "upstream.bad_answer");
    CHECK(asked(200, "[]", "application/json") == "upstream.bad_answer");
    CHECK(asked(200, R"({"oppslag":{}})", "application/json") == "upstream.bad_answer");
    CHECK(asked(500, "", "text/plain") == "upstream.server_error");
    CHECK(asked(429, "", "text/plain") == "upstream.rate_limited");
    CHECK(asked(200, answer({told(kari, R"({"status":[{"status":"x"}]})")}), "application/json") ==
          "freg.person_not_understood");
}

TEST_CASE("freg: what is no person's number is refused here") {
    World world;
    CHECK(code(world.ask(std::vector<std::string>{}).failure) == "freg.not_a_person_number");
    CHECK(code(world.ask({kari, "01816000065"}).failure) == "freg.not_a_person_number");
    CHECK(code(world.ask(std::vector<std::string>(1001, kari)).failure) == "freg.too_many_persons");
    auto other = World::query({kari});
    other.dataset = "contact";
    CHECK(code(world.ask(other).failure) == "register.none");
    CHECK(world.calls() == 0);
}

TEST_CASE("freg: after it was stopped nothing is asked, and the whole cannot be loaded") {
    class NoIntake final : public sdk::RegisterIntake {
        sdk::Task<core::Result<void>> put(std::string, std::vector<sdk::RegisterEntry>) override {
            co_return core::Result<void>();
        }
        void progress(std::uint64_t, std::uint64_t) override {}
    };
    World world;
    NoIntake intake;
    const auto loaded =
        tests::run(world.io, world.adapter->feed()->load(core::TenantId("310001007"), intake));
    CHECK(code(loaded.failure) == "register.no_load");
    tests::run(world.io, world.adapter->stop(world.fake.in(seconds(1))));
    CHECK(code(world.ask({kari}).failure) == "connection.not_running");
}
