#include "gateway/core/ids.hpp"
#include "tests/unit/adapter_altinn_broker/broker_world.hpp"

#include <catch2/catch.hpp>

using namespace broker_world;
using core::Errc;

namespace {

const std::string base = "https://platform.example";
const std::string bytes = "0123456789";

std::string of(const char* id, const std::string& rest = {}) {
    return std::string(transfers) + "/" + id + rest;
}

/// A poller whose rounds are run one by one.
struct Receiving {
    boost::asio::io_context io;
    tests::FakeHost fake;
    broker::Settings settings;
    broker::SearchBudget budget;
    gateway::altinn_platform::PlatformClient client;
    broker::FilePoller poller;

    Receiving();
    bool round();
    tests::ScriptedHttpClient& http() { return fake.http; }
    void finds(const std::string& inside = quoted(transfer_id)) {
        http().expect("GET", "recipientStatus=Initialized").answer_json(200, ids(inside));
    }
    void begun(const std::string& inside = {}) {
        http().expect("GET", "recipientStatus=DownloadStarted").answer_json(200, ids(inside));
    }
    void is(const Told& told) {
        http().expect("GET", of(told.id.c_str())).answer_json(200, overview(told));
    }
};

broker::Settings settings_of() {
    sdk::ConnectionFacts facts;
    facts.base_url = base;
    facts.settings = receiving;
    return *broker::read_settings(facts);
}

Receiving::Receiving()
    : settings(settings_of()),
      client(settings.access, *fake.host),
      poller(settings, client, budget, *fake.host) {}

bool Receiving::round() {
    bool ended = false;
    bool good = false;
    boost::asio::co_spawn(io, poller.round(), [&](const std::exception_ptr& error, bool answer) {
        REQUIRE(!error);
        ended = true;
        good = answer;
    });
    io.restart();
    REQUIRE(tests::run_until(
        io, fake.clock, [&] { return ended; }, std::chrono::hours(3)));
    return good;
}

Told waiting() {
    Told told;
    told.size = bytes.size();
    return told;
}

}   // namespace

TEST_CASE("altinn_broker: a file is fetched, stored, and only then confirmed") {
    Receiving world;
    world.finds();
    world.begun();
    world.is(waiting());
    world.http().expect("GET", of(transfer_id, "/download")).answer(200, bytes);
    world.http()
        .expect("POST", of(transfer_id, "/confirmdownload"))
        .answer_with([&](const tests::SentRequest&) -> sdk::Result<sdk::HttpResponse> {
            CHECK(world.fake.inbound.messages.size() == 1);
            return sdk::HttpResponse(204, "");
        });
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    const auto& message = world.fake.inbound.messages[0];
    CHECK(message.type == "transfer/v1");
    CHECK(message.dedupe_id == transfer_id);
    CHECK(message.tenant == core::TenantId("310002003"));
    CHECK(message.facts.resource == "ttd-filer");
    CHECK(message.facts.sender == "991825827");
    CHECK(message.keys.at("reference") == key);
    REQUIRE(message.documents.size() == 1);
    CHECK(message.documents[0].name == "rapport.zip");
    CHECK(world.fake.documents.bytes_of(message.documents[0].sha256) == bytes);
    CHECK(world.fake.inbound.alive_count > 0);
}

TEST_CASE("altinn_broker: a download that breaks off goes on with the byte where it ended") {
    Receiving world;
    world.finds();
    world.begun();
    world.is(waiting());
    world.http().expect("GET", "/download").answer(200, bytes.substr(0, 4));
    world.http().expect("GET", "/download").fail(Errc::answer_lost);
    world.http()
        .expect("GET", "/download")
        .answer(206, bytes.substr(4), {{"Content-Range", "bytes 4-9/10"}});
    world.http().expect("POST", "/confirmdownload").answer(204);
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.documents.bytes_of(world.fake.inbound.messages[0].documents[0].sha256) ==
          bytes);
    const auto& calls = world.fake.http.calls();
    CHECK(calls[3].header("Range").empty());
    CHECK(calls[4].header("Range") == "bytes=4-");
    CHECK(calls[5].header("Range") == "bytes=4-");
}

