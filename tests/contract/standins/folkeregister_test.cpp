#include "gateway/core/ids.hpp"
#include "tests/contract/standins/child.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace gateway::tests::standins {

using json::Value;

namespace {

/// A register and the Maskinporten whose tokens it takes.
struct Freg {
    Freg()
        : maskinporten("maskinporten", first.path()),
          child("folkeregister", second.path(),
                {"--maskinporten-url", maskinporten.url(), "--households", "60"}),
          token(make_token("ks:fiks", "310000019")) {}

    std::string make_token(const char* scope, const char* organisation) const {
        Value wanted;
        wanted.set("organisation", organisation).set("scope", scope);
        return maskinporten.command("/control/token", wanted).json()["access_token"].as_string();
    }
    Ask request(const char* method, const std::string& role, const std::string& path) const {
        Ask made;
        made.method = method;
        made.url = child.url() + "/folkeregister/api/v1/" + role + "/v1/" + path;
        made.headers = {
            {"Authorization", "Bearer " + token},
            {"IntegrasjonId", child.line()["material"]["integration_id"].as_string()},
            {"IntegrasjonPassord", child.line()["material"]["integration_password"].as_string()}};
        return made;
    }
    Answer get_it(const std::string& role, const std::string& path) const {
        return ask(request("GET", role, path));
    }
    Answer bulk(const std::string& role, const std::string& parts,
                const std::vector<std::string>& numbers) const {
        Value list = Value::array();
        for (const auto& number : numbers) {
            list.push(number);
        }
        Ask made = request("POST", role, "personer/bulkoppslag" + parts);
        made.headers["Content-Type"] = "application/json";
        made.body = json::write(Value::object().set("foedselsEllerDNummer", std::move(list)));
        return ask(made);
    }
    Value person(const std::string& number, const std::string& parts = "") const {
        const Answer answer = bulk("rolle-full", parts, {number});
        REQUIRE(answer.status == 200);
        return answer.json()["oppslag"].items().at(0)["folkeregisterperson"];
    }
    Value people() const { return get(child.control() + "/control/people").json(); }
    static std::string home_of(const Child& child, const std::string& number) {
        const Value all = get(child.control() + "/control/people").json();
        for (const Value& one : all.items()) {
            if (one["number"].as_string() == number) {
                return json::write(one["address"]);
            }
        }
        FAIL("nobody has the number " << number);
        return {};
    }
    std::string somebody(const char* member, const char* value) const {
        const Value all = people();
        for (const Value& one : all.items()) {
            if (one[member].as_string() == value) {
                return one["number"].as_string();
            }
        }
        FAIL("nobody is so: " << member << " " << value);
        return {};
    }
    Value act(const std::string& number, const char* what) const {
        const Answer done = child.command("/control/person",
                                          Value::object().set("number", number).set("act", what));
        REQUIRE(done.status == 200);
        return done.json();
    }
    Value events(std::int64_t from) const {
        return get_it("rolle-hendelser", "hendelser/feed?seq=" + std::to_string(from)).json();
    }

    TemporaryFolder first;
    TemporaryFolder second;
    Child maskinporten;
    Child child;
    std::string token;
};

}   // namespace

TEST_CASE("folkeregister stand-in: three headers are needed, and a refusal "
          "does not say which is "
          "wrong") {
    Freg freg;
    const auto status = [&](const std::function<void(Ask&)>& spoil) {
        Ask made = freg.request("GET", "rolle-hendelser", "hendelser/siste/sekvensnummer");
        spoil(made);
        const Answer answer = ask(made);
        if (answer.status == 401) {
            CHECK_FALSE(answer.json()["errorId"].as_string().empty());
        }
        return std::to_string(answer.status) + " " +
               answer.json()["message"].as_string().substr(0, 12);
    };
    CHECK(status([](Ask&) {}).starts_with("200"));
    CHECK(status([](Ask& made) { made.headers.erase("Authorization"); }) == "401 Klarte ikke ");
    CHECK(status([&](Ask& made) {
              made.headers["Authorization"] =
                  "Bearer " + freg.make_token("krr:global/digitalpost.read", "310000019");
          }) == "401 Klarte ikke ");
    CHECK(status([](Ask& made) { made.headers["IntegrasjonPassord"] = "x"; }) ==
          "401 Autentiserin");
    CHECK(status([&](Ask& made) {
              made.headers["Authorization"] = "Bearer " + freg.make_token("ks:fiks", "310001007");
          }) == "401 Autentiserin");
}

