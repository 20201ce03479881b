#include "tests/unit/adapter_svarut/svarut_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include <map>

using namespace svarut_world;
using core::Errc;
using sdk::ReceiptKind;

namespace {

constexpr const char* status_url = "/forsendelser/status/sok";

sdk::Receipts poll_told(World& world, const std::string& status) {
    world.http().expect("POST", status_url).answer_json(200, told(status));
    auto receipts = world.poll(world.delivery());
    REQUIRE(receipts.has_value());
    return *receipts;
}

}   // namespace

TEST_CASE("svarut: every status of v2 and v3 has its meaning for the delivery") {
    struct Meaning {
        ReceiptKind kind;
        bool asked_again;
        const char* code;
    };
    const std::map<std::string, Meaning> meanings{
        {"AKSEPTERT", {ReceiptKind::other, true, "svarut.accepted"}},
        {"VARSLET", {ReceiptKind::notice_sent, true, "svarut.notice_sent"}},
        {"KLAR_FOR_MOTTAK", {ReceiptKind::other, true, "svarut.waits_for_system"}},
        {"SENDT_PRINT", {ReceiptKind::other, true, "svarut.sent_to_print"}},
        {"SENDT_DIGITALT", {ReceiptKind::other, true, "svarut.sent_digitally"}},
        {"SENDT_ALTINN", {ReceiptKind::other, true, "svarut.sent_to_altinn"}},
        {"SENDT_SDP", {ReceiptKind::other, true, "svarut.sent_to_mailbox"}},
        {"SENDT_NHN_MOTTAKER", {ReceiptKind::other, true, "svarut.sent_to_health_network"}},
        {"LEVERT_ALTINN", {ReceiptKind::delivered, true, "svarut.delivered_altinn"}},
        {"LEVERT_SDP", {ReceiptKind::delivered, true, "svarut.delivered_mailbox"}},
        {"LEVERT_NHN_MOTTAKER", {ReceiptKind::delivered, true, "svarut.delivered_health_network"}},
        {"LEST", {ReceiptKind::read, false, "svarut.read"}},
        {"PRINTET", {ReceiptKind::delivered, false, "svarut.printed"}},
        {"MANUELT_HANDTERT", {ReceiptKind::other, false, "svarut.handled_by_hand"}},
        {"SLETTET", {ReceiptKind::other, false, "svarut.deleted"}},
    };
    for (const auto& [status, meaning] : meanings) {
        INFO(status);
        World world;
        const auto receipts = poll_told(world, status);
        REQUIRE(receipts.items.size() == 1);
        CHECK(receipts.items[0].kind == meaning.kind);
        CHECK(receipts.items[0].code.value == meaning.code);
        CHECK(receipts.items[0].dedupe_id == std::string(shipment_id) + ":" + status);
        CHECK(core::to_rfc3339(receipts.items[0].at) == "2026-01-15T10:55:00.000Z");
        CHECK(receipts.ask_again.has_value() == meaning.asked_again);
    }
}

TEST_CASE(
    "svarut: what failed is told in SvarUt's words, and whether another channel may take over") {
    for (const auto& [status, kind, other, code] :
         std::vector<std::tuple<std::string, ReceiptKind, bool, const char*>>{
             {"AVVIST", ReceiptKind::refused, false, "svarut.rejected"},
             {"FEILET_UNDER_MOTTAK", ReceiptKind::failed, true, "svarut.failed_receiving"},
             {"IKKE_LEVERT", ReceiptKind::failed, true, "svarut.not_delivered"}}) {
        World world;
        world.http().expect("POST", status_url).answer_json(200, told(status));
        world.http().expect("GET", "/hendelser").answer_json(200, R"({"hendelser":[
            {"tidspunkt":"2026-01-15T11:00:00Z","hendelse":"Mottatt"},
            {"tidspunkt":"2026-01-15T11:01:00Z","hendelse":"PDF har passord"}]})");
        const auto receipts = world.poll(world.delivery());
        REQUIRE(receipts.has_value());
        CHECK(receipts->items.at(0).kind == kind);
        CHECK(receipts->items.at(0).code.value == code);
        CHECK(receipts->items.at(0).other_channel_may == other);
        CHECK(receipts->items.at(0).upstream_text == "PDF har passord");
        CHECK_FALSE(receipts->ask_again.has_value());
    }
}

