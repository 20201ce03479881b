// The adapter and the stand-in of the contact register, which share no code, over real sockets:
// what one says the other understands.

#include "adapters/krr/krr_adapter.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/seal/business_certificate.hpp"
#include "tests/contract/standins/meeting.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <memory>

namespace gateway::tests::standins {

using json::Value;
using std::chrono::seconds;

namespace {

struct Meeting {
    Meeting()
        : maskinporten("maskinporten", first.path()),
          krr("krr", second.path(), {"--maskinporten-url", maskinporten.url()}),
          clock(runtime::make_system_clock()),
          http(*clock),
          tokens(maskinporten),
          host{http,           fake.streams, tokens,      fake.documents, fake.keys,
               fake.state,     *fake.ids,    *clock,      fake.log,       fake.metrics,
               fake.registers, fake.inbound, fake.spools, fake.work} {
        begin("{}", krr.url());
    }
    ~Meeting() { end(); }

    /// Another adapter, which knows nothing of what the one before went through.
    void renew(const std::string& settings, const std::string& url) {
        end();
        begin(settings, url);
    }
    void begin(const std::string& settings, const std::string& url) {
        sdk::ConnectionFacts facts;
        facts.base_url = url;
        facts.settings = settings;
        adapter = std::move(*gateway::krr::create(facts, host));
    }
    void end() { ::tests::run(io, adapter->stop(clock->in(seconds(1)))); }

    sdk::RegisterAnswer ask(std::vector<std::string> keys, bool fresh = false,
                            const char* dataset = "contact") {
        sdk::RegisterQuery query;
        query.tenant = core::TenantId("310000019");
        query.dataset = dataset;
        query.keys = std::move(keys);
        query.fresh = fresh;
        return ::tests::run(io,
                            adapter->registry()->look_up(std::move(query), clock->in(seconds(20))));
    }
    std::string code_of(std::vector<std::string> keys) {
        const auto answer = ask(std::move(keys), true);
        return answer.failure ? answer.failure->code.value : "none";
    }
    void fault(const char* command) const {
        REQUIRE(krr.command("/control/faults", object(command)).status == 200);
    }

