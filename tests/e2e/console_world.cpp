// The real operators' API with its console on a port of loopback, over a store in memory: for
// console_test.py. Reads one JSON object on standard input,
// {"accounts":[{"name","role","tenant","systems"}],
// "texts":[...],"failing":n,"oidc":{"issuer","clientId","key","kid","acr","claims","role"}}: a
// message is accepted for each text, which stands in all that people may write; n have failed, of a
// cause that is mended by now, and what is sent anew goes; where any have, one more has, and one is
// held that may have arrived: both can go another way. One connection is well, the name of another
// is never found. Says {"url","accounts":[...],"messages":[...],"resent":{"failed","unknown"}} on
// standard output, and serves until it is killed.

#include "gateway/http/server.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "tests/e2e/console_letters.hpp"
#include "tests/e2e/console_provider.hpp"
#include "tests/unit/admin/world.hpp"
#include "tests/unit/doctor/fakes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace gateway;
namespace console = tests::console;
using tests::admin::World;

namespace {

/// Of each message: tried by Altinn, and there is one other.
std::vector<ports::OtherWay> ways_from_altinn() {
    ports::OtherWay tried;
    tried.id = "brev/1";
    tried.connection = core::ConnectionId("altinn-test");
    tried.why = "route.first_choice";
    tried.tried = true;
    ports::OtherWay other;
    other.id = "brev/2";
    other.connection = core::ConnectionId("svarut-test");
    other.why = "route.first_choice";
    other.chosen.emplace();
    other.chosen->connection = other.connection;
    other.chosen->settings = "{}";
    other.chosen->choice = "{}";
    return {tried, other};
}

/// In quarantine: a message that no route takes, or what is none. `said` stands in it.
void put_aside(World& world, const std::string& type, const std::string& code,
               const std::string& said) {
    ports::InboundCommand command;
    command.tenant = core::TenantId(World::first);
    command.id = world.ids->next<core::InboxId>();
    command.connection = core::ConnectionId("altinn-forms");
    command.dedupe_key = type;
    command.type = type;
    command.at = world.clock.now();
    command.code = core::Code(code);
    command.params = {{"type", said.substr(0, 60)}, {"connection", said.substr(0, 60)}};
    command.media_type = "application/xml";
    command.content_bytes = said.size();
    const auto owner = command.id.to_bytes();
    auto key = world.vaults.find(command.tenant)->new_key(*world.ids, owner);
    command.sealed_content = key.key.seal(*world.ids, "content", owner, "{}");
    command.wrapped_key = std::move(key.wrapped);
    tests::run(world.io, world.store->store_inbound(std::move(command))).value();
}

/// In the access log: what a system read of somebody.
void read_person(World& world) {
    ports::NewLogEntry entry;
    entry.at = world.clock.now();
    entry.system = core::SystemId("byggesak");
    entry.purpose = core::PurposeId("barnehage");
    entry.dataset = "person";
    entry.fields = {"name"};
    entry.subject = world.ids->uuid();
    std::vector<ports::NewLogEntry> entries;
    entries.push_back(std::move(entry));
    auto& records = world.store->records();
    tests::run(world.io, records.write_log(core::TenantId(World::first), std::move(entries)))
        .value();
}

/// Retries of groups go on, and what they open is sent: one step and one message at a time, so
/// that somebody can look on.
sdk::Task<void> send_what_is_retried(World& world) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (;;) {
        const auto going = co_await world.retries->step();
        going.value();
        ports::ClaimCommand claim;
        claim.now = world.clock.now();
        claim.lease_until = claim.now + std::chrono::minutes(1);
        claim.limit = 1;
        claim.lane = ports::Lane::choices;
        const auto claims = co_await world.store->claim(claim);
        for (const auto& claimed : claims.value()) {
            ports::FinishCommand finish;
            finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
            finish.fence = claimed.fence;
            finish.at = claim.now;
            finish.state = core::DeliveryState::sent;
            const auto done = co_await world.store->finish(std::move(finish));
            done.value();
        }
        timer.expires_after(std::chrono::milliseconds(100));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

/// Connections to examine.
struct Examined final : ports::ExaminedConnections {
    std::map<core::ConnectionId, std::shared_ptr<tests::FakeExamined>> running;
    std::shared_ptr<ports::Examined> examined(const core::ConnectionId& id) const override {
        const auto found = running.find(id);
        return found == running.end() ? nullptr : found->second;
    }
};

void connect(World& world, Examined& examined, const std::string& id, const std::string& adapter,
             const std::string& host) {
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId(id);
    connection.adapter = adapter;
    connection.environment = "tt02";
    connection.base_url = "https://" + host;
    connection.tenants.insert(core::TenantId(World::first));
    world.configuration->connections.emplace(connection.id, connection);
    auto made = std::make_shared<tests::FakeExamined>(world.clock, connection);
    made->wanted.places.push_back(connection.base_url);
    examined.running.emplace(connection.id, made);
}

/// What pages of the installation show; `said` stands where people or others may write.
void furnish(World& world, const std::string& said) {
    for (const char* name : {"altinn", "krr"}) {
        gateway::admin::AdapterView adapter;
        adapter.name = name;
        adapter.version = "1.0.0";
        adapter.sdk = "1.0";
        adapter.compiler = "12.2.0";
        world.loaded.push_back(adapter);
    }
    int days = 20;
    for (const char* name : {"altinn-test", "krr-test", "public"}) {
        gateway::admin::CertificateView one;
        one.use = name == std::string("public") ? "listener" : "connection";
        one.name = name;
        one.readable = name != std::string("krr-test");
        one.subject = "CN=" + said;
        one.issuer = "CN=Test CA";
        one.not_after = world.clock.now() + std::chrono::hours(24 * days);
        days += 100;
        world.shown_certificates.push_back(one);
    }
    for (const char* port : {"8080", "8443"}) {
        ports::ConfigVersion version;
        version.at = world.clock.now();
        version.who = "root";
        version.why = said;
        json::Value files = json::Value::object();
        files.set("sluse.toml", "# " + said + "\n[listen.public]\naddress = \"127.0.0.1:" + port +
                                    "\"\nclient_secret = \"hunter2\"\n");
        version.files = json::write(files);
        tests::run(world.io, world.store->add_config_version(std::move(version))).value();
    }
    ports::AlarmStep alarms;
    for (const char* tenant : {"", World::first}) {
        ports::Alarm alarm;
        alarm.id = world.ids->uuid();
        alarm.key = ports::AlarmKey("adapter_down", core::TenantId(tenant), said.substr(0, 60));
        alarm.severity = ports::AlarmSeverity::critical;
        alarm.opened = world.clock.now();
        alarm.last_seen = alarm.opened;
        alarm.count = 1;
        alarm.params = {{"connection", said.substr(0, 60)}, {"reason", "circuit.open"}};
        alarms.alarms.push_back(alarm);
    }
    tests::run(world.io, ports::alarms_of(*world.store).put_alarms(std::move(alarms))).value();
    auto& systems = world.configuration->tenants.at(core::TenantId(World::first)).systems;
    systems.at(core::SystemId("byggesak")).grants.insert("receive:form");
    read_person(world);
    put_aside(world, "oddity", "upstream.bad_answer", said);
    put_aside(world, "form/v1", "inbox.unrouted", said);
    world.post("/admin/v1/webhooks/" + world.subscribe() + "/disable", R"({"why":"test"})");
    json::Value key = json::Value::object();
    key.set("kind", "system").set("tenant", World::first).set("system", "byggesak");
    key.set("note", said.substr(0, 200)).set("why", "test");
    world.post("/admin/v1/keys", json::write(key));
}

/// The clock turned by hand goes as that on the wall.
void let_time_go(World& world, boost::asio::steady_timer& timer) {
    constexpr std::chrono::milliseconds beat{50};
    timer.expires_after(beat);
    timer.async_wait([&](const auto&) {
        const auto behind =
            std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now()) -
            world.clock.now();
        if (behind > core::Duration(0)) {
            world.clock.advance(behind);
        }
        let_time_go(world, timer);
    });
}

}   // namespace