TEST_CASE("svarut: that it was received is no news, a status nobody knows is told by its name") {
    World world;
    CHECK(poll_told(world, "MOTTATT").items.empty());
    const auto receipts = poll_told(world, "NYTT_I_V4");
    REQUIRE(receipts.items.size() == 1);
    CHECK(receipts.items[0].kind == ReceiptKind::other);
    CHECK(receipts.items[0].params == core::Params{{"status", "NYTT_I_V4"}});
    CHECK(receipts.ask_again.has_value());
}

TEST_CASE("svarut: a status told twice or late is the same news or an older one") {
    World world;
    world.http().expect("POST", status_url).answer_json(200, R"({"statuser":[
        {"id":"0198408f-979c-45e0-b23e-aef6e9070150","status":"LEST","sisteStatusEndring":"2026-01-15T12:00:00Z"},
        {"id":"0198408f-979c-45e0-b23e-aef6e9070150","status":"AKSEPTERT","sisteStatusEndring":"2026-01-15T11:00:00Z"}]})");
    const auto receipts = world.poll(world.delivery());
    REQUIRE(receipts->items.size() == 1);
    CHECK(receipts->items[0].kind == ReceiptKind::read);
}

TEST_CASE("svarut: a new shipment is asked about often, an old one seldom and then no more") {
    World world;
    const auto delivery = world.delivery();
    const auto again = [&] {
        world.http().expect("POST", status_url).answer_json(200, told("SENDT_ALTINN"));
        return world.poll(delivery)->ask_again;
    };
    CHECK(again() == seconds(60));
    world.fake.clock.advance(std::chrono::hours(2));
    CHECK(again() == seconds(600));
    world.fake.clock.advance(std::chrono::hours(23));
    CHECK(again() == seconds(3600));
    world.fake.clock.advance(std::chrono::hours(24 * 60));
    CHECK_FALSE(again().has_value());
}

TEST_CASE("svarut: deliveries that are asked about at once share one call") {
    World world;
    std::vector<std::string> asked;
    world.http().always("POST", status_url).answer_with([&](const tests::SentRequest& sent) {
        const auto body = parsed(sent.body);
        json::Value list = json::Value::array();
        for (const auto& id : body["id"].items()) {
            asked.push_back(id.as_string());
            list.push(parsed(told("LEST", id.as_string()))["statuser"].items().front());
        }
        json::Value out;
        out.set("statuser", std::move(list));
        return sdk::HttpResponse(200, json::write(out));
    });
    constexpr int many = 20;
    int answered = 0;
    std::vector<core::Delivery> deliveries;
    for (int i = 0; i < many; ++i) {
        deliveries.push_back(world.delivery());
        deliveries.back().upstream_reference = world.fake.ids->uuid().to_string();
    }
    for (const auto& delivery : deliveries) {
        boost::asio::co_spawn(
            world.io, world.adapter->sender()->poll_receipts(delivery, world.in(60)),
            [&](const std::exception_ptr&, core::Result<sdk::Receipts> told_back) {
                answered += told_back && told_back->items.size() == 1 ? 1 : 0;
            });
    }
    world.io.restart();
    world.io.run();
    CHECK(answered == many);
    CHECK(asked.size() == many);
    CHECK(world.http().calls().size() <= 2);
}

TEST_CASE("svarut: statuses that cannot be had are asked for later") {
    World world;
    world.http().expect("POST", status_url).fail(Errc::unreachable);
    CHECK_FALSE(world.poll(world.delivery()).has_value());
    world.http().expect("POST", status_url).answer_json(500, "{}");
    CHECK_FALSE(world.poll(world.delivery()).has_value());
    world.http()
        .expect("POST", status_url)
        .answer_json(200, R"({"statuser":[{"id":"x","status":"LEST"}]})");
    CHECK_FALSE(world.poll(world.delivery()).has_value());
}

