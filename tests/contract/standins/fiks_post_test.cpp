#include "adapters/common/standin/jose.hpp"
#include "tests/contract/standins/fiks_world.hpp"

#include <catch2/catch.hpp>

// Fiks IO as clients see it: REST in, a real RabbitMQ out, read by npm amqplib.

namespace gateway::tests::standins {

using json::Value;

namespace {

constexpr const char* type = "no.ks.fiks.plan.v2.innsyn.planer.finn";

std::string header(const Value& message, const char* name) {
    return message["headers"][name].as_string();
}

}   // namespace

TEST_CASE("fiks stand-in: what is sent lies in the receiver's queue with the service's headers") {
    FiksWorld world;
    Value order = world.order(world.material("account"), type);
    order.find("headere")->set("klientKorrelasjonsId", "sak 7");
    order.set("ttl", 60'000).set("svarPaMelding", "11111111-2222-4333-8444-555555555555");
    const Answer taken = world.send(order, "innhold");
    REQUIRE(taken.status == 202);
    const Value receipt = taken.json();
    CHECK(receipt["ttl"].as_int() == 60'000);
    CHECK(receipt["dokumentlagerId"].is_null());
    CHECK(receipt["headere"]["klientMeldingId"] == order["headere"]["klientMeldingId"]);
    CHECK(receipt["headere"]["klientKorrelasjonsId"].as_string() == "sak 7");

    const Answer counted = world.call("GET", "/fiks-io/katalog/api/v1/kontoer/" +
                                                 world.material("account") + "/status");
    CHECK(counted.json()["antallUavhentedeMeldinger"].as_int() == 1);
    CHECK(counted.json()["antallKonsumenter"].as_int() == 0);

    const auto read = world.read(1);
    REQUIRE(read.size() == 1);
    const Value& message = read.front();
    CHECK(header(message, "melding-id") == receipt["meldingId"].as_string());
    CHECK(header(message, "type") == type);
    CHECK(header(message, "avsender-id") == world.material("account"));
    CHECK(header(message, "svar-til") == "11111111-2222-4333-8444-555555555555");
    CHECK(header(message, "egendefinert-header.klientKorrelasjonsId") == "sak 7");
    CHECK(header(message, "egendefinert-header.klientMeldingId") ==
          order["headere"]["klientMeldingId"].as_string());
    CHECK(message["routingKey"].as_string() == world.queue());
    CHECK(std::stoi(message["expiration"].as_string()) <= 60'000);
    CHECK(bytes_of(message) == "innhold");

    // Without payload, and with the time to live that the service fills in.
    const Answer bare = world.send(world.order(world.material("account"), type), "");
    CHECK(bare.json()["ttl"].as_int() == 7LL * 24 * 3600 * 1000);
    CHECK(bytes_of(world.read(1).at(0)).empty());
}

TEST_CASE("fiks stand-in: who may not is told so in KS's words, over HTTP and at the broker") {
    FiksWorld world;
    const Value good = world.order(world.material("echo_account"), type);
    const std::string send = "/fiks-io/api/v1/send";
    const Answer no_token = world.call("POST", send, "", {{"Authorization", "Bearer a.b.c"}});
    CHECK(no_token.status == 401);
    CHECK(no_token.json()["message"].as_string() == "Klarte ikke å validere access_token");
    CHECK(no_token.json()["errorId"].as_string().size() == 36);
    CHECK(no_token.json()["path"].as_string() == send);
    const Answer password = world.call("POST", send, "", {{"IntegrasjonPassord", "feil"}});
    CHECK(password.status == 401);
    CHECK(password.json()["message"].as_string() ==
          "Autentisering feilet for integrasjon med id " + world.material("integration_id"));
    // A token of another organisation is not told apart from that.
    CHECK(world
              .command("/control/integrations",
                       R"({"id":"5d1f2a30-7c44-4c1b-9a5e-000000000002",
                           "organisation":"310002003","password":"p"})")
              .status == 200);
    const Answer other = world.call(
        "POST", send, "",
        {{"IntegrasjonId", "5d1f2a30-7c44-4c1b-9a5e-000000000002"}, {"IntegrasjonPassord", "p"}});
    CHECK(other.status == 401);

    Value wrong = good;
    CHECK(world.send(wrong.set("avsenderKontoId", world.material("archive_account")), "").status ==
          403);
    wrong = good;
    CHECK(world.send(wrong.set("mottakerKontoId", "11111111-2222-4333-8444-555555555555"), "")
              .status == 404);
    wrong = good;
    CHECK(world.send(wrong.set("ttl", 10), "").status == 400);
    wrong = good;
    CHECK(world.send(wrong.set("meldingType", ""), "").status == 400);
    wrong = good;
    CHECK(world.send(wrong.set("headere", object(R"({"a":1})")), "").status == 400);
    CHECK(world.call("POST", send, "{}", {{"Content-Type", "application/json"}}).status == 415);
    Value closed;
    closed.set("id", world.material("echo_account")).set("organisation", "312345676");
    closed.set("senders", Value::array().push("nobody"));
    CHECK(world.fiks->command("/control/accounts", closed).status == 200);
    CHECK(world.send(good, "").status == 403);

    FiksWorld::Reader reader;
    reader.queue = "fiksio.konto." + world.material("archive_account");
    reader.wait_ms = 5'000;
    const auto refused = world.read(reader);
    REQUIRE(refused.size() == 1);
    CHECK(refused.front()["error"].as_string().find("ACCESS_REFUSED") != std::string::npos);
    reader.queue = world.queue();
    reader.password = world.password();   // without a token
    CHECK(world.read(reader).at(0).has("error"));
    reader.password.clear();
    CHECK(world.command("/control/faults", R"({"kind":"refuse_login"})").status == 200);
    CHECK(world.read(reader).at(0).has("error"));
    reader.wait_ms = 200;
    CHECK(world.read(reader).empty());   // the fault is used up: let in, nothing there
}

TEST_CASE("fiks stand-in: what is large goes by the dokumentlager, to its receiver alone") {
    FiksWorld world({"--inline-bytes", "1000"});
    const std::string large(1001, 'x');
    const Value receipt = world.send(world.order(world.material("account"), type), large).json();
    const std::string id = receipt["dokumentlagerId"].as_string();
    const auto read = world.read(1);
    CHECK(header(read.at(0), "dokumentlager-id") == id);
    CHECK(bytes_of(read.at(0)).empty());
    const std::string path = "/dokumentlager/nedlasting/" + id;
    CHECK(world.call("GET", path).body == large);
    CHECK(world.call("GET", path + "/metadata").json()["dokumentstorrelse"].as_int() == 1001);
    CHECK(get(world.fiks->url() + path).status == 401);
    const Value to_echo =
        world.send(world.order(world.material("echo_account"), type), large).json();
    CHECK(world.call("GET", "/dokumentlager/nedlasting/" + to_echo["dokumentlagerId"].as_string())
              .status == 403);
    world.command("/control/clock", R"({"skew_seconds": 700000})");   // eight days and more
    CHECK(world.call("GET", path).status == 401);                     // so has the token's time
}

TEST_CASE("fiks stand-in: the catalogue knows accounts, keys and queues as they are now") {
    FiksWorld world;
    const std::string base = "/fiks-io/katalog/api/v1/kontoer/";
    Value account;
    for (int i = 0; i < 2000 && account["status"]["antallKonsumenter"].as_int() == 0; ++i) {
        account = world.call("GET", base + world.material("echo_account")).json();
    }
    CHECK(account["organisasjonsnummer"].as_string() == "312345676");
    CHECK(account["status"]["antallKonsumenter"].as_int() == 1);
    CHECK(account["status"]["gyldigMottaker"].as_bool());
    const Answer key = get(world.fiks->url() + base + world.material("account") +
                           "/offentligNokkel");   // for anybody
    CHECK(key.status == 200);
    CHECK(key.json()["nokkel"].as_string().starts_with("-----BEGIN CERTIFICATE-----"));
    CHECK(key.json()["valid"].as_bool());
    CHECK(world.call("GET", base + world.material("other_account") + "/offentligNokkel").status ==
          404);
    CHECK(world.call("GET", base + "11111111-2222-4333-8444-555555555555").status == 404);
    CHECK(
        world.call("GET", "/fiks-io/katalog/api/v1/lookup?identifikator=ORG_NO.310000019").status ==
        404);
    const std::string own =
        "/fiks-io/konto/api/v1/kontoer/" + world.material("other_account") + "/offentligNokkel";
    Value pem;
    pem.set("pem", key.json()["nokkel"]);
    CHECK(world.call("PUT", own, json::write(pem), {{"Content-Type", "application/json"}}).status ==
          201);
    CHECK(world.call("GET", base + world.material("other_account") + "/offentligNokkel")
              .json()["nokkel"] == key.json()["nokkel"]);
    CHECK(world.call("DELETE", own).status == 204);
    CHECK(world.call("GET", own).status == 404);
}

TEST_CASE(
    "fiks stand-in: a message nobody takes in time is told to its sender, by its id and type") {
    FiksWorld world;
    Value order = world.order(world.material("other_account"), type);
    order.set("ttl", 1000);
    const Value receipt = world.send(order, "x").json();
    const auto told = world.read(1);
    REQUIRE(told.size() == 1);
    CHECK(header(told.front(), "type") == "no.ks.fiks.kvittering.tidsavbrudd");
    CHECK(header(told.front(), "svar-til") == receipt["meldingId"].as_string());
    CHECK(header(told.front(), "svar-til-type") == type);
    CHECK(bytes_of(told.front()).empty());
}

TEST_CASE(
    "fiks stand-in: three failed deliveries are a server error to the sender, a nack is not") {
    FiksWorld world;
    const Value receipt = world.send(world.order(world.material("account"), type), "x").json();
    const auto tried = world.read(3, "requeue");
    REQUIRE(tried.size() == 3);
    CHECK_FALSE(tried[0]["redelivered"].as_bool());
    CHECK(tried[2]["redelivered"].as_bool());
    const auto told = world.read(1);
    REQUIRE(told.size() == 1);
    CHECK(header(told.front(), "type") == "no.ks.fiks.kvittering.serverfeil.v1");
    CHECK(header(told.front(), "svar-til") == receipt["meldingId"].as_string());

    world.send(world.order(world.material("account"), type), "y");
    CHECK(bytes_of(world.read(1, "nack").at(0)) == "y");
    FiksWorld::Reader nothing;
    nothing.queue = world.queue();
    nothing.wait_ms = 500;
    CHECK(world.read(nothing).empty());
}

TEST_CASE(
    "fiks stand-in: what waits outlives the broker's end, the stand-in's, and lost connections") {
    FiksWorld world;
    world.send(world.order(world.material("account"), type), "a");
    CHECK(world.command("/control/broker", R"({"act":"restart"})").status == 200);
    world.send(world.order(world.material("account"), type), "b");
    world.command("/control/broker", R"({"act":"kill"})");
    CHECK(world.send(world.order(world.material("account"), type), "c").status == 500);
    CHECK(world.command("/control/broker", R"({"act":"start"})").status == 200);
    const auto seen = world.read(2, "drop");   // not acknowledged: they come again
    REQUIRE(seen.size() == 2);
    CHECK_FALSE(seen[0]["redelivered"].as_bool());
    const std::string integration = world.material("integration_id") + world.password();
    const char* const made = "0b9cf8a4-2f60-4f4e-8d0a-310000019077";
    CHECK(world
              .command("/control/accounts", std::string(R"({"id":")") + made +
                                                R"(","name":"Ny","organisation":"310000019"})")
              .status == 200);
    world.fiks->kill();
    world.start();
    CHECK(world.material("integration_id") + world.password() == integration);
    CHECK(world.call("GET", std::string("/fiks-io/katalog/api/v1/kontoer/") + made)
              .json()["status"]["antallUavhentedeMeldinger"]
              .is_int());   // the account, and its queue
    const auto again = world.read(2);
    REQUIRE(again.size() == 2);
    CHECK(bytes_of(again[0]) == "a");
    CHECK(bytes_of(again[1]) == "b");

    // A network that fails: closed at once, then in the middle of a frame.
    FiksWorld::Reader reader;
    reader.queue = world.queue();
    reader.wait_ms = 3'000;
    world.command("/control/broker", R"({"act":"refuse"})");
    CHECK(world.read(reader).at(0).has("error"));
    world.command("/control/broker", R"({"act":"accept"})");
    world.command("/control/broker", R"({"act":"cut_after","bytes":3000})");
    CHECK(world.read(reader).at(0).has("error"));
    world.send(world.order(world.material("account"), type), "d");
    CHECK(bytes_of(world.read(1).at(0)) == "d");
}

}   // namespace gateway::tests::standins
