// The adapter and the stand-in of Folkeregisteret, which share no code, over
// real sockets: what one says the other understands.

#include "adapters/common/standin/population/numbers.hpp"
#include "adapters/folkeregister/freg_adapter.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/contract/standins/meeting.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <memory>

namespace gateway::tests::standins {

using json::Value;
using std::chrono::seconds;

namespace {

/// The Maskinporten stand-in's, for the organisation that the integration is
/// authorised for.
class IntegrationTokens final : public sdk::TokenSource {
public:
    explicit IntegrationTokens(const Child& maskinporten) : tokens_(maskinporten) {}
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline deadline) override {
        request.consumer_org = "310000019";
        co_return co_await tokens_.token(std::move(request), deadline);
    }
    void invalidate(const sdk::TokenRequest& request, const std::string& token) override {
        tokens_.invalidate(request, token);
    }

private:
    StandInTokens tokens_;
};

struct Meeting {
    Meeting()
        : maskinporten("maskinporten", first.path()),
          freg("folkeregister", second.path(),
               {"--maskinporten-url", maskinporten.url(), "--households", "60"}),
          clock(runtime::make_system_clock()),
          http(*clock),
          tokens(maskinporten),
          host{http,           fake.streams, tokens,      fake.documents, fake.keys,
               fake.state,     *fake.ids,    *clock,      fake.log,       fake.metrics,
               fake.registers, fake.inbound, fake.spools, fake.work} {
        begin();
    }
    ~Meeting() { end(); }
    void begin() {
        const Value& material = freg.line()["material"];
        Value roles;
        roles.set("alt", "rolle-full").set("post", "rolle-adresse").set("tull", "rolle-ukjent");
        Value settings;
        settings.set("integration_id", material["integration_id"]);
        settings.set("integration_password", material["integration_password"]);
        settings.set("roles", std::move(roles)).set("feed_role", material["feed_role"]);
        settings.set("batch_window_ms", 0);
        sdk::ConnectionFacts facts;
        facts.base_url = freg.url();
        facts.settings = json::write(settings);
        adapter = std::move(*gateway::folkeregister::create(facts, host));
    }
    void end() { ::tests::run(io, adapter->stop(clock->in(seconds(1)))); }

    sdk::RegisterAnswer ask(std::vector<std::string> keys, const char* purpose = "alt",
                            std::vector<std::string> fields = {}) {
        sdk::RegisterQuery query;
        query.tenant = core::TenantId("310000019");
        query.dataset = "person";
        query.purpose = purpose;
        query.fields = std::move(fields);
        query.keys = std::move(keys);
        return ::tests::run(io,
                            adapter->registry()->look_up(std::move(query), clock->in(seconds(20))));
    }
    std::string code_of(const std::string& number, const char* purpose = "alt",
                        std::vector<std::string> fields = {}) {
        end();
        begin();   // without the pauses of what went before
        const auto answer = ask({number}, purpose, std::move(fields));
        return answer.failure ? answer.failure->code.value : "none";
    }
    sdk::ChangePage changes(std::string cursor) {
        return ::tests::run(io,
                            adapter->feed()->changes(core::TenantId("310000019"), std::move(cursor),
                                                     clock->in(seconds(20))));
    }
    Value people() const { return get(freg.control() + "/control/people").json(); }
    Value act(const std::string& number, const char* what) const {
        const Answer done =
            freg.command("/control/person", Value::object().set("number", number).set("act", what));
        REQUIRE(done.status == 200);
        return done.json();
    }
    void fault(const char* command) const {
        REQUIRE(freg.command("/control/faults", object(command)).status == 200);
    }

