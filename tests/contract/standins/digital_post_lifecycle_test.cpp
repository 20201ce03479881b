#include "adapters/common/standin/jose.hpp"
#include "tests/contract/standins/digital_post_world.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace gateway::tests::standins {

using json::Value;

namespace {

const Value& header_of(const Value& document) {
    return document["standardBusinessDocument"]["standardBusinessDocumentHeader"];
}

std::string organisation(const Value& identifier) {
    return identifier["value"].as_string();
}

std::vector<std::string> types(const std::vector<Value>& receipts) {
    std::vector<std::string> out;
    for (const Value& receipt : receipts) {
        out.push_back(type_of(receipt));
    }
    return out;
}

/// Of all receipts ever written: no token is needed for it.
std::vector<std::string> kept(const DigitalPost& post) {
    std::vector<std::string> out;
    const Value state = post.child().state();
    for (const Value& receipt : state["receipts"].items()) {
        out.push_back(receipt["type"].as_string());
    }
    return out;
}

/// By the openssl program, with the certificate in the JWS, under the operators' authority.
bool openssl_accepts(const std::string& jws, const std::string& authority) {
    const TemporaryFolder folder;
    const auto write = [&](const char* name, const std::string& bytes) {
        std::ofstream(folder.path() + "/" + name, std::ios::binary) << bytes;
    };
    const std::size_t first = jws.find('.');
    const std::size_t last = jws.rfind('.');
    const Value header = object(*standin::from_base64url(jws.substr(0, first)));
    REQUIRE(header["x5c"].items().size() == 1);
    CHECK(header["alg"].as_string() == "RS256");
    CHECK_FALSE(header.has("typ"));
    write("cert.der", *standin::from_base64(header["x5c"].items().front().as_string()));
    write("text", jws.substr(0, last));
    write("signature", *standin::from_base64url(jws.substr(last + 1)));
    const std::string command =
        "cd '" + folder.path() + "' && openssl x509 -inform DER -in cert.der -out cert.pem && " +
        "openssl x509 -in cert.pem -pubkey -noout > key.pem && openssl verify -CAfile '" +
        authority + "' cert.pem > /dev/null && openssl dgst -sha256 -verify key.pem " +
        "-signature signature text > /dev/null";
    return std::system(command.c_str()) == 0;
}

}   // namespace

TEST_CASE("digital post stand-in: a digital letter is opened by its operator and receipted") {
    const DigitalPost post;
    const Built letter = post.build(object(
        R"({"unit":"helse","receiver":"922020175","body":{"aapningskvittering":true,"fakturaReferanse":null},
            "documents":[{"name":"vedtak.pdf","mime":"application/pdf","title":"Vedtak","text":"%PDF-1.4"},
                         {"name":"vedlegg æøå.txt","mime":"text/plain","title":"Opplysninger","text":"æ"}]})"));
    const Answer sent = post.send(letter, {}, "?kanal=Sak_1");
    CHECK(sent.status == 201);
    CHECK(sent.body.empty());
    const auto receipts = post.until(2, "?kanal=sak_1");
    CHECK(types(receipts) == std::vector<std::string>{"leveringskvittering", "aapningskvittering"});
    for (const Value& receipt : receipts) {
        const Value& header = header_of(receipt);
        CHECK(conversation_of(receipt) == letter.conversation());
        CHECK(header["businessScope"]["scope"].items().at(0)["identifier"].as_string() ==
              "urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:digital:ver1.0");
        CHECK(organisation(header["sender"].items().at(0)["identifier"]) == "0192:922020175");
        CHECK(organisation(header["receiver"].items().at(0)["identifier"]) == "0192:310000019");
        const Value body = body_of(receipt);
        CHECK(organisation(body["avsender"]["virksomhetsidentifikator"]) == "0192:922020175");
        CHECK(organisation(body["mottaker"]["virksomhetsidentifikator"]) == "0192:310000019");
        CHECK(body["mottaker"]["motakeridentifikator"].as_string() == "helse");
        CHECK_FALSE(body["tidspunkt"].as_string().empty());
        CHECK_FALSE(body.has("maskinportentoken"));
    }
    const Value statuses = post.get("/messages/out/" + letter.id() + "/statuses").json();
    REQUIRE(statuses.items().size() == 2);
    CHECK(statuses.items().at(0)["status"].as_string() == "OPPRETTET");
    CHECK(statuses.items().at(1)["status"].as_string() == "SENDT");
    CHECK_FALSE(statuses.items().at(1)["timestamp"].as_string().empty());

    const Value seen = post.remembered(letter.id());
    CHECK(seen["channel"].as_string() == "sak_1");
    CHECK_FALSE(seen["body"].has("maskinportentoken"));
    const auto& documents = seen["opened"]["documents"].items();
    REQUIRE(documents.size() == 2);
    CHECK(documents[0]["sha256"].as_string() == standin::sha256_hex("%PDF-1.4"));
    CHECK(documents[1]["name"].as_string() == "vedlegg æøå.txt");
    CHECK(documents[1]["title"].as_string() == "Opplysninger");
    CHECK(documents[1]["sha256"].as_string() == standin::sha256_hex("æ"));
    CHECK(seen["opened"]["manifest"]["postkasseadresse"].as_string() == "kari.nordmann#4F2K");
    // Nothing of the documents stays.
    CHECK(std::filesystem::is_empty(post.folder() + "/post/files"));
}

