#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace fiks_world;

namespace {

std::string message(const std::string& type, const std::string& more = {}) {
    return R"({"type":"protocol","version":1,"messageType":")" + type + R"(","to":{"account":")" +
           archive_account + "\"}" + more + "}";
}

std::vector<std::string> faults(const std::string& text,
                                const std::vector<core::DocumentRef>& documents = {}) {
    std::vector<std::string> made;
    for (const auto& problem : fiks::check_message(*json::parse(text), documents)) {
        made.push_back(problem.pointer + " " + problem.code.value);
    }
    return made;
}

using Faults = std::vector<std::string>;

const std::string arealplan = "no.ks.fiks.plan.v2.innsyn.arealplan.hent";
const std::string update = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater";

std::string reply_to(const std::string& type) {
    return R"(,"replyTo":{"messageId":")" + std::string(message_id) + R"(","messageType":")" +
           type + "\"}";
}

}   // namespace

TEST_CASE("fiks rules: a message that its protocol knows has nothing wrong with it") {
    CHECK(faults(message(arealplan, R"(,"payload":{"json":{}})")).empty());
    CHECK(
        faults(message(arealplan, R"(,"documents":[{"part":"a","name":"payload.json"}])")).empty());
    CHECK(faults(message("no.ks.fiks.matrikkelfoering.v2.grunnlag",
                         R"(,"documents":[{"part":"a","name":"byggesak.xml"},)"
                         R"({"part":"b","name":"index.json"},{"part":"c","name":"a.pdf"}])"))
              .empty());
    CHECK(faults(message(update + ".mottatt", reply_to(update))).empty());
    CHECK(faults(message("no.ks.fiks.arkiv.v1.arkivering.dokumentobjekt.opprett",
                         R"(,"documents":[{"part":"a","name":"arkivmelding.xml"}])"))
              .empty());
}

TEST_CASE("fiks rules: an unknown type, another protocol, and what only Fiks sends are refused") {
    CHECK(faults(message("no.ks.fiks.nothing")) == Faults{"/messageType fiks_io.type_unknown"});
    CHECK(
        faults(message(arealplan, R"(,"protocol":"no.ks.fiks.arkiv.v1","payload":{"json":{}})")) ==
        Faults{"/protocol fiks_io.protocol_other"});
    CHECK(faults(message("no.ks.fiks.kvittering.tidsavbrudd", reply_to(arealplan)))[0] ==
          "/messageType fiks_io.type_never_sent");
    CHECK(faults(message("no.ks.fiks.plan.v2.oppdatering.planendring.registrer",
                         R"(,"payload":{"json":{}})")) ==
          Faults{"/messageType fiks_io.type_never_sent"});
}

TEST_CASE("fiks rules: a type has the files of its protocol, or none") {
    CHECK(faults(message(arealplan)) == Faults{"/documents fiks_io.payload_missing"});
    CHECK(faults(message(arealplan, R"(,"documents":[{"part":"a","name":"Payload.json"}])")) ==
          Faults{"/documents fiks_io.payload_missing"});
    CHECK(faults(message("no.ks.fiks.matrikkelfoering.v2.grunnlag",
                         R"(,"payload":{"text":"<byggesak/>"})")) ==
          Faults{"/documents fiks_io.payload_missing"});
    CHECK(faults(message("no.ks.fiks.plan.v2.innsyn.dokumentfil.hent.resultat",
                         reply_to("no.ks.fiks.plan.v2.innsyn.dokumentfil.hent"))) ==
          Faults{"/documents fiks_io.payload_missing"});
    CHECK(faults(message(update + ".mottatt", reply_to(update) + R"(,"payload":{"json":{}})"))
              .front() == "/payload fiks_io.file_name_unusable");
    CHECK(faults(message(update + ".mottatt",
                         reply_to(update) + R"(,"documents":[{"part":"a","name":"a.pdf"}])")) ==
          Faults{"/documents fiks_io.payload_not_wanted"});
}

TEST_CASE("fiks rules: file names are plain, and each its own whatever its case") {
    const auto named = [](const std::string& name) {
        return faults(message(arealplan, R"(,"payload":{"json":{}},"documents":[{"part":"a",)"
                                         R"("name":")" +
                                             name + "\"}]"));
    };
    CHECK(named("Søknad om tilskudd.pdf").empty());
    for (const char* name :
         {"../a.pdf", "a\\\\b.pdf", "c:a.pdf", "mimetype", "..", "META-INF/a", "a\\u0007b"}) {
        INFO(name);
        CHECK(named(name) == Faults{"/documents/0/name fiks_io.file_name_unusable"});
    }
    CHECK(named(std::string(201, 'a')) == Faults{"/documents/0/name fiks_io.file_name_unusable"});
    CHECK(named("PAYLOAD.json") == Faults{"/documents/0/name fiks_io.file_name_twice"});
}