TEST_CASE("folkeregister stand-in: a role has its parts and no others") {
    const Freg freg;
    const std::string number = freg.people().items().at(0)["number"].as_string();
    const Value named = freg.person(number, "?part=navn");
    CHECK(named.has("navn"));
    CHECK(named.has("identifikasjonsnummer"));
    CHECK_FALSE(named.has("bostedsadresse"));
    CHECK(freg.person(number).has("familierelasjon"));
    CHECK(freg.bulk("rolle-grunndata", "?part=navn&part=foedsel", {number}).status == 200);
    CHECK(freg.bulk("rolle-grunndata", "?part=bostedsadresse", {number}).status == 400);
    CHECK(freg.bulk("rolle-grunndata", "", {number}).status == 400);
    CHECK(freg.bulk("rolle-ukjent", "?part=navn", {number}).status == 403);
    CHECK(freg.get_it("rolle-grunndata", "hendelser/feed?seq=1").status == 403);
    CHECK(freg.child
              .command("/control/roles",
                       object(R"({"role":"ny","parts":["identifikasjonsnummer","kjoenn"]})"))
              .status == 200);
    CHECK(freg.bulk("ny", "?part=kjoenn", {number}).status == 200);
}

TEST_CASE("folkeregister stand-in: one to a thousand persons, and nobody who "
          "is not there") {
    const Freg freg;
    std::vector<std::string> numbers;
    const Value all = freg.people();
    for (const Value& one : all.items()) {
        numbers.push_back(one["number"].as_string());
        CHECK(core::is_person_number(numbers.back()));
        CHECK((numbers.back()[2] == '8' || numbers.back()[2] == '9'));   // synthetic
    }
    CHECK(std::set<std::string>(numbers.begin(), numbers.end()).size() == numbers.size());
    const auto asked = numbers.size();
    numbers.push_back("30000000000");
    CHECK(freg.bulk("rolle-full", "", numbers).json()["oppslag"].items().size() == asked);
    CHECK(freg.bulk("rolle-full", "", {}).status == 400);
    CHECK(freg.bulk("rolle-full", "", {"123"}).status == 400);
    CHECK(freg.bulk("rolle-full", "", std::vector<std::string>(1001, numbers[0])).status == 400);
    CHECK(freg.get_it("rolle-full", "personer/" + numbers[0]).status == 200);
    CHECK(freg.get_it("rolle-full", "personer/30000000000").status == 404);
}

TEST_CASE("folkeregister stand-in: families belong together, and protected "
          "addresses are graded") {
    const Freg freg;
    const Value all = freg.people();
    std::map<std::string, Value> by_number;
    std::set<std::string> gradings;
    for (const Value& one : all.items()) {
        by_number[one["number"].as_string()] = one;
        gradings.insert(one["grading"].as_string());
    }
    CHECK(gradings ==
          std::set<std::string>{"fortrolig", "klientadresse", "strengtFortrolig", "ugradert"});
    for (const auto& [number, one] : by_number) {
        for (const Value& child : one["children"].items()) {
            const auto& parents = by_number.at(child.as_string())["parents"].items();
            CHECK(std::any_of(parents.begin(), parents.end(), [&](const Value& parent) {
                return parent["number"].as_string() == number;
            }));
        }
        if (one.has("spouse")) {
            CHECK(by_number.at(one["spouse"].as_string())["spouse"].as_string() == number);
        }
    }
    const Value strict = freg.person(freg.somebody("grading", "strengtFortrolig"));
    const Value& address = strict["bostedsadresse"].items().at(0);
    CHECK(address["adressegradering"].as_string() == "strengtFortrolig");
    CHECK_FALSE(address.has("vegadresse"));
    CHECK(strict["adressebeskyttelse"].items().size() == 1);
}