TEST_CASE("digital post stand-in: a printed letter is received and then posted") {
    const DigitalPost post;
    const Built letter = post.build(object(R"({"type":"utskrift"})"));
    const Built abroad = post.build(object(
        R"({"type":"utskrift","body":{"posttype":null,"utskriftstype":"FARGE","mottaker":{"postnummer":null,"poststed":null,
            "adresselinje2":"11122 Stockholm","landkode":"SE"}}})"));
    post.accept(letter);
    post.accept(abroad);
    const auto receipts = post.until(4);
    std::vector<std::string> of_letter;
    for (const Value& receipt : receipts) {
        CHECK(organisation(header_of(receipt)["sender"].items().at(0)["identifier"]) ==
              "0192:974761076");
        if (conversation_of(receipt) == letter.conversation()) {
            of_letter.push_back(type_of(receipt));
        }
    }
    CHECK(of_letter == std::vector<std::string>{"mottakskvittering", "leveringskvittering"});
    CHECK(post.remembered(abroad.id())["body"]["mottaker"]["landkode"].as_string() == "SE");
}

TEST_CASE("digital post stand-in: a receipt is signed by its operator and gone once it is read") {
    const DigitalPost post;
    const Built letter = post.build();
    post.accept(letter);
    const Value receipt = post.until(1).front();
    const Value item = post.get("/messages/in").json().items().at(0);
    const std::string jws = item["forretningsmelding"].as_string();
    CHECK(openssl_accepts(jws, post.child().line()["material"]["operator_ca"].as_string()));
    const std::string id =
        header_of(receipt)["documentIdentification"]["instanceIdentifier"].as_string();
    CHECK(item["downloadurl"].as_string() == post.child().url() + "/messages/in/" + id);
    const Answer package = post.get("/messages/in/" + id);
    CHECK(package.status == 404);
    CHECK(package.json()["detail"].as_string() == "A receipt has no dokumentpakke");
    const Answer read = post.post("/messages/in/" + id + "/read");
    CHECK(read.status == 200);
    CHECK(read.body.empty());
    CHECK(post.get("/messages/in").status == 204);
    CHECK(post.post("/messages/in/" + id + "/read").status == 404);
    CHECK(post.get("/messages/in/" + id).json()["detail"].as_string() == "No such message");
}

TEST_CASE("digital post stand-in: unread receipts are asked for by channel, unit and page") {
    const DigitalPost post;
    const auto built = post.build(
        {object("{}"), object(R"({"unit":"helse"})"), object(R"({"unit":"helse"})"), object("{}")});
    post.accept(built[0], "?kanal=Arkiv");
    post.accept(built[1], "?kanal=arkiv");
    post.accept(built[2], "?kanal=sak-A");
    post.accept(built[3]);
    post.until(4);
    const auto count = [&](const char* query) { return post.receipts(query).size(); };
    CHECK(count("?kanal=ARKIV") == 2);
    CHECK(count("?kanal=sak-a") == 1);
    CHECK(count("?kanal=annen") == 0);
    CHECK(count("?avsenderidentifikator=helse") == 2);
    CHECK(count("?kanal=arkiv&avsenderidentifikator=helse") == 1);
    CHECK(count("?page_size=3") == 3);
    CHECK(count("?page_size=3&page=1") == 1);
    CHECK(post.get("/messages/in?page_size=3&page=2").status == 204);
    // The same under the real one's path, and its addresses lead there.
    const Value list = post.get("/api/v2/dpi/messages/in?kanal=sak-a").json();
    CHECK(list.items().at(0)["downloadurl"].as_string().starts_with(post.child().url() +
                                                                    "/api/v2/dpi/messages/in/"));
    CHECK(post.get("/messages").status == 404);
    CHECK(post.get("/messages/out").status == 404);
}

