#include "adapters/common/standin/operator_certificates.hpp"
#include "tests/contract/standins/digital_post_world.hpp"
#include "tests/contract/standins/patience.hpp"

#include <fstream>

namespace gateway::tests::standins {

using json::Value;

namespace {

constexpr const char* municipality = "310000019";
constexpr const char* supplier = "310356875";

void write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

/// Signing material as Maskinporten's stand-in makes it: {"key", "chain", "root"}, as files.
Value material(const DigitalPost& post, const char* organisation, const char* kind = "valid") {
    Value wanted;
    wanted.set("organisation", organisation).set("kind", kind);
    const Value made = post.maskinporten().command("/control/certificates", wanted).json();
    const std::string stem = post.folder() + "/" + organisation + "-" + kind;
    write(stem + ".key.pem", made["key"].as_string());
    write(stem + ".chain.pem", made["chain"].as_string());
    Value out;
    out.set("key", stem + ".key.pem").set("chain", stem + ".chain.pem");
    out.set("root", post.maskinporten().line()["material"]["ca"]);
    return out;
}

Value with(Value changes, const Value& more) {
    for (const auto& [name, value] : more.members()) {
        changes.set(name, value);
    }
    return changes;
}

std::string detail_of(const Answer& answer) {
    return answer.json()["detail"].as_string();
}

std::string part(const std::string& name, const std::string& type, const std::string& content) {
    return "---grense-4711\r\nContent-Disposition: form-data; name=\"" + name +
           "\"; filename=\"f\"\r\nContent-Type: " + type + "\r\n\r\n" + content + "\r\n";
}

}   // namespace

TEST_CASE("digital post stand-in: only certificates that hold may sign a message") {
    const DigitalPost post;
    const std::vector<const char*> kinds{"expired", "not_yet_valid", "self_signed", "other_ca"};
    std::vector<Value> changes;
    for (const char* kind : kinds) {
        Value each = material(post, municipality, kind);
        each.set("asic", material(post, municipality));
        changes.push_back(std::move(each));
    }
    Value stranger = material(post, supplier);
    stranger.set("asic", material(post, municipality));
    changes.push_back(std::move(stranger));
    const auto built = post.build(changes);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const Answer answer = post.send(built[i]);
        INFO(kinds[i] << ": " << answer.body);
        CHECK(answer.status == 400);
        CHECK(detail_of(answer).starts_with("certificate: "));
    }
    const Answer answer = post.send(built.back());
    CHECK(answer.status == 400);
    CHECK(detail_of(answer).find("not the organisation in the certificate") != std::string::npos);
}

TEST_CASE("digital post stand-in: an operator takes no package that somebody else has signed") {
    const DigitalPost post;
    std::vector<Value> changes;
    for (const char* kind : {"expired", "self_signed", "other_ca"}) {
        Value each;
        each.set("asic", material(post, municipality, kind));
        changes.push_back(std::move(each));
    }
    Value stranger;
    stranger.set("asic", material(post, supplier));
    changes.push_back(std::move(stranger));
    const auto built = post.build(changes);
    for (const Built& message : built) {
        post.accept(message);
    }
    const auto receipts = post.until(built.size());
    for (const Value& receipt : receipts) {
        CHECK(type_of(receipt) == "feil");
    }
    const Value objection = post.remembered(built.back().id())["objection"];
    CHECK(objection.as_string() ==
          "Pakken er signert av en annen virksomhet enn forretningsmeldingen");
    CHECK(post.remembered(built.front().id())["objection"].as_string().find(
              "certificate has expired") != std::string::npos);
}

TEST_CASE("digital post stand-in: a supplier sends for a municipality with its own signature") {
    const DigitalPost post;
    Value wanted;
    wanted.set("organisation", municipality).set("supplier", supplier);
    const std::string delegated = post.token(wanted);
    Value own_only;
    own_only.set("organisation", supplier);
    const std::string of_supplier = post.token(own_only);
    Value right = material(post, supplier);
    right.set("sender", supplier).set("avsender", municipality).set("token", delegated);
    // One of the five places wrong at a time: signature, token, avsender.
    Value as_municipality;
    as_municipality.set("token", delegated);
    const auto built =
        post.build({right, as_municipality, with(right, Value::object().set("token", of_supplier)),
                    with(right, Value::object().set("avsender", supplier))});
    const Answer sent = post.send(built[0], delegated);
    INFO(sent.body);
    CHECK(sent.status == 201);
    CHECK(detail_of(post.send(built[1], delegated)).find("supplier") != std::string::npos);
    CHECK(detail_of(post.send(built[2], of_supplier)).find("consumer") != std::string::npos);
    CHECK(detail_of(post.send(built[3], delegated)).find("consumer") != std::string::npos);

    // The supplier fetches for all it sends for, without the municipality in its token.
    CHECK(post.get("/messages/in").status == 204);
    patience::until([&] { return post.get("/messages/in", of_supplier).status != 204; });
    const Answer list = post.get("/messages/in", of_supplier);
    REQUIRE(list.status == 200);
    const Value receipt = payload_of(list.json().items().at(0)["forretningsmelding"].as_string());
    const Value& header = receipt["standardBusinessDocument"]["standardBusinessDocumentHeader"];
    CHECK(type_of(receipt) == "leveringskvittering");
    CHECK(header["receiver"].items().at(0)["identifier"]["value"].as_string() ==
          "0192:" + std::string(supplier));
    CHECK(body_of(receipt)["mottaker"]["virksomhetsidentifikator"]["value"].as_string() ==
          "0192:" + std::string(municipality));
    CHECK(post.get("/messages/out/" + built[0].id() + "/statuses").status == 204);
    CHECK(post.get("/messages/out/" + built[0].id() + "/statuses", of_supplier).status == 200);
}