TEST_CASE("console: a world to look at serves until it is killed") {
    std::string line;
    std::getline(std::cin, line);
    const auto asked = json::parse(line).value();
    World world;
    world.second_person.tenants[core::TenantId(World::first)].acts = {"message-retry"};
    world.clock.advance(
        std::chrono::time_point_cast<core::Duration>(std::chrono::system_clock::now()) -
        world.clock.now());
    Examined examined;
    tests::FakeNetwork network(world.clock);
    tests::FakeHouse house(world.clock);
    network.hosts_without_answer.insert("krr.example.no");
    connect(world, examined, "altinn-test", "altinn", "altinn.example.no");
    connect(world, examined, "krr-test", "krr", "krr.example.no");
    const doctor::DoctorParts practice{world, examined,    network,
                                       house, world.clock, world.io.get_executor()};
    doctor::Doctor doctor(practice);
    world.store->on_events([&world] { world.news.notify(); });
    auto parts = world.parts();
    parts.doctor = &doctor;
    parts.reach_provider = [&world](const core::OidcConfig& config) {
        return tests::e2e::reach_provider(world.clock, config);
    };
    world.api = std::make_unique<gateway::admin::AdminApi>(std::move(parts));
    json::Value accounts = json::Value::array();
    for (const auto& account : asked["accounts"].items()) {
        json::Value role = json::Value::object();
        role.set("role", account["role"]).set("tenant", account["tenant"]);
        if (const auto* systems = account.find("systems")) {
            role.set("systems", *systems);
        }
        json::Value roles = json::Value::array();
        roles.push(std::move(role));
        json::Value body = json::Value::object();
        body.set("name", account["name"]).set("roles", std::move(roles)).set("why", "test");
        accounts.push(World::json(world.post("/admin/v1/accounts", json::write(body))));
    }
    json::Value messages = json::Value::array();
    std::vector<std::string> every;
    for (const auto& text : asked["texts"].items()) {
        every.push_back(text.as_string());
    }
    for (std::size_t i = 0; i < every.size(); ++i) {
        // The last but two holds all of them.
        const bool all = i + 3 == every.size();
        messages.push(
            console::accept(world, every[i], all ? every : std::vector<std::string>()).to_string());
    }
    for (std::int64_t i = 0; i < asked["failing"].as_int(); ++i) {
        const auto& texts = asked["texts"].items();
        const std::string said = texts.empty() ? "" : texts.front().as_string();
        console::fail(world, "F-" + std::to_string(i), said);
    }
    json::Value resent = json::Value::object();
    if (asked["failing"].as_int() > 0) {
        world.other_ways.said = ways_from_altinn();
        resent
            .set("failed", console::end_attempt(world, "V-1", core::DeliveryState::failed,
                                                "altinn.corr_01044", every)
                               .to_string())
            .set("unknown", console::end_attempt(world, "V-2", core::DeliveryState::held,
                                                 "delivery.unknown_outcome", every)
                                .to_string());
    }
    furnish(world, asked["texts"].items().empty() ? std::string("Prøve kommune")
                                                  : asked["texts"].items().front().as_string());
    http::Server server(world.io.get_executor(), world.clock, http::ServerOptions(), *world.api);
    server.start().value();
    if (const auto* oidc = asked.find("oidc"); oidc != nullptr && oidc->is_object()) {
        world.configuration->admin_oidc = tests::e2e::provider_asked_for(*oidc, World::first);
        world.configuration->admin_oidc->redirect_url = server.url() + core::oidc_redirect_path;
    }
    json::Value facts = json::Value::object();
    facts.set("url", server.url())
        .set("accounts", std::move(accounts))
        .set("messages", std::move(messages))
        .set("resent", std::move(resent));
    std::cout << json::write(facts) << std::endl;
    boost::asio::steady_timer timer(world.io);
    let_time_go(world, timer);
    boost::asio::co_spawn(world.io, send_what_is_retried(world), [](const std::exception_ptr&) {});
    world.io.restart();
    world.io.run();
}