    boost::asio::io_context io;
    ::tests::FakeHost fake;
    TemporaryFolder first;
    TemporaryFolder second;
    Child maskinporten;
    Child krr;
    std::unique_ptr<sdk::Clock> clock;
    PlainClient http;
    StandInTokens tokens;
    sdk::Host host;
    std::unique_ptr<sdk::Adapter> adapter;
};

constexpr int eighteen_months_days = 548;

bool usable(const Value& address) {
    return !address.is_null() && std::min(address["updated_days"].as_int(),
                                          address["verified_days"].as_int()) < eighteen_months_days;
}

/// What the adapter must say of a person as the stand-in's control side describes them.
void check_person(const Value& described, const Value& told) {
    INFO(described["number"].as_string() << " " << described["about"].as_string());
    const std::string& status = described["status"].as_string();
    const bool active = status == "AKTIV";
    const bool reserved = described["reserved"].as_bool();
    CHECK(told["status"].as_string() == (active                ? "active"
                                         : status == "SLETTET" ? "deleted"
                                                               : "not_registered"));
    CHECK(told["reserved"].as_bool(!reserved) == reserved);
    const bool can =
        active && !reserved && (usable(described["email"]) || usable(described["mobile"]));
    CHECK(told["canNotify"].as_bool(!can) == can);
    CHECK(told["language"].as_string() == described["language"].as_string());
    CHECK(told["email"]["address"].as_string() == described["email"]["address"].as_string());
    CHECK(told["mobile"]["number"].as_string() == described["mobile"]["number"].as_string());
    CHECK(told["email"].has("notifyUntil") == (active && !reserved && described.has("email")));
    CHECK(told["mailbox"] == described["mailbox"]);
    CHECK(told.has("certificate") == described.has("mailbox"));
    CHECK_FALSE(told.has("certificateFault"));
}

std::string organisation_in(const Value& certificate) {
    const auto der = crypto::base64_decode(certificate.as_string());
    return der ? seal::read_business_certificate(*der).value().organisation_number : std::string();
}

constexpr const char* with_digipost = "01816000064";
constexpr const char* with_eboks = "02816000850";

}   // namespace

TEST_CASE(
    "krr adapter and stand-in: everybody in the register is told of as they are, in one call") {
    Meeting meeting;
    std::vector<std::string> numbers;
    const Value people = get(meeting.krr.control() + "/control/people").json();
    for (const Value& person : people.items()) {
        numbers.push_back(person["number"].as_string());
    }
    const auto answer = meeting.ask(numbers);
    REQUIRE_FALSE(answer.failure);
    CHECK(meeting.http.calls == 1);
    REQUIRE(answer.entries.size() == numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        check_person(people.items()[i], answer.entries[i].value);
    }
    const auto two = meeting.ask({with_digipost, with_eboks});
    CHECK(meeting.http.calls == 1);
    CHECK(organisation_in(two.entries.at(0).value["certificate"]) == "984661185");
    CHECK(organisation_in(two.entries.at(1).value["certificate"]) == "922020175");

    const Child in_pem(
        "krr", meeting.second.path(),
        {"--maskinporten-url", meeting.maskinporten.url(), "--certificate-form", "pem"});
    meeting.renew("{}", in_pem.url());
    CHECK(meeting.ask({with_digipost}).entries.at(0).value["certificate"] ==
          two.entries.at(0).value["certificate"]);

    meeting.renew(R"({"version":"v1"})", meeting.krr.url());
    CHECK(json::write(meeting.ask({with_digipost}).entries.at(0).value["mailbox"]) ==
          json::write(two.entries.at(0).value["mailbox"]));
}

TEST_CASE("krr adapter and stand-in: tokens, scopes, changes and the print service are as agreed") {
    Meeting meeting;
    const auto told = [&](bool fresh) {
        const auto answer = meeting.ask({with_digipost}, fresh);
        return answer.failure ? Value(answer.failure->code.value) : answer.entries.at(0).value;
    };
    CHECK_FALSE(told(false)["reserved"].as_bool(true));
    meeting.krr.command("/control/person", object(R"({"number":"01816000064","act":"reserve"})"));
    CHECK_FALSE(told(false)["reserved"].as_bool(true));   // kept
    CHECK(told(true)["reserved"].as_bool());
    CHECK(told(false)["reserved"].as_bool());

    meeting.http.calls = 0;
    meeting.tokens.spoil();
    CHECK(told(true)["reserved"].as_bool());
    CHECK(meeting.http.calls == 2);   // refused, and with a new token

    const auto print = meeting.ask({""}, false, "print");
    REQUIRE_FALSE(print.failure);
    CHECK(print.entries.at(0).value["operator"].as_string() == "974761076");
    CHECK(organisation_in(print.entries.at(0).value["certificate"]) == "974761076");
    CHECK(::tests::run(meeting.io, meeting.adapter->check_health(meeting.clock->in(seconds(5))))
              .condition == sdk::Condition::ready);

    meeting.tokens.forget();
    meeting.renew(R"({"scope":"krr:global/digitalpost.read"})", meeting.krr.url());
    CHECK(told(true).has("mailbox"));
    CHECK_FALSE(told(true).has("email"));
    meeting.tokens.forget();
    meeting.renew(R"({"scope":"ks:fiks"})", meeting.krr.url());
    CHECK(told(true).as_string() == "krr.access_refused");
}

TEST_CASE("krr adapter and stand-in: every wrong answer is told apart, and none is believed") {
    struct Wrong {
        const char* fault;
        const char* code;
    };
    Meeting meeting;
    for (const auto& [fault, code] :
         {Wrong{R"({"kind":"status","status":503})", "upstream.server_error"},
          Wrong{R"({"kind":"retry_after","retry_after":7})", "upstream.rate_limited"},
          Wrong{R"({"kind":"html_200"})", "upstream.html_answer"},
          Wrong{R"({"kind":"bad_json"})", "upstream.bad_answer"},
          Wrong{R"({"kind":"cut_before"})", "upstream.answer_lost"},
          Wrong{R"({"kind":"cut_answer"})", "upstream.answer_lost"},
          Wrong{R"({"kind":"wrong_person"})", "krr.wrong_person"},
          Wrong{R"({"kind":"missing_person"})", "krr.person_missing"},
          Wrong{R"({"kind":"contradiction"})", "krr.contradicts_itself"},
          Wrong{R"({"kind":"person_members","remove":["reservasjon"]})",
                "krr.person_not_understood"},
          Wrong{R"({"kind":"refused_person","person":"01816000064"})", "krr.refused"}}) {
        INFO(fault);
        meeting.fault(fault);
        CHECK(meeting.code_of({with_digipost}) == code);
        CHECK(meeting.fake.log.holds(code));
        meeting.renew("{}", meeting.krr.url());
    }
    CHECK_FALSE(meeting.fake.log.holds(with_digipost));
    meeting.fault(R"({"kind":"refused_person","person":"01816000064","times":0})");
    meeting.http.calls = 0;
    CHECK(meeting.code_of({with_digipost, with_eboks}) == "krr.refused");
    CHECK_FALSE(meeting.ask({with_eboks}).failure);   // asked apart from the other, and kept
    CHECK(meeting.http.calls == 3);
}

}   // namespace gateway::tests::standins