TEST_CASE("digital post stand-in: an id is taken once, also after a restart and a kill") {
    DigitalPost post;
    const Built first = post.build();
    Value same_id;
    same_id.set("id", first.id());
    Value same_conversation;
    same_conversation.set("conversation", first.conversation());
    Value crossed;
    crossed.set("id", first.conversation());
    const auto built = post.build({same_id, same_conversation, crossed});
    post.accept(first);
    const auto all_are_used = [&] {
        for (const Built& message : {first, built[0], built[1], built[2]}) {
            const Answer answer = post.send(message);
            CHECK(answer.status == 400);
            CHECK(answer.header("content-type").starts_with("text/plain"));
            CHECK(answer.body == "InstanceIdentifier or ConversationId already used.");
        }
    };
    all_are_used();
    post.restart();
    all_are_used();
    post.kill();
    post.restart();
    all_are_used();
    CHECK(post.child().state()["messages"].items().size() == 1);
    // A message that was refused has used nothing.
    const Built fresh = post.build();
    Built damaged = fresh;
    damaged.cms.back() = static_cast<char>(damaged.cms.back() ^ 1);
    CHECK(post.send(damaged).status == 400);
    CHECK(post.send(fresh).status == 201);
}

TEST_CASE("digital post stand-in: what was under way goes on after a kill") {
    DigitalPost post({"--time-scale", "1"});
    const Built letter = post.build(object(R"({"body":{"aapningskvittering":true}})"));
    post.accept(letter, "?kanal=a");
    post.kill();
    post.restart();
    post.clock(60);
    CHECK(types(post.until(1, "?kanal=A")) == std::vector<std::string>{"leveringskvittering"});
    CHECK(post.get("/messages/out/" + letter.id() + "/statuses").json().items().size() == 2);
    post.kill();
    post.restart();
    post.clock(3600);
    const std::vector<std::string> both{"leveringskvittering", "aapningskvittering"};
    CHECK(kept(post) == both);
    post.kill();
    post.restart();
    CHECK(kept(post) == both);
    CHECK(types(post.receipts("?kanal=a")) == both);
    CHECK(post.child().command("/control/reset", Value::object()).status == 200);
    CHECK(post.get("/messages/in").status == 204);
    CHECK(post.child().state()["messages"].items().empty());
}

TEST_CASE("digital post stand-in: a letter is opened after it is visible, or never by itself") {
    DigitalPost post({"--time-scale", "1"});
    const auto built = post.build(
        {object(
             R"({"body":{"aapningskvittering":true,"virkningstidspunkt":"2099-01-01T08:00:00+01:00"}})"),
         object(R"({"body":{"aapningskvittering":false}})")});
    for (const Built& message : built) {
        post.accept(message);
    }
    constexpr std::int64_t a_year = 365 * 24 * 3600;
    post.clock(a_year);
    // The token is a year old now: the stand-in's clock rules.
    CHECK(post.get("/messages/in").status == 401);
    CHECK(kept(post).size() == 2);
    post.clock(100 * a_year);
    CHECK(kept(post).size() == 3);
    CHECK(post.child().state()["receipts"].items().back()["message"].as_string() == built[0].id());
}

TEST_CASE("digital post stand-in: an operator takes all that real programs write") {
    const DigitalPost post;
    Value many = Value::array();
    for (int i = 0; i < 201; ++i) {
        Value document;
        document.set("name", "fil-" + std::to_string(i) + ".txt").set("mime", "text/plain");
        document.set("title", "Fil").set("text", std::to_string(i));
        many.push(std::move(document));
    }
    const std::string c14n11 = "http://www.w3.org/2006/12/xml-c14n11";
    const std::string c14n10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    Value newer = object("{}");
    newer.set("template", Value::array().push(Value::array().push(c14n10).push(c14n11)));
    const auto built =
        post.build({object(R"({"cms":{"stream":true}})"), object(R"({"cms":{"oaep":"sha1"}})"),
                    newer, Value::object().set("documents", many),
                    object(R"({"zip":{"extra":{"META-INF/manifest.xml":"<m/>"}}})"),
                    object(R"({"zip":{"zip64":true}})")});
    for (const Built& message : built) {
        post.accept(message);
    }
    for (const Value& receipt : post.until(built.size())) {
        INFO(body_of(receipt)["detaljer"].as_string());
        CHECK(type_of(receipt) == "leveringskvittering");
    }
    const auto envelope = [&](std::size_t i) {
        return post.remembered(built[i].id())["opened"]["envelope"];
    };
    CHECK(envelope(0)["indefinite"].as_bool());
    CHECK(envelope(0)["keyTransport"].as_string() == "RSAES-OAEP SHA-256");
    CHECK(envelope(1)["keyTransport"].as_string() == "RSAES-OAEP SHA-1");
    CHECK(post.remembered(built[3].id())["opened"]["documents"].items().size() == 201);
}

}   // namespace gateway::tests::standins
