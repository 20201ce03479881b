// The adapter and the stand-in of the register of entities, which share no code, over real sockets:
// what one says the other understands.

#include "adapters/enhetsregisteret/brreg_adapter.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/contract/standins/meeting.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>

namespace gateway::tests::standins {

using json::Value;
using std::chrono::seconds;

namespace {

class Intake final : public sdk::RegisterIntake {
public:
    sdk::Task<core::Result<void>> put(std::string,
                                      std::vector<sdk::RegisterEntry> entries) override {
        for (auto& entry : entries) {
            kept[entry.key] = std::move(entry.value);
        }
        co_return core::Result<void>();
    }
    void progress(std::uint64_t done, std::uint64_t total) override {
        last = done;
        of = total;
    }

    std::map<std::string, Value> kept;
    std::uint64_t last = 0;
    std::uint64_t of = 0;
};

struct Meeting {
    explicit Meeting(const std::vector<std::string>& options = {"--units", "300"})
        : brreg("enhetsregisteret", folder.path(), options),
          clock(runtime::make_system_clock()),
          http(*clock),
          host{http,           fake.streams, fake.tokens, fake.documents, fake.keys,
               fake.state,     *fake.ids,    *clock,      fake.log,       fake.metrics,
               fake.registers, fake.inbound, fake.spools, fake.work} {
        begin();
    }
    ~Meeting() { end(); }
    void begin() {
        sdk::ConnectionFacts facts;
        facts.base_url = brreg.url() + "/enhetsregisteret/api";
        facts.settings = R"({"batch_window_ms":0})";
        adapter = std::move(*gateway::enhetsregisteret::create(facts, host));
    }
    void end() { ::tests::run(io, adapter->stop(clock->in(seconds(1)))); }
    /// One that knows nothing of what went before, its pauses neither.
    void renew() {
        end();
        begin();
    }

    sdk::RegisterAnswer ask(std::vector<std::string> keys, const char* dataset = "organisation") {
        sdk::RegisterQuery query;
        query.tenant = core::TenantId("310000019");
        query.dataset = dataset;
        query.keys = std::move(keys);
        return ::tests::run(io,
                            adapter->registry()->look_up(std::move(query), clock->in(seconds(20))));
    }
    std::string code_of(const std::string& key) {
        renew();
        const auto answer = ask({key});
        return answer.failure ? answer.failure->code.value : "none";
    }
    sdk::ChangePage changes(std::string cursor) {
        return ::tests::run(io,
                            adapter->feed()->changes(core::TenantId("310000019"), std::move(cursor),
                                                     clock->in(seconds(20))));
    }
    sdk::LoadAnswer load(Intake& intake) {
        return ::tests::run(io, adapter->feed()->load(core::TenantId("310000019"), intake));
    }
    std::string number(std::size_t place) const {
        return brreg.state()["first"].items().at(place)["organisasjonsnummer"].as_string();
    }
    void act(const std::string& number, const char* what) const {
        REQUIRE(
            brreg.command("/control/unit", Value::object().set("number", number).set("act", what))
                .status == 200);
    }
    void fault(const char* command) const {
        REQUIRE(brreg.command("/control/faults", object(command)).status == 200);
    }

    boost::asio::io_context io;
    ::tests::FakeHost fake;
    TemporaryFolder folder;
    Child brreg;
    std::unique_ptr<sdk::Clock> clock;
    PlainClient http;
    sdk::Host host;
    std::unique_ptr<sdk::Adapter> adapter;
};

}   // namespace

TEST_CASE("enhetsregisteret: the stand-in's units are understood, one by one and many at once") {
    Meeting meeting;
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < 20; ++i) {
        numbers.push_back(meeting.number(i));
    }
    meeting.act(numbers[0], "delete");
    meeting.act(numbers[1], "remove");
    meeting.act(numbers[2], "bankrupt");
    numbers.push_back("310000019");
    const auto all = meeting.ask(numbers);
    REQUIRE_FALSE(all.failure);
    REQUIRE(all.entries.size() == 21);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        INFO(numbers[i]);
        const auto alone = meeting.ask({numbers[i]});
        REQUIRE_FALSE(alone.failure);
        CHECK(alone.entries.at(0).value == all.entries[i].value);
    }
    CHECK(all.entries[0].value["status"].as_string() == "deleted");
    CHECK(all.entries[1].value["status"].as_string() == "removed");
    CHECK(all.entries[2].value["status"].as_string() == "bankrupt");
    CHECK(all.entries[20].value.is_null());
    const auto roles = meeting.ask({numbers[3]}, "organisation.roles");
    REQUIRE_FALSE(roles.failure);
    CHECK(roles.entries.at(0).value["roles"].items().size() == 3);
}