TEST_CASE("folkeregister stand-in: what happens is told in order, and survives "
          "a kill") {
    Freg freg;
    const std::string number = freg.people().items().at(0)["number"].as_string();
    const std::int64_t people = freg.child.state()["people"].as_int();
    CHECK(freg.get_it("rolle-hendelser", "hendelser/siste/sekvensnummer")
              .json()["sekvensnummer"]
              .as_int() == 1000);
    CHECK(freg.events(1).items().empty());
    freg.act(number, "move");
    const std::string child = freg.act(number, "born")["number"].as_string();
    CHECK(core::is_person_number(child));
    freg.act(number, "die");
    freg.act(number, "revive");
    const Value told = freg.events(1001);
    REQUIRE(told.items().size() >= 5);
    std::int64_t expected = 1001;
    for (const Value& one : told.items()) {
        CHECK(one["sekvensnummer"].as_int() == expected++);
    }
    CHECK(told.items()[0]["hendelse"]["hendelsestype"].as_string() == "endringIBostedsadresse");
    CHECK(freg.events(1003).items().size() == told.items().size() - 2);
    const Value moved = freg.person(number);
    CHECK(moved["bostedsadresse"].items().size() == 2);
    const std::string document = told.items().back()["hendelse"]["hendelsesdokument"].as_string();
    const Value detail = freg.get_it("rolle-hendelser", "hendelser/" + document).json();
    CHECK(detail["hendelse"]["egenskapshendelse"].items().at(0)["entitetsendring"].as_string() ==
          "annullere");
    CHECK(freg.child.command("/control/person", object(R"({"number":"1","act":"move"})")).status ==
          400);
    const std::string home = Freg::home_of(freg.child, number);
    freg.child.kill();
    const Child again("folkeregister", freg.second.path(), {"--households", "60"});
    CHECK(again.state()["last_event"].as_int() == expected - 1);
    CHECK(again.state()["people"].as_int() == people + 1);
    CHECK(Freg::home_of(again, number) == home);
    const Value move = Value::object().set("number", number).set("act", "move");
    REQUIRE(again.command("/control/person", move).status == 200);
    CHECK(Freg::home_of(again, number) != home);   // and not to the same again
}

TEST_CASE("folkeregister stand-in: a tag says that nothing is new, a thousand "
          "events are a page") {
    const Freg freg;
    REQUIRE(freg.child.command("/control/events", object(R"({"count":1200})")).status == 200);
    CHECK(freg.events(1001).items().size() == 1000);
    Ask made = freg.request("GET", "rolle-hendelser", "hendelser/feed?seq=2201");
    const Answer end = ask(made);
    CHECK(end.json().items().empty());
    made.headers["If-None-Match"] = end.header("etag");
    CHECK(ask(made).status == 304);
    freg.act(freg.people().items().at(0)["number"].as_string(), "move");
    CHECK(ask(made).status == 200);
}

TEST_CASE("folkeregister stand-in: a new number finds the person, and the old "
          "one does too") {
    const Freg freg;
    const std::string old = freg.people().items().at(0)["number"].as_string();
    const std::string number = freg.act(old, "renumber")["number"].as_string();
    CHECK(number != old);
    const Answer answer = freg.bulk("rolle-full", "?part=navn", {old});
    CHECK(answer.json()["oppslag"].items().at(0)["foedselsEllerDNummer"].as_string() == number);
    CHECK(freg.person(number)["identifikasjonsnummer"].items().size() == 2);
}

}   // namespace gateway::tests::standins