TEST_CASE("svarut: a shipment SvarUt does not know is asked for an hour and then told as gone") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", status_url).answer_json(200, R"({"statuser":[]})");
    const auto early = world.poll(delivery);
    CHECK(early->items.empty());
    CHECK(early->ask_again == seconds(60));
    world.fake.clock.advance(std::chrono::hours(2));
    world.http().expect("POST", status_url).answer_json(200, R"({"statuser":[]})");
    const auto gone = world.poll(delivery);
    REQUIRE(gone->items.size() == 1);
    CHECK(gone->items[0].code.value == "svarut.gone");
}

TEST_CASE("svarut: documents are deleted once delivered, once in a process, and that is told") {
    World world(R"(,"delete_documents":"originals")");
    world.http().expect("POST", status_url).answer_json(200, told("LEVERT_ALTINN"));
    world.http().expect("DELETE", "/dokumenter?slettetype=ORIGINALDOKUMENTER").answer(204);
    const auto receipts = world.poll(world.delivery());
    REQUIRE(receipts->items.size() == 2);
    CHECK(receipts->items[1].code.value == "svarut.documents_deleted");
    world.http().expect("POST", status_url).answer_json(200, told("LEST"));
    CHECK(world.poll(world.delivery())->items.size() == 1);
}

TEST_CASE("svarut: all is deleted only when it was read or printed, and a failed deletion is tried "
          "again") {
    World world(R"(,"delete_documents":"all")");
    world.http().expect("POST", status_url).answer_json(200, told("LEVERT_SDP"));
    CHECK(world.poll(world.delivery())->items.size() == 1);
    world.http().expect("POST", status_url).answer_json(200, told("PRINTET"));
    world.http().expect("DELETE", "/dokumenter?slettetype=ALLE").answer_json(500, "{}");
    const auto failed = world.poll(world.delivery());
    CHECK(failed->items.size() == 1);
    CHECK(failed->ask_again == seconds(60));
    world.http().expect("POST", status_url).answer_json(200, told("PRINTET"));
    world.http().expect("DELETE", "/dokumenter?slettetype=ALLE").answer(204);
    CHECK(world.poll(world.delivery())->items.size() == 2);
}

TEST_CASE("svarut: what became of the signing is told beside the shipment's status") {
    World world;
    const auto delivery =
        world.delivery(letter(), R"({"sign":{"kind":"authenticated","days":14}})");
    world.http().expect("POST", status_url).answer_json(200, told("LEST"));
    world.http().expect("GET", "/signeringshendelser").answer_json(200, R"({"hendelser":[
        {"tidspunkt":"2026-01-15T11:00:00Z","status":"VENTER_SIGNERING","hendelse":"x"},
        {"tidspunkt":"2026-01-15T11:01:00Z","status":"SIGNERT_AV_MOTTAKER","hendelse":"y"}]})");
    const auto receipts = world.poll(delivery);
    REQUIRE(receipts->items.size() == 3);
    CHECK(receipts->items[1].code.value == "svarut.sign_waits");
    CHECK(receipts->items[2].code.value == "svarut.signed");
    CHECK(receipts->items[2].kind == ReceiptKind::confirmed);
    for (const auto& [status, code] :
         std::map<std::string, std::string>{{"AVVIST_AV_SVARUT", "svarut.sign_rejected"},
                                            {"AVVIST_AV_MOTTAKER", "svarut.sign_declined"},
                                            {"UTLOPT", "svarut.sign_expired"}}) {
        svarut::Event event;
        event.status = status;
        CHECK(svarut::signing_receipt("id", event).code.value == code);
    }
}

