// The adapter of forms and the stand-in of Altinn's Events, Storage and apps, which share no code,
// over real sockets: what one says the other understands.

#include "adapters/altinn_forms/forms_adapter.hpp"
#include "gateway/http/server.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/plain_client.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <memory>

namespace gateway::tests::standins {

using json::Value;
using namespace std::chrono_literals;

namespace {

class StandInTokens final : public sdk::TokenSource {
public:
    explicit StandInTokens(const Child& altinn) : altinn_(altinn) {}

    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline) override {
        std::string scope;
        for (const auto& one : request.scopes) {
            scope += (scope.empty() ? "" : " ") + one;
        }
        auto& known = known_[scope];
        if (known.empty()) {
            Value wanted;
            wanted.set("scope", scope);
            known = altinn_.command("/control/token", wanted).json()["token"].as_string();
        }
        sdk::TokenAnswer answer;
        answer.token = sdk::Token(known, core::Time());
        co_return answer;
    }
    void invalidate(const sdk::TokenRequest&, const std::string&) override { known_.clear(); }

private:
    const Child& altinn_;
    std::map<std::string, std::string> known_;
};

/// Where Altinn's webhooks arrive.
class Door final : public http::Handler {
public:
    sdk::Task<http::Response> handle(http::Request& request) override {
        auto body = co_await sdk::read_all(*request.body, 64U << 10U);
        if (!body || adapter == nullptr) {
            co_return http::Response(503);
        }
        sdk::Callback call;
        call.secret = request.path.substr(request.path.rfind('/') + 1);
        call.body = std::move(*body);
        const sdk::Deadline deadline(std::chrono::steady_clock::now() + 10s);
        const auto answer = co_await adapter->receiver()->on_callback(std::move(call), deadline);
        ++calls;
        co_return http::Response(answer == sdk::CallbackAnswer::taken ? 200 : 404);
    }
    http::Response refuse(int status, std::string_view, std::string_view) override {
        return http::Response(status);
    }

    sdk::Adapter* adapter = nullptr;
    int calls = 0;
};

struct Meeting {
    Meeting()
        : altinn("altinn_forms", folder.path(), {"--time-scale", "1000"}),
          clock(runtime::make_system_clock()),
          http(*clock),
          tokens(altinn),
          host{http,           fake.streams, tokens,      fake.documents, fake.keys,
               fake.state,     *fake.ids,    *clock,      fake.log,       fake.metrics,
               fake.registers, fake.inbound, fake.spools, fake.work} {
        http::ServerOptions options;
        options.address = "127.0.0.1:0";
        server.emplace(io.get_executor(), *clock, options, door);
        REQUIRE(server->start().has_value());
    }
    ~Meeting() { stop(); }

    void start(bool webhooks = true) {
        Value settings;
        settings.set("organisation", "310000019").set("org", "sandkassa").set("token_mode", "raw");
        settings.set("apps", Value::array().push("skjema")).set("feed_seconds", 1);
        settings.set("system_id", "310000019_sluse");
        if (webhooks) {
            settings.set("callback_url", server->url());
        }
        sdk::ConnectionFacts facts;
        facts.connection = "altinn-forms";
        facts.base_url = altinn.url();
        facts.settings = json::write(settings);
        auto made = gateway::altinn_forms::create(facts, host);
        REQUIRE(made.has_value());
        adapter = std::move(*made);
        door.adapter = adapter.get();
        ended = false;
        boost::asio::co_spawn(io, adapter->receiver()->receive(),
                              boost::asio::bind_cancellation_slot(
                                  cancel.slot(), [&](const std::exception_ptr&) { ended = true; }));
    }
    void stop() {
        cancel.emit(boost::asio::cancellation_type::terminal);
        until([&] { return ended; });
        server.reset();
    }
    /// Runs the loop until it holds, a minute at most; asked ten times a second.
    bool until(const std::function<bool()>& holds) {
        const auto last = std::chrono::steady_clock::now() + 60s;
        io.restart();
        while (!holds() && std::chrono::steady_clock::now() < last) {
            io.run_for(100ms);
        }
        return holds();
    }
    bool until_confirmed(std::int64_t count) {
        return until([&] { return altinn.state()["confirmed"].as_int() == count; });
    }
    std::string make_form(const char* command = "{}") {
        const auto answer = altinn.command("/control/forms", object(command));
        REQUIRE(answer.status == 200);
        return answer.json()["instances"].items().at(0).as_string();
    }
    void fault(const char* command) const {
        REQUIRE(altinn.command("/control/faults", object(command)).status == 200);
    }
    std::size_t inbox() const { return fake.inbound.messages.size(); }