TEST_CASE("fiks rules: an answer says what it answers, and may answer that") {
    CHECK(faults(message(update + ".mottatt")) == Faults{" fiks_io.reply_missing"});
    CHECK(faults(message(update + ".mottatt", reply_to(arealplan))) ==
          Faults{"/messageType fiks_io.answer_not_allowed"});
    CHECK(faults(message(update + ".mottatt", reply_to("no.ks.fiks.nothing"))) ==
          Faults{"/replyTo/messageType fiks_io.type_unknown"});
    CHECK(faults(message(arealplan, reply_to(update) + R"(,"payload":{"json":{}})")) ==
          Faults{"/replyTo fiks_io.not_an_answer"});
}

TEST_CASE("fiks rules: an error that is told in JSON holds what its protocol asks for") {
    const std::string invalid = "no.ks.fiks.plan.v2.feilmelding.ugyldigforespoersel";
    const auto with = [&](const std::string& payload) {
        return faults(
            message(invalid, reply_to(arealplan) + R"(,"payload":{"json":)" + payload + "}"));
    };
    CHECK(with(R"({"errorId":"1","feilmelding":"Mangler"})").empty());
    CHECK(with(R"({"errorId":"1"})") ==
          Faults{"/payload/json/feilmelding fiks_io.payload_invalid"});
    CHECK(with(R"({"errorId":7,"feilmelding":"Mangler"})") ==
          Faults{"/payload/json/errorId fiks_io.payload_invalid"});
    const std::string concern = "no.ks.fiks.bekymringsmelding.privat.v2";
    CHECK(faults(message("no.ks.fiks.bekymringsmelding.feilet.v1",
                         reply_to(concern) + R"(,"payload":{"json":{"melding":"nei"}})"))
              .empty());
    CHECK(faults(message("no.ks.fiks.bekymringsmelding.feilet.v1",
                         reply_to(concern) + R"(,"payload":{"json":{}})"))
              .front() == "/payload/json/melding fiks_io.payload_invalid");
}

TEST_CASE("fiks rules: more than 5 GB is refused before it is sent") {
    core::DocumentRef half;
    half.size = 2'500'000'000;
    const std::string text = message(arealplan, R"(,"payload":{"json":{}})");
    CHECK(faults(text, {half}).empty());
    CHECK(faults(text, {half, half}) == Faults{"/documents fiks_io.too_large"});
    half.size = UINT64_MAX;
    CHECK(faults(text, {half, half, half}) == Faults{"/documents fiks_io.too_large"});
}

TEST_CASE("fiks rules: a delivery becomes a message with its key as klientMeldingId") {
    World world;
    auto delivery =
        world.delivery(message(arealplan, R"(,"payload":{"json":{"a":1}})"), R"({"ttl_hours":2})");
    const auto made = fiks::prepare(delivery);
    REQUIRE(made.has_value());
    CHECK(made->message.client_id == delivery.id.to_string());
    CHECK(made->message.correlation == delivery.id.to_string());
    CHECK(made->message.ttl == std::chrono::hours(2));
    REQUIRE(made->message.files.size() == 1);
    CHECK(made->message.files[0].name == "payload.json");
    CHECK(made->message.files[0].text == R"({"a":1})");
    CHECK(fiks::first_answer_within(*made) == std::chrono::hours(3));
    delivery.settings = R"({"answer_hours":1})";
    CHECK(fiks::first_answer_within(*fiks::prepare(delivery)) == std::chrono::hours(1));
    delivery.settings = "{}";
    CHECK(fiks::first_answer_within(*fiks::prepare(delivery)) == std::chrono::hours(24));
    delivery.content = message(update + ".mottatt", reply_to(update));
    CHECK(fiks::prepare(delivery)->message.in_reply_to == message_id);
    CHECK(fiks::prepare(delivery)->message.correlation.empty());
    CHECK_FALSE(fiks::first_answer_within(*fiks::prepare(delivery)).has_value());
    delivery.content = message("no.ks.fiks.plan.v2.innsyn.dokumentfil.hent.resultat",
                               R"(,"payload":{"text":"x"})");
    CHECK_FALSE(fiks::prepare(delivery).has_value());
    delivery.content = "{}";
    CHECK_FALSE(fiks::prepare(delivery).has_value());
}