    boost::asio::io_context io;
    ::tests::FakeHost fake;
    TemporaryFolder first;
    TemporaryFolder second;
    Child maskinporten;
    Child freg;
    std::unique_ptr<sdk::Clock> clock;
    PlainClient http;
    IntegrationTokens tokens;
    sdk::Host host;
    std::unique_ptr<sdk::Adapter> adapter;
};

/// What the adapter must say of a person as the stand-in's control side
/// describes them.
void check_person(const Value& described, const Value& told) {
    INFO(described["number"].as_string());
    CHECK(told["nationalIds"]["current"] == described["number"]);
    CHECK(told["names"]["last"] == described["last"]);
    CHECK(told["birthDate"] == described["born"]);
    CHECK(told["gender"].as_string() == (described["female"].as_bool() ? "female" : "male"));
    CHECK(told["deathDate"] == described["died"]);
    CHECK(told["family"]["children"].items().size() == described["children"].items().size());
    CHECK(told["family"]["parents"].items().size() == described["parents"].items().size());
    CHECK(told["family"]["spouse"]["nationalId"] == described["spouse"]);
    const std::string& grading = described["grading"].as_string();
    const Value& residence = told["addresses"]["residence"];
    CHECK((grading == "strengtFortrolig") == residence.is_null());
    if (!residence.is_null()) {
        CHECK(residence["graded"].as_bool() == (grading != "ugradert"));
        CHECK(residence["postalCode"] == described["address"]["postal_code"]);
    }
    CHECK(told.has("municipality") == (grading == "ugradert"));
    const std::map<std::string, std::string> protections{
        {"ugradert", "none"},
        {"klientadresse", "client"},
        {"fortrolig", "confidential"},
        {"strengtFortrolig", "strictly-confidential"}};
    CHECK(told["protection"].as_string() == protections.at(grading));
}

}   // namespace

TEST_CASE("folkeregister: everybody of the stand-in's is understood as they "
          "are described") {
    Meeting meeting;
    const Value people = meeting.people();
    std::vector<std::string> numbers;
    for (const Value& one : people.items()) {
        numbers.push_back(one["number"].as_string());
    }
    REQUIRE(numbers.size() > 150);
    const auto answer = meeting.ask(numbers);
    REQUIRE_FALSE(answer.failure);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        check_person(people.items()[i], answer.entries.at(i).value);
    }
    CHECK(meeting.ask({numbers[0]}, "post", {"addresses.residence"})
              .entries.at(0)
              .value.has("addresses"));
    // Of the series, and of nobody's household.
    const auto unknown = meeting.ask({gateway::standin::series_number(5000)});
    REQUIRE_FALSE(unknown.failure);
    CHECK(unknown.entries.at(0).value.is_null());
}

TEST_CASE("folkeregister: a life is told event by event, and what was "
          "corrected is no event") {
    Meeting meeting;
    const auto start = meeting.changes("");
    REQUIRE_FALSE(start.failure);
    const std::string number = meeting.people().items().at(0)["number"].as_string();
    meeting.act(number, "move");
    const std::string child = meeting.act(number, "born")["number"].as_string();
    meeting.act(number, "contact");
    meeting.act(number, "die");
    meeting.act(number, "revive");
    meeting.act(child, "end");
    std::vector<std::string> events;
    std::string cursor = start.cursor;
    bool gone = false;
    for (bool more = true; more;) {
        const auto page = meeting.changes(cursor);
        REQUIRE_FALSE(page.failure);
        for (const auto& change : page.changes) {
            events.insert(events.end(), change.events.begin(), change.events.end());
            gone = gone || (change.gone && change.key == child);
        }
        cursor = page.cursor;
        more = page.more;
    }
    CHECK(events == std::vector<std::string>{"person.moved", "person.born",
                                             "person.contact-changed", "person.died"});
    CHECK(gone);
    const auto quiet = meeting.changes(cursor);   // by the tag
    CHECK_FALSE(quiet.more);
    CHECK(quiet.cursor == cursor);
    CHECK(meeting.ask({child}).entries.at(0).value["status"].as_string() == "ceased");
}