TEST_CASE("svarut: operators ask and act by the calls that v2 has") {
    World world;
    world.http()
        .expect("GET", "/api/v2/forsendelsestyper")
        .answer_json(200, R"({"forsendelsestyper":["A"]})");
    CHECK(world.act("shipment_types", json::Value::object())
              .value["forsendelsestyper"]
              .items()
              .size() == 1);
    world.http()
        .expect("GET",
                "/api/v2/mottakersystem?organisasjonsnummer=310002003&forsendelseType=Plan&niva=4")
        .answer_json(200, R"({"mottakersystemer":[]})");
    world.act("recipient_systems",
              parsed(R"({"organisation":"310002003","type":"Plan","level":4})"));
    world.http()
        .expect("GET", std::string("/forsendelser/metadata?eksternRef=") + key)
        .answer_json(200, R"({"forsendelser":[]})");
    world.act("find_shipment",
              parsed(std::string(R"({"tenant":"310001007","reference":")") + key + "\"}"));
    world.http()
        .expect("GET", std::string("/api/v2/forsendelser/") + shipment_id + "/hendelser")
        .answer_json(200, "{}");
    world.act("shipment_events", parsed(given_id()));
    world.http().expect("GET", "/metadata").answer_json(200, "{}");
    world.act("shipment_metadata", parsed(given_id()));
    world.http().expect("DELETE", "slettetype=ALLE").answer(204);
    CHECK(world
              .act("delete_documents",
                   parsed(std::string(R"({"which":"all","id":")") + shipment_id + "\"}"))
              .verdict == sdk::Verdict::accepted);
    world.http().expect("POST", "/lest").answer(204);
    world.act(
        "mark_read",
        parsed(
            std::string(
                R"({"person":"17859130003","at":"2026-01-15T12:00:00Z","system":"Min side","id":")") +
            shipment_id + "\"}"));
    CHECK(parsed(world.call(6).body)["fnr"].as_string() == "17859130003");
    CHECK(world.call(6).url.find("17859130003") == std::string::npos);
    const auto wrong = world.act("mark_read", parsed(R"({"id":"../x"})"));
    CHECK(wrong.verdict == sdk::Verdict::rejected);
    CHECK(wrong.code.value == "svarut.act_incomplete");
    CHECK(world.act("dance", json::Value::object()).code.value == "connection.no_such_act");
}

TEST_CASE("svarut: health is told by a question that needs all three headers") {
    World world;
    world.http()
        .expect("GET", "/forsendelsestyper")
        .answer_json(200, R"({"forsendelsestyper":[]})");
    CHECK(tests::run(world.io, world.adapter->check_health(world.in(10))).condition ==
          sdk::Condition::ready);
    world.http().expect("GET", "/forsendelsestyper").fail(Errc::unreachable);
    CHECK(tests::run(world.io, world.adapter->check_health(world.in(10))).condition ==
          sdk::Condition::down);
    world.http().expect("GET", "/forsendelsestyper").answer_json(403, "{}");
    CHECK(tests::run(world.io, world.adapter->check_health(world.in(10))).condition ==
          sdk::Condition::degraded);
}

TEST_CASE("svarut: a status that cannot be read holds up no other, and is asked for again") {
    World world;
    const std::string batch =
        std::string(
            R"({"statuser":[{"id":"43ee26b7-838b-4f99-b81c-d21551b621d8","status":"PRINTET"},)") +
        R"({"id":")" + shipment_id + R"(","status":"les personen 17859130003"}]})";
    const auto read = svarut::read_statuses(sdk::HttpResponse(200, batch));
    REQUIRE(read.has_value());
    CHECK(read->size() == 2);
    CHECK(read->at("43ee26b7-838b-4f99-b81c-d21551b621d8").status == "PRINTET");
    world.http().expect("POST", status_url).answer_json(200, batch);
    const auto receipts = world.poll(world.delivery());
    REQUIRE(receipts.has_value());
    CHECK(receipts->items.empty());
    CHECK_FALSE(world.fake.log.holds("17859130003"));
    CHECK(receipts->ask_again.has_value());
}