TEST_CASE("enhetsregisteret: every change is told once, however far behind the reader is") {
    Meeting meeting;
    const auto start = meeting.changes("");
    REQUIRE_FALSE(start.failure);
    CHECK(start.changes.empty());
    CHECK_FALSE(meeting.changes(start.cursor).more);
    REQUIRE(meeting.brreg.command("/control/updates", object(R"({"count":2500})")).status == 200);
    const std::string gone = meeting.number(5);
    meeting.act(gone, "remove");
    std::map<std::string, int> seen;
    std::string cursor = start.cursor;
    bool removed = false;
    for (bool more = true; more;) {
        const auto page = meeting.changes(cursor);
        REQUIRE_FALSE(page.failure);
        CHECK(page.changes.size() <= 1000);
        for (const auto& change : page.changes) {
            ++seen[change.id];
            removed = removed || (change.gone && change.key == gone);
        }
        cursor = page.cursor;
        more = page.more;
    }
    CHECK(seen.size() == 2501);
    CHECK(removed);
    for (const auto& [id, times] : seen) {
        CHECK(times == 1);
    }
}

TEST_CASE("enhetsregisteret: what is told twice counts once, and disorder is not believed") {
    Meeting meeting;
    const auto start = meeting.changes("");
    meeting.act(meeting.number(0), "move");
    meeting.act(meeting.number(1), "move");
    meeting.fault(R"({"kind":"feed_repeat"})");
    CHECK(meeting.changes(start.cursor).changes.size() == 2);
    meeting.fault(R"({"kind":"feed_disorder"})");
    const auto disorder = meeting.changes(start.cursor);
    REQUIRE(disorder.failure);
    CHECK(disorder.failure->code.value == "brreg.feed_disorder");
    CHECK(meeting.changes(start.cursor).changes.size() == 2);
}

TEST_CASE("enhetsregisteret: the dump comes in whole, each unit as a look-up tells it") {
    Meeting meeting({"--units", "3000"});
    Intake intake;
    const auto loaded = meeting.load(intake);
    REQUIRE_FALSE(loaded.failure);
    CHECK(loaded.entries == 4500);
    CHECK(intake.kept.size() == 4500);
    CHECK(intake.last == 4500);
    CHECK(intake.of == 4500);
    for (std::size_t i = 0; i < 10; ++i) {
        const std::string number = meeting.number(i);
        CHECK(intake.kept.at(number) == meeting.ask({number}).entries.at(0).value);
    }
    // The feed goes on from before the dump: what was new lately is told again.
    CHECK(meeting.changes(loaded.cursor).changes.size() > 0);
    meeting.fault(R"({"kind":"dump_cut","bytes":5000})");
    Intake half;
    const auto cut = meeting.load(half);
    REQUIRE(cut.failure);
    CHECK(cut.cursor.empty());
}

TEST_CASE("enhetsregisteret: whatever goes wrong on the way is told as what it is") {
    Meeting meeting;
    const std::string number = meeting.number(0);
    meeting.fault(R"({"kind":"wrong_organisation"})");
    CHECK(meeting.code_of(number) == "brreg.wrong_organisation");
    meeting.fault(R"({"kind":"members","set":{"konkurs":"kanskje"}})");
    CHECK(meeting.code_of(number) == "brreg.unit_not_understood");
    meeting.fault(R"({"kind":"html_200"})");
    CHECK(meeting.code_of(number) == "upstream.html_answer");
    meeting.fault(R"({"kind":"bad_json"})");
    CHECK(meeting.code_of(number) == "upstream.bad_answer");
    meeting.fault(R"({"kind":"cut_answer"})");
    CHECK(meeting.code_of(number) == "upstream.answer_lost");
    meeting.fault(R"({"kind":"retry_after"})");
    CHECK(meeting.code_of(number) == "upstream.rate_limited");
    meeting.fault(R"({"kind":"status","status":503})");
    CHECK(meeting.code_of(number) == "upstream.server_error");
    CHECK(meeting.code_of(number) == "none");
}

}   // namespace gateway::tests::standins