TEST_CASE("digital post stand-in: a call needs a token that holds and an agreement") {
    const DigitalPost post;
    const Built message = post.build();
    const auto refused = [&](const std::string& bearer, int status) {
        for (const Answer& answer :
             {post.get("/messages/in", bearer), post.get("/messages/in/" + message.id(), bearer),
              post.get("/messages/out/" + message.id() + "/statuses", bearer),
              post.post("/messages/in/" + message.id() + "/read", bearer),
              post.send(message, bearer)}) {
            INFO(answer.head << answer.body);
            CHECK(answer.status == status);
            CHECK(answer.json()["status"].as_int() == status);
        }
    };
    CHECK(get(post.child().url() + "/messages/in").status == 401);
    refused("abc", 401);
    refused(post.bearer() + "x", 401);
    refused(post.token(object(R"({"lifetime":-20})")), 401);
    refused(post.token(object(R"({"scope":"krr:global/digitalpost.read"})")), 403);
    refused(post.token(object(R"({"resource":"https://en.annen.no"})")), 401);
    Value audience;
    audience.set("resource", post.child().url());
    CHECK(post.get("/messages/in", post.token(audience)).status == 204);
    audience.set("resource", Value::array().push("https://en.annen.no").push(post.child().url()));
    CHECK(post.get("/messages/in", post.token(audience)).status == 204);

    Value command;
    command.set("organisation", municipality).set("agreement", false);
    CHECK(post.child().command("/control/agreements", command).status == 200);
    refused(post.bearer(), 403);
    command.set("agreement", true);
    CHECK(post.child().command("/control/agreements", command).status == 200);
    CHECK(post.send(message).status == 201);
    CHECK(post.child().command("/control/agreements", Value::object()).status == 400);
}

TEST_CASE("digital post stand-in: the upload has exactly its two parts") {
    const DigitalPost post;
    const Built message = post.build();
    const std::string jwt = part("forretningsmelding", "application/jwt", message.jwt);
    const std::string cms = part("dokumentpakke", "application/cms", message.cms);
    const std::string end = "---grense-4711--\r\n";
    for (const std::string& body :
         {jwt + end, cms + end, end, std::string(), jwt + cms, jwt + jwt + cms + end,
          jwt + cms + cms + end, jwt + cms + part("vedlegg", "text/plain", "x") + end,
          part("forretningsmelding", "application/json", message.jwt) + cms + end,
          jwt + part("dokumentpakke", "application/octet-stream", message.cms) + end,
          part("forretningsmelding", "application/jwt", std::string(300'000, 'a')) + cms + end,
          part("forretningsmelding", "application/jwt", "a.b.c") + cms + end}) {
        const Answer answer = post.send_body(body);
        INFO(answer.body);
        CHECK(answer.status == 400);
        CHECK(answer.json()["status"].as_int() == 400);
    }
    for (const char* channel :
         {"?kanal=", "?kanal=med%20mellomrom", "?kanal=k%C3%A6",
          "?kanal=abcdefghijklmnopqrstuvwxyz123", "?page=x", "?page_size=0"}) {
        CHECK(post.send(message, {}, channel).status == 400);
        CHECK(post.get(std::string("/messages/in") + channel).status == 400);
    }
    CHECK(post.send_body(cms + jwt + end).status == 201);   // in any order
    CHECK(post.child().state()["messages"].items().size() == 1);
}

TEST_CASE("digital post stand-in: a letter goes to a mailbox that the register knows") {
    const DigitalPost post;
    gateway::standin::write_mailboxes(
        post.certificates(), {{"kari.nordmann#4F2K", "984661185"}, {"per.post#0001", "922020175"}});
    const auto built =
        post.build({object("{}"), object(R"({"mailbox":"ukjent#0000"})"),
                    object(R"({"mailbox":"per.post#0001"})"),
                    object(R"({"mailbox":"per.post#0001","receiver":"922020175"})"),
                    object(R"({"type":"utskrift","receiver":"922020175"})"),
                    object(R"({"receiver":"974761076"})"),
                    object(R"({"receiver":"991825827","operator":""})")
                        .set("operator", post.certificates() + "/operator-984661185.cer")});
    for (const Built& message : built) {
        post.accept(message);
    }
    post.until(built.size() - 1);
    const auto objection = [&](std::size_t i) {
        return post.remembered(built[i].id())["objection"].as_string();
    };
    CHECK(objection(0).empty());
    CHECK(objection(1) == "Postkasseadressen er ikke kjent");
    CHECK(objection(2) == "Postkasseadressen er ikke kjent");
    CHECK(objection(3).empty());
    CHECK(objection(4) == "Mottakeren er ingen utskriftstjeneste");
    CHECK(objection(5) == "Mottakeren har ingen postkasser");
    const Value statuses = post.get("/messages/out/" + built[6].id() + "/statuses").json();
    CHECK(statuses.items().back()["status"].as_string() == "FEILET");
    CHECK_FALSE(statuses.items().back()["beskrivelse"].as_string().empty());
}

}   // namespace gateway::tests::standins
