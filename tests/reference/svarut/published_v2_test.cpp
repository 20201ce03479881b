// KS' own description of v2, held against what we send by it and how we read what it tells.

#include "adapters/svarut/svarut_answers.hpp"
#include "adapters/svarut/svarut_exchange.hpp"
#include "gateway/json/schema.hpp"
#include "tests/unit/adapter_svarut/svarut_world.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace svarut_world;

namespace {

const std::string folder = std::string(SLUSE_REFERENCE_DIR) + "/fiks/";

json::Value file(const std::string& name) {
    std::ifstream in(folder + name);
    REQUIRE(in.good());
    std::ostringstream text;
    text << in.rdbuf();
    return *json::parse(text.str());
}

/// One of the description's objects, as JSON Schema; members that it does not name are faults.
json::Schema object_of(const json::Value& description, const std::string& name) {
    json::Value all = description["components"]["schemas"];
    json::Value strict = json::Value::object();
    for (const auto& [member, schema] : all.members()) {
        json::Value one = schema;
        strict.set(member, one.set("additionalProperties", false));
    }
    json::Value schema = strict[name];
    json::Value components;
    components.set("schemas", std::move(strict));
    schema.set("$schema", "http://json-schema.org/draft-07/schema#");
    schema.set("components", std::move(components));
    auto compiled = json::Schema::compile(json::write(schema));
    REQUIRE(compiled.has_value());
    return std::move(*compiled);
}

void check(const json::Schema& schema, const json::Value& value) {
    for (const auto& fault : schema.check(value)) {
        FAIL_CHECK(fault.pointer << " " << fault.keyword << " " << fault.detail);
    }
}

json::Value sent(json::Value message, const std::string& with) {
    message.set("print", parsed(R"({"duplex":true,"colour":true,"exclude":[]})"));
    World world;
    world.http().next().answer_json(200, given_id());
    world.send(world.delivery(message, with));
    REQUIRE(world.call(0).url.find("/api/v2/") != std::string::npos);
    return order_of(world.call(0));
}

}   // namespace

TEST_CASE("reference: what goes by v2 is valid by KS' own description of it") {
    const auto schema =
        object_of(file("openapi-svarut-v2/forsendelse-send-api-v2.json"), "Forsendelse");
    check(schema, sent(letter(), "{}"));
    check(schema, sent(letter(), R"({"delivery":"print"})"));
    check(schema, sent(letter(), R"({"sign":{"kind":"advanced","days":14},
        "links":[{"url":"https://a.no/","text":"A"}],
        "reply_to":{"name":"K","organisation":"310001007","line":"R","city":"Oslo"}})"));
    json::Value organisation = letter();
    organisation.set("recipient", parsed(R"({"organisation":"310002003"})"));
    organisation.set("archive", parsed(R"({"forImport":{"folderId":"1","caseYear":2026,
        "documentDate":"2026-01-02"},"fromSender":{"caseWorker":"Kari","journalDate":"2026-01-02",
        "extra":[{"key":"a","value":"b"}]}})"));
    organisation.set("costAccount", "4711");
    check(schema, sent(organisation, R"({"confidential_post":true,"shipment_type":"Plan"})"));
}

TEST_CASE(
    "reference: every status of v2 means something to us, and so does every status of signing") {
    const auto statuses = file("openapi-svarut-v2/forsendelse-status-api-v2.json");
    const auto& known =
        statuses["components"]["schemas"]["ForsendelseStatus"]["properties"]["status"]["enum"]
            .items();
    REQUIRE(known.size() == 13);
    for (const auto& status : known) {
        svarut::Told told;
        told.status = status.as_string();
        const auto receipt = svarut::receipt_of(shipment_id, told);
        CHECK((receipt ? receipt->code.value != "svarut.other_status"
                       : status.as_string() == "MOTTATT"));
    }
    const auto events = file("openapi-svarut-v2/forsendelse-hendelser-api-v2.json");
    const auto& signing =
        events["components"]["schemas"]["Signeringshendelse"]["properties"]["status"]["enum"]
            .items();
    REQUIRE(signing.size() == 5);
    for (const auto& status : signing) {
        svarut::Event event;
        event.status = status.as_string();
        CHECK(svarut::signing_receipt(shipment_id, event).code.value != "svarut.other_status");
    }
}

TEST_CASE("reference: what is marked as read is valid by KS' own description") {
    World world;
    world.http().expect("POST", "/lest").answer(204);
    world.act("mark_read",
              parsed(std::string(R"({"person":"17859130003","at":"2026-01-15T12:00:00Z",
        "system":"Min side","id":")") +
                     shipment_id + "\"}"));
    check(object_of(file("openapi-svarut-v2/forsendelse-lest-api-v2.json"), "LestAv"),
          parsed(world.call(0).body));
}

TEST_CASE("reference: the addresses that we call by v2 are the described ones") {
    const auto paths = [](const char* name) {
        return file(std::string("openapi-svarut-v2/") + name)["paths"];
    };
    const std::string base = "https://svarut.example";
    const auto called = [&](const sdk::HttpRequest& request) {
        std::string path = request.url.substr(base.size() + 4);   // behind /api
        path = path.substr(0, path.find('?'));
        for (const auto& [id, name] : std::vector<std::pair<std::string, std::string>>{
                 {account, "{kontoId}"}, {shipment_id, "{forsendelseId}"}}) {
            const auto at = path.find(id);
            if (at != std::string::npos) {
                path.replace(at, id.size(), name);
            }
        }
        return path;
    };
    CHECK(paths("forsendelse-eksternref-api-v2.json")
              .has(called(svarut::search_request(base, account, key, false))));
    CHECK(paths("forsendelse-eksternref-api-v2.json")
              .has(called(svarut::search_request(base, account, key, true))));
    CHECK(paths("forsendelse-hendelser-api-v2.json")
              .has(called(svarut::about_request(base, shipment_id, svarut::About::events))));
    CHECK(
        paths("forsendelse-hendelser-api-v2.json")
            .has(called(svarut::about_request(base, shipment_id, svarut::About::signing_events))));
    CHECK(paths("forsendelse-metadata-api-v2.json")
              .has(called(svarut::about_request(base, shipment_id, svarut::About::metadata))));
    CHECK(paths("forsendelse-slett-api-v2.json")
              .has(called(svarut::delete_request(base, shipment_id, svarut::Deletion::all))));
    CHECK(paths("forsendelse-lest-api-v2.json")
              .has(called(svarut::read_request(base, shipment_id, json::Value::object()))));
    CHECK(paths("forsendelse-typer-api-v2.json").has(called(svarut::types_request(base))));
    CHECK(paths("mottakersystem-api-v2.json")
              .has(called(svarut::mailboxes_request(base, svarut::MailboxQuestion()))));
}