    boost::asio::io_context io;
    ::tests::FakeHost fake;
    TemporaryFolder folder;
    Child altinn;
    std::unique_ptr<sdk::Clock> clock;
    PlainClient http;
    StandInTokens tokens;
    Door door;
    std::optional<http::Server> server;
    sdk::Host host;
    std::unique_ptr<sdk::Adapter> adapter;
    boost::asio::cancellation_signal cancel;
    bool ended = true;
};

}   // namespace

TEST_CASE("forms against the stand-in: a pushed form comes in byte for byte and is confirmed") {
    Meeting meeting;
    meeting.start();
    REQUIRE(meeting.until([&] {
        const auto state = meeting.altinn.state();
        const auto& all = state["events"]["subscriptions"].items();
        return all.size() == 1 && all[0]["validated"].as_bool();
    }));
    // The feed gives nothing: what comes, comes by webhook.
    REQUIRE(meeting.altinn.command("/control/pace", object(R"({"held_back_ms":3600000})")).status ==
            200);
    const auto id = meeting.make_form();
    REQUIRE(meeting.until_confirmed(1));
    REQUIRE(meeting.inbox() == 1);
    const auto& message = meeting.fake.inbound.messages[0];
    CHECK(message.content["instance"].as_string() == id);
    REQUIRE(message.documents.size() == 3);
    const auto state = meeting.altinn.state();
    for (const auto& document : message.content["documents"].items()) {
        CHECK(document["sha256"] ==
              state["instances"].items()[0]["sha256"][document["externalId"].as_string()]);
    }
    CHECK(state["instances"]
              .items()[0]["completeConfirmations"]
              .items()[0]["stakeholderId"]
              .as_string() == "sandkassa");
}

TEST_CASE("forms against the stand-in: lost, doubled and late webhooks change nothing") {
    Meeting meeting;
    meeting.start();
    REQUIRE(meeting.until([&] { return meeting.door.calls > 0; }));
    meeting.fault(R"({"kind":"lost_webhook","times":5})");
    meeting.fault(R"({"kind":"duplicate_webhook","times":5})");
    meeting.fault(R"({"kind":"late_webhook","times":3,"delay_ms":200})");
    for (int i = 0; i < 20; ++i) {
        meeting.make_form();
    }
    REQUIRE(meeting.until_confirmed(20));
    CHECK(meeting.inbox() == 20);
}

TEST_CASE("forms against the stand-in: what no event tells of is found in Storage's lists") {
    Meeting meeting;
    REQUIRE(meeting.altinn.command("/control/pace", object(R"({"token_bytes":2000})")).status ==
            200);
    meeting.fault(R"({"kind":"no_event","times":150})");
    REQUIRE(meeting.altinn.command("/control/forms", object(R"({"count":150,"data":[]})")).status ==
            200);
    meeting.start(false);
    REQUIRE(meeting.until_confirmed(150));
    CHECK(meeting.inbox() == 150);
}