TEST_CASE("altinn_broker: a part that was not asked for is thrown away and the file begun anew") {
    const auto [status, range] = GENERATE(
        table<int, const char*>({{200, ""}, {206, "bytes 0-9/10"}, {206, "bytes 5-9/10"}}));
    Receiving world;
    world.finds();
    world.begun();
    world.is(waiting());
    world.http().expect("GET", "/download").answer(200, bytes.substr(0, 4));
    world.http().expect("GET", "/download").answer(status, bytes, {{"Content-Range", range}});
    world.round();
    CHECK(world.fake.inbound.messages.empty());
    world.fake.clock.advance(std::chrono::hours(2));
    world.finds({});
    world.is(waiting());
    world.http().expect("GET", "/download").answer(200, bytes);
    world.http().expect("POST", "/confirmdownload").answer(204);
    world.round();
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("altinn_broker: nothing is confirmed while the store says no, and the file comes again") {
    Receiving world;
    world.finds();
    world.begun();
    world.is(waiting());
    world.http().expect("GET", "/download").answer(200, bytes);
    world.fake.inbound.failure = core::Failure(Errc::storage_full);
    world.round();
    world.fake.inbound.failure.reset();
    world.fake.clock.advance(std::chrono::hours(2));
    world.finds({});   // its download was begun: no search finds it as untouched
    world.is(waiting());
    world.http().expect("GET", "/download").answer(200, bytes);
    world.http().expect("POST", "/confirmdownload").answer(204);
    world.round();
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("altinn_broker: a confirmation without an answer is repeated, the download is not") {
    Receiving world;
    world.finds();
    world.begun();
    world.is(waiting());
    world.http().expect("GET", "/download").answer(200, bytes);
    world.http().expect("POST", "/confirmdownload").fail(Errc::answer_lost);
    world.round();
    world.fake.clock.advance(std::chrono::hours(2));
    world.finds({});
    world.http().expect("POST", "/confirmdownload").answer(204);
    world.round();
    world.finds({});
    world.round();
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("altinn_broker: what a lost process had begun is found at the start") {
    Receiving world;
    world.finds({});
    world.begun(quoted(transfer_id));
    Told told = waiting();
    told.recipient_status = "DownloadStarted";
    world.is(told);
    world.http().expect("GET", "/download").answer(200, bytes);
    world.http().expect("POST", "/confirmdownload").answer(204);
    world.round();
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("altinn_broker: a file with another checksum is not delivered and not confirmed") {
    Receiving world;
    world.finds();
    world.begun();
    Told told = waiting();
    told.checksum = std::string(32, 'a');
    world.is(told);
    world.http().expect("GET", "/download").answer(200, bytes);
    world.round();
    CHECK(world.fake.inbound.messages.empty());
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code.value == "altinn_broker.checksum_differs");
}

TEST_CASE("altinn_broker: a file that Altinn deleted before it was fetched is told of") {
    const std::string status = GENERATE("Purged", "Failed", "Cancelled");
    Receiving world;
    world.finds();
    world.begun();
    Told told = waiting();
    told.status = status;
    world.is(told);
    CHECK(world.round());
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code.value == "altinn_broker.gone_before_fetched");
    CHECK(world.fake.inbound.oddities[0].tenant == core::TenantId("310002003"));
}

TEST_CASE("altinn_broker: a name from outside is nothing but a name") {
    Receiving world;
    world.finds();
    world.begun();
    Told told = waiting();
    told.file_name = "../../etc/pass\nwd";
    world.is(told);
    world.http().expect("GET", "/download").answer(200, bytes);
    world.http().expect("POST", "/confirmdownload").answer(204);
    world.round();
    REQUIRE(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.inbound.messages[0].documents[0].name == ".._.._etc_pass_wd");
}

TEST_CASE("altinn_broker: a search that is refused keeps every connection from searching") {
    Receiving world;
    world.http()
        .expect("GET", "recipientStatus=Initialized")
        .answer_json(429, "{}", {{"Retry-After", "45"}});
    const auto before = world.fake.clock.steady();
    world.begun();
    CHECK(!world.round());
    CHECK(world.fake.clock.steady() >= before + seconds(45));
    CHECK(world.fake.inbound.alive_count == 0);
}