TEST_CASE("folkeregister: a month's events come in pages, none left out and "
          "none twice") {
    Meeting meeting;
    const auto start = meeting.changes("");
    REQUIRE(meeting.freg.command("/control/events", object(R"({"count":2300})")).status == 200);
    std::map<std::string, int> seen;
    std::string cursor = start.cursor;
    for (bool more = true; more;) {
        const auto page = meeting.changes(cursor);
        REQUIRE_FALSE(page.failure);
        CHECK(page.changes.size() <= 1000);
        for (const auto& change : page.changes) {
            ++seen[change.id];
        }
        cursor = page.cursor;
        more = page.more;
    }
    CHECK(seen.size() == 2300);
    CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& one) { return one.second == 1; }));
}

TEST_CASE("folkeregister: gaps are passed and noticed, disorder and others' "
          "details are not") {
    Meeting meeting;
    const auto start = meeting.changes("");
    REQUIRE(meeting.freg.command("/control/events", object(R"({"count":5})")).status == 200);
    const auto code = [&] {
        const auto page = meeting.changes(start.cursor);
        return page.failure ? page.failure->code.value : std::to_string(page.changes.size());
    };
    meeting.fault(R"({"kind":"feed_repeat"})");
    CHECK(code() == "5");
    meeting.fault(R"({"kind":"feed_gap"})");
    CHECK(code() == "4");
    CHECK(meeting.fake.log.holds("register.feed_gap"));
    meeting.fault(R"({"kind":"feed_disorder"})");
    CHECK(code() == "freg.feed_disorder");
    meeting.fault(R"({"kind":"wrong_details"})");
    CHECK(code() == "freg.wrong_person");
    const auto end = meeting.changes(meeting.changes(start.cursor).cursor);
    CHECK_FALSE(end.more);
    meeting.fault(R"({"kind":"feed_rolled_back","by":3})");
    CHECK(meeting.changes("1;1005;").failure->code.value == "freg.feed_rolled_back");
}

TEST_CASE("folkeregister: whatever goes wrong on the way is told as what it is") {
    Meeting meeting;
    const std::string number = meeting.people().items().at(0)["number"].as_string();
    meeting.fault(R"({"kind":"wrong_person"})");
    CHECK(meeting.code_of(number) == "freg.wrong_person");
    meeting.fault(R"({"kind":"contradiction"})");
    CHECK(meeting.code_of(number) == "freg.contradicts_itself");
    meeting.fault(R"({"kind":"missing_person"})");
    CHECK(meeting.code_of(number) == "none");   // asked once more
    meeting.fault(R"({"kind":"person_members","set":{"status":[{"status":"på ferie"}]}})");
    CHECK(meeting.code_of(number) == "freg.person_not_understood");
    meeting.fault(R"({"kind":"html_200"})");
    CHECK(meeting.code_of(number) == "upstream.html_answer");
    meeting.fault(R"({"kind":"cut_answer"})");
    CHECK(meeting.code_of(number) == "upstream.answer_lost");
    meeting.fault(R"({"kind":"retry_after"})");
    CHECK(meeting.code_of(number) == "upstream.rate_limited");
    CHECK(meeting.code_of(number, "tull") == "freg.role_refused");
    CHECK(meeting.code_of(number, "post", {"family"}) == "freg.refused");
    CHECK(meeting.code_of(number, "post", {"names"}) == "none");
    CHECK_FALSE(meeting.fake.log.holds(number));
}

TEST_CASE("folkeregister: who has a new number is found by the old one") {
    Meeting meeting;
    const std::string old = meeting.people().items().at(0)["number"].as_string();
    const std::string number = meeting.act(old, "renumber")["number"].as_string();
    const auto answer = meeting.ask({old});
    REQUIRE_FALSE(answer.failure);
    CHECK(answer.entries.at(0).key == old);
    CHECK(answer.entries[0].value["nationalIds"]["current"].as_string() == number);
    CHECK(answer.entries[0].value["nationalIds"]["former"].items().at(0).as_string() == old);
}

}   // namespace gateway::tests::standins