TEST_CASE("forms against the stand-in: faults on the way are got over, and nothing comes twice") {
    Meeting meeting;
    const auto fault = GENERATE(
        R"({"kind":"cut_answer","match":{"path_prefix":"/storage/api/v1/instances/"}})",
        R"({"kind":"cut_after_write","match":{"method":"POST","path_suffix":"/complete"}})",
        R"({"kind":"bad_json","match":{"path_suffix":"/complete"}})",
        R"({"kind":"html_200","match":{"path_prefix":"/events/"}})",
        R"({"kind":"status","status":401,"match":{"path_prefix":"/storage/"}})");
    CAPTURE(fault);
    meeting.fault(fault);
    meeting.make_form();
    meeting.start(false);
    // What failed is tried again after ten seconds; the wait itself is the unit tests' matter.
    REQUIRE(meeting.until(
        [&] { return meeting.inbox() == 1 || meeting.fake.log.holds("altinn_forms."); }));
    REQUIRE(meeting.until_confirmed(1));
    CHECK(meeting.inbox() == 1);
}

TEST_CASE("forms against the stand-in: an infected file stays where it is") {
    Meeting meeting;
    meeting.make_form(
        R"({"data":[{"dataType":"model","contentType":"application/xml","text":"<a/>"},
        {"dataType":"vedlegg","contentType":"image/png","filename":"v.png","text":"x","scan":"infected"}]})");
    meeting.start(false);
    REQUIRE(meeting.until_confirmed(1));
    CHECK(meeting.fake.inbound.messages[0].documents.size() == 1);
    CHECK(meeting.fake.inbound.messages[0].content["withheld"].items().size() == 1);
}

TEST_CASE("forms against the stand-in: a substatus given with the acknowledgement is shown") {
    Meeting meeting;
    meeting.make_form();
    meeting.start(false);
    REQUIRE(meeting.until_confirmed(1));
    sdk::InboundSettled settled;
    settled.memo = meeting.fake.inbound.messages[0].memo;
    settled.answer = object(R"({"substatus":{"label":"Under behandling","description":"Sak 17"}})");
    for (int i = 0; i < 2; ++i) {
        const auto outcome = ::tests::run(
            meeting.io, meeting.adapter->receiver()->settled(settled, meeting.clock->in(10s)));
        CHECK(outcome.verdict == sdk::Verdict::accepted);
    }
    const auto state = meeting.altinn.state();
    CHECK(state["instances"].items()[0]["status"]["substatus"]["label"].as_string() ==
          "Under behandling");
}

TEST_CASE("forms against the stand-in: files given with the acknowledgement are there once") {
    Meeting meeting;
    meeting.make_form();
    meeting.start(false);
    REQUIRE(meeting.until_confirmed(1));
    const auto decision = meeting.fake.documents.add("v.pdf", "%PDF-1.7 vedtak");
    sdk::InboundSettled settled;
    settled.memo = meeting.fake.inbound.messages[0].memo;
    settled.answer = object(R"({"documents":[{"name":"Vedtak på 100 % støtte + «frist».pdf",
        "mediaType":"application/pdf","documentType":"vedtak","sha256":")" +
                            decision.sha256.to_hex() + R"("}]})");
    meeting.fault(
        R"({"kind":"cut_after_write","match":{"method":"POST","path_suffix":"/data"},"times":1})");
    const auto tell = [&] {
        return ::tests::run(meeting.io,
                            meeting.adapter->receiver()->settled(settled, meeting.clock->in(30s)))
            .verdict;
    };
    CHECK(tell() == sdk::Verdict::unknown);
    CHECK(tell() == sdk::Verdict::accepted);
    CHECK(tell() == sdk::Verdict::accepted);
    const auto state = meeting.altinn.state();
    const auto& instance = state["instances"].items()[0];
    std::size_t found = 0;
    for (const auto& element : instance["data"].items()) {
        if (element["dataType"].as_string() == "vedtak") {
            ++found;
            CHECK(element["filename"].as_string() == "Vedtak på 100 % støtte + «frist».pdf");
            CHECK(instance["sha256"][element["id"].as_string()].as_string() ==
                  decision.sha256.to_hex());
        }
    }
    CHECK(found == 1);
}

