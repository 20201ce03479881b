#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/test_ca.hpp"
#include "tests/contract/standins/digital_post_world.hpp"
#include "tests/contract/standins/patience.hpp"

#include <algorithm>
#include <fstream>

namespace gateway::tests::standins {

using json::Value;

namespace {

std::string type_at(const std::vector<Value>& receipts, std::size_t i) {
    return type_of(receipts.at(i));
}

/// Does the signature hold by the certificate in the JWS?
bool holds(const std::string& compact) {
    const auto jws = standin::split_jws(compact);
    if (!jws) {
        return false;
    }
    const auto der = standin::from_base64(jws->header["x5c"].items().at(0).as_string());
    const auto certificate = standin::Certificate::from_der(*der);
    return certificate->public_key().verify("RS256", jws->signed_text, jws->signature);
}

std::string signer_of(const std::string& compact) {
    const auto jws = standin::split_jws(compact);
    const auto der = standin::from_base64(jws->header["x5c"].items().at(0).as_string());
    return standin::Certificate::from_der(*der)->organisation().value_or("");
}

std::size_t resident_peak_kib(const Value& line) {
    std::ifstream file("/proc/" + std::to_string(line["pid"].as_int()) + "/status");
    std::string word;
    while (file >> word) {
        if (word == "VmHWM:") {
            std::size_t size = 0;
            file >> size;
            return size;
        }
    }
    return 0;
}

}   // namespace

TEST_CASE("digital post stand-in: an answer may be lost before or after the message is stored") {
    const DigitalPost post;
    const auto built = post.build(
        {object("{}"), object("{}"), object("{}"), object("{}"), object("{}"), object("{}")});
    const auto known = [&](std::size_t i) { return !post.remembered(built[i].id()).is_null(); };
    post.fault(R"({"kind":"cut_before","match":{"method":"POST"}})");
    CHECK(post.send(built[0]).status == 0);
    CHECK_FALSE(known(0));
    post.fault(R"({"kind":"cut_after_write","match":{"method":"POST"}})");
    CHECK(post.send(built[1]).status == 0);
    CHECK(known(1));
    CHECK(post.send(built[1]).status == 400);
    CHECK(post.get("/messages/out/" + built[1].id() + "/statuses").status == 200);
    CHECK(post.get("/messages/out/" + built[0].id() + "/statuses").status == 204);
    post.fault(R"({"kind":"hang","after":true,"delay_ms":20,"match":{"method":"POST"}})");
    CHECK(post.send(built[2]).status == 0);
    CHECK(known(2));
    post.fault(R"({"kind":"hang","delay_ms":20,"match":{"path_suffix":"/messages/in"}})");
    CHECK(post.get("/messages/in").status == 0);
    post.fault(R"({"kind":"retry_after","match":{"method":"POST"}})");
    CHECK(post.send(built[3]).status == 429);
    post.fault(R"({"kind":"status","status":503,"match":{"method":"POST"}})");
    CHECK(post.send(built[3]).status == 503);
    post.fault(R"({"kind":"slow_answer","pieces":2,"delay_ms":5,"match":{"method":"GET"}})");
    post.until(2);
    CHECK_FALSE(known(3));
    post.fault(R"({"kind":"duplicate_id"})");
    const Answer used = post.send(built[4]);
    CHECK(used.status == 400);
    CHECK(used.body == "InstanceIdentifier or ConversationId already used.");
    CHECK(known(4));
    // That fault takes the next message that is sent on: no earlier one may still wait for it.
    const auto status = [&](std::size_t i) {
        const Value history = post.get("/messages/out/" + built[i].id() + "/statuses").json();
        return history.items().empty() ? Value() : history.items().back();
    };
    patience::until([&] { return status(4)["status"].as_string() == "SENDT"; });
    CHECK(status(4)["status"].as_string() == "SENDT");
    post.fault(R"({"kind":"feilet","beskrivelse":"Ingen forbindelse"})");
    post.accept(built[5]);
    patience::until([&] { return status(5)["status"].as_string() == "FEILET"; });
    CHECK(status(5)["beskrivelse"].as_string() == "Ingen forbindelse");
    const std::string path = "/messages/out/" + built[5].id() + "/statuses";
    post.fault(R"({"kind":"no_timestamp"})");
    CHECK_FALSE(post.get(path).json().items().at(0).has("timestamp"));
    CHECK(post.get(path).json().items().at(0).has("timestamp"));
}

TEST_CASE(
    "digital post stand-in: operators may fail, keep silent, turn the order or say it twice") {
    const DigitalPost post;
    const Value opened = object(R"({"body":{"aapningskvittering":true}})");
    const auto built = post.build({object("{}"), object("{}"), object("{}"), opened,
                                   object(R"({"type":"utskrift"})"), object("{}"), object("{}")});
    const auto receipts = [&](std::size_t i, const char* command, std::size_t count) {
        post.fault(command);
        const std::string query = "?kanal=melding-" + std::to_string(i);
        post.accept(built[i], query);
        return post.until(count, query);
    };
    auto got = receipts(0, R"({"kind":"feil","feiltype":"SERVER","detaljer":"Nede"})", 1);
    CHECK(type_at(got, 0) == "feil");
    CHECK(body_of(got[0])["feiltype"].as_string() == "SERVER");
    CHECK(body_of(got[0])["detaljer"].as_string() == "Nede");
    got = receipts(1, R"({"kind":"sbd_5023"})", 1);
    CHECK(body_of(got[0])["feiltype"].as_string() == "KLIENT");
    CHECK(body_of(got[0])["detaljer"].as_string() ==
          "Reason code: SBD:5023. Vedhæftning må kun optræde 1 gang");
    got = receipts(2, R"({"kind":"duplicate_receipt"})", 2);
    CHECK(type_at(got, 0) == type_at(got, 1));
    CHECK(got[0] != got[1]);
    got = receipts(3, R"({"kind":"receipts_reversed"})", 2);
    CHECK(type_at(got, 0) == "aapningskvittering");
    CHECK(type_at(got, 1) == "leveringskvittering");
    got = receipts(4, R"({"kind":"receipts_reversed"})", 2);
    CHECK(type_at(got, 0) == "leveringskvittering");
    CHECK(type_at(got, 1) == "mottakskvittering");
    got = receipts(5, R"({"kind":"duplicate_receipt","same_id":true})", 2);
    CHECK(got[0] == got[1]);
    post.fault(R"({"kind":"silent_operator"})");
    post.accept(built[6], "?kanal=taus");
    patience::until([&] { return post.remembered(built[6].id())["steps"].items().empty(); });
    CHECK(post.remembered(built[6].id())["steps"].items().empty());
    CHECK(post.receipts("?kanal=taus").empty());
    CHECK(post.get("/messages/out/" + built[6].id() + "/statuses").json().items().size() == 2);
}

TEST_CASE("digital post stand-in: a receipt may come months later") {
    DigitalPost post({"--time-scale", "1"});
    const Built letter = post.build(object(R"({"body":{"aapningskvittering":true}})"));
    post.fault(R"({"kind":"late_opening","days":90})");
    post.accept(letter);
    const auto count_after = [&](std::int64_t days) {
        post.clock(days * 24 * 3600);
        return post.child().state()["receipts"].items().size();
    };
    CHECK(count_after(1) == 1);
    CHECK(count_after(89) == 1);
    CHECK(count_after(91) == 2);
}

TEST_CASE("digital post stand-in: a receipt may be spoiled in every way") {
    const DigitalPost post;
    const Built letter = post.build();
    for (const char* way : {"wrong_signature", "wrong_organisation", "untrusted",
                            "unknown_conversation", "truncated", "extra_field", "wrong_key"}) {
        Value wanted;
        wanted.set("kind", std::string("receipt_") + way).set("then_right", true);
        const Built each = post.build();
        CHECK(post.child().command("/control/faults", wanted).status == 200);
        const std::string query = std::string("?kanal=") + way;
        post.accept(each, query);
        Value list;
        patience::until([&] {
            list = post.get("/messages/in" + query).json();
            return list.items().size() >= 2;
        });
        INFO(way);
        const std::string bad = list.items().at(0)["forretningsmelding"].as_string();
        const std::string good = list.items().at(1)["forretningsmelding"].as_string();
        CHECK(holds(good));
        CHECK(signer_of(good) == "984661185");
        CHECK(conversation_of(payload_of(good)) == each.conversation());
        const std::string kind = way;
        CHECK(holds(bad) == (kind != "wrong_signature" && kind != "truncated"));
        if (kind == "truncated") {
            CHECK(std::count(bad.begin(), bad.end(), '.') < 2);
            continue;
        }
        const Value payload = payload_of(bad);
        CHECK((signer_of(bad) == "984661185") == (kind != "wrong_organisation"));
        CHECK((conversation_of(payload) == each.conversation()) ==
              (kind != "unknown_conversation"));
        CHECK(body_of(payload).has("maskinportentoken") == (kind == "extra_field"));
        CHECK(payload["standardBusinessDocument"].has("digital") == (kind == "wrong_key"));
    }
    post.fault(R"({"kind":"receipt_replayed"})");
    post.accept(letter, "?kanal=igjen");
    const Value receipt = post.until(1, "?kanal=igjen").front();
    const std::string id = receipt["standardBusinessDocument"]["standardBusinessDocumentHeader"]
                                  ["documentIdentification"]["instanceIdentifier"]
                                      .as_string();
    CHECK(post.post("/messages/in/" + id + "/read").status == 200);
    CHECK(post.receipts("?kanal=igjen").front() == receipt);
    CHECK(post.post("/messages/in/" + id + "/read").status == 200);
    CHECK(post.get("/messages/in?kanal=igjen").status == 204);
    post.fault(R"({"kind":"nothing_unread","times":0})");
    CHECK(post.get("/messages/in").status == 204);
    CHECK(post.get("/messages/in").status == 204);
}

TEST_CASE("digital post stand-in: every receipt can be ordered, and only as the schema has it") {
    const DigitalPost post;
    const auto built = post.build({object("{}"), object(R"({"type":"utskrift"})")});
    for (const Built& message : built) {
        post.accept(message);
    }
    const auto command = [&](const std::string& message, const char* wanted) {
        Value body = object(wanted);
        body.set("message", message);
        return post.child().command("/control/receipts", body).status;
    };
    CHECK(command(built[0].id(), R"({"type":"aapningskvittering"})") == 200);
    CHECK(command(built[0].conversation(),
                  R"({"type":"varslingfeiletkvittering","varslingskanal":"sms"})") == 200);
    CHECK(
        command(
            built[0].id(),
            R"({"type":"varslingfeiletkvittering","varslingskanal":"epost","beskrivelse":"Adressen finnes ikke"})") ==
        200);
    CHECK(command(built[1].id(), R"({"type":"returpostkvittering"})") == 200);
    CHECK(command(built[1].id(), R"({"type":"mottakskvittering"})") == 200);
    CHECK(command(built[0].id(), R"({"type":"feil","feiltype":"KLIENT","detaljer":"x"})") == 200);
    CHECK(command(built[0].id(), R"({"type":"leveringskvittering","spoiled":"untrusted"})") == 200);
    for (const char* wrong :
         {R"({"type":"digital"})", R"({"type":"ukjent"})", R"({})", R"({"type":"feil"})",
          R"({"type":"feil","feiltype":"ANNEN"})", R"({"type":"varslingfeiletkvittering"})",
          R"({"type":"aapningskvittering","ekstra":1})",
          R"({"type":"aapningskvittering","spoiled":"ukjent"})"}) {
        INFO(wrong);
        CHECK(command(built[0].id(), wrong) == 400);
    }
    CHECK(command("6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36",
                  R"({"type":"feil","feiltype":"KLIENT"})") == 400);
    std::size_t ordered = 0;
    const Value state = post.child().state();
    for (const Value& receipt : state["receipts"].items()) {
        ordered += receipt["type"].as_string() == "varslingfeiletkvittering" ? 1U : 0U;
    }
    CHECK(ordered == 2);
}

TEST_CASE("digital post stand-in: fifty megabytes are taken in constant memory, more is refused") {
    const DigitalPost post({"--time-scale", "1"});
    const auto sized = [](std::size_t bytes) {
        Value document;
        document.set("name", "stor.pdf").set("mime", "application/pdf").set("title", "Stor");
        document.set("random", static_cast<std::int64_t>(bytes));
        return Value::object().set("documents", Value::array().push(std::move(document)));
    };
    constexpr std::size_t most = 50U << 20U;
    const auto built = post.build({object("{}"), sized(most - (64U << 10U)), sized(most + 1)});
    post.accept(built[0], "?kanal=a");   // everything has been used once
    const std::size_t before = resident_peak_kib(post.child().line());
    post.accept(built[1], "?kanal=a");
    CHECK(resident_peak_kib(post.child().line()) - before < 8U << 10U);
    post.accept(built[2], "?kanal=b");
    post.clock(60);
    CHECK(type_at(post.until(2, "?kanal=a"), 1) == "leveringskvittering");
    CHECK(body_of(post.until(1, "?kanal=b").front())["detaljer"].as_string() ==
          "Dokumentpakken er større enn 50 MB");
}

}   // namespace gateway::tests::standins