TEST_CASE("forms against the stand-in: a prefilled form is made once, its answer lost or not") {
    Meeting meeting;
    meeting.start(false);
    core::Delivery delivery;
    delivery.tenant = core::TenantId("310000019");
    delivery.settings = R"({"app":"skjema"})";
    delivery.content = R"({"recipient":{"person":"17859130003"},"values":{"navn":"Kari"}})";
    const auto send = [&](const char* id, ::tests::FakeProgress& progress) {
        delivery.id = *core::DeliveryId::parse(id);
        return ::tests::run(meeting.io, meeting.adapter->sender()->send(delivery, progress,
                                                                        meeting.clock->in(30s)));
    };
    ::tests::FakeProgress first;
    const auto sent = send("01968d21-0000-7000-8000-000000000001", first);
    CHECK(sent.verdict == sdk::Verdict::accepted);
    meeting.fault(
        R"({"kind":"cut_after_write","match":{"method":"POST","path_suffix":"/create"},"times":1})");
    ::tests::FakeProgress second;
    CHECK(send("01968d21-0000-7000-8000-000000000002", second).verdict == sdk::Verdict::unknown);
    const auto found = send("01968d21-0000-7000-8000-000000000002", second);
    CHECK(found.verdict == sdk::Verdict::accepted);
    CHECK(found.upstream_reference != sent.upstream_reference);
    const auto state = meeting.altinn.state();
    CHECK(state["instances"].items().size() == 2);
    for (const auto& instance : state["instances"].items()) {
        CHECK(instance["instanceOwner"]["personNumber"].as_string() == "17859130003");
        CHECK(instance["process"]["ended"].is_null());
    }
    CHECK(meeting.inbox() == 0);   // nobody has sent it in
}

TEST_CASE("system user: asked for once, followed until a person has answered") {
    Meeting meeting;
    meeting.start(false);
    const auto act = [&](const char* name, const char* with) {
        sdk::Act wish;
        wish.name = name;
        wish.with = object(with);
        return ::tests::run(meeting.io, meeting.adapter->act(wish, meeting.clock->in(10s)));
    };
    constexpr const char* wish =
        R"({"organisation":"310001007","reference":"broker","rights":["sluse-filoverforing"]})";
    const auto made = act("request-system-user", wish);
    REQUIRE(made.verdict == sdk::Verdict::accepted);
    const Value& request = made.value["request"];
    CHECK(request["status"].as_string() == "New");
    CHECK(request["approve"].as_string().find("id=" + request["id"].as_string()) !=
          std::string::npos);
    CHECK(request["rights"].items()[0].as_string() == "sluse-filoverforing");
    CHECK(act("request-system-user", wish).value["request"]["id"] == request["id"]);
    const auto answers = GENERATE(std::pair("approve", "Accepted"), std::pair("reject", "Rejected"),
                                  std::pair("deny", "Denied"), std::pair("timeout", "Timedout"));
    Value command;
    command.set("id", request["id"]).set("act", answers.first);
    REQUIRE(meeting.altinn.command("/control/system_user", command).status == 200);
    const auto seen = act("system-user", R"({"organisation":"310001007","reference":"broker"})");
    CHECK(seen.value["request"]["status"].as_string() == answers.second);
    CHECK(act("system-user", R"({"organisation":"310001007"})").value["request"].is_null());

    meeting.fault(R"({"kind":"cut_after_write","match":{"method":"POST"}})");
    const auto lost =
        act("request-system-user",
            R"({"organisation":"310001007","reference":"lost","rights":["sluse-filoverforing"]})");
    CHECK(lost.verdict == sdk::Verdict::accepted);
    CHECK(lost.value["request"]["status"].as_string() == "New");
    CHECK(act("request-system-user",
              R"({"organisation":"310001007","reference":"x","rights":["fremmed"]})")
              .code.value == "system_user.refused");
    CHECK(act("request-system-user", R"({"organisation":"31000100","rights":["a"]})").code.value ==
          "system_user.wish_wrong");
    CHECK(act("nonsense", "{}").code.value == "connection.no_such_act");
}

}   // namespace gateway::tests::standins
