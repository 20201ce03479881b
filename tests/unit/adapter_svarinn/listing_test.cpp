#include "adapters/svarinn/svarinn_message.hpp"
#include "tests/unit/adapter_svarinn/svarinn_world.hpp"

#include <catch2/catch.hpp>

using namespace svarinn_world;

namespace {

/// The same shipment in the shape whose parties have no address of their own.
json::Value flat() {
    json::Value item = nested();
    for (const char* name : {"avsender", "mottaker", "svarSendesTil"}) {
        json::Value party = item[name];
        const json::Value address = party["postadresse"];
        party.remove("postadresse");
        for (const auto& [member, value] : address.members()) {
            party.set(member, value);
        }
        item.set(name, std::move(party));
    }
    return item;
}

json::Value by_v1() {
    return parsed(R"({"avsender":{"adresselinje1":"Rådhuset","navn":"Avsender kommune",
        "poststed":"Oslo","postnr":"0037"},
        "mottaker":{"adresse1":"a","adresse3":null,"navn":"Sluse kommune","orgnr":"310001007"},
        "svarSendesTil":{"navn":"Kari","fnr":"17859130003","orgnr":null},
        "id":"d1c6d795-f1a0-4a36-bce1-a4d9f26696db","tittel":"Søknad","date":1768471200000,
        "metadataFraAvleverendeSystem":{"sakssekvensnummer":0,"saksaar":0,"tittel":null},
        "metadataForImport":{"sakssekvensnummer":17,"saksaar":2026,"journalposttype":"I"},
        "status":"Akseptert","niva":"4","filmetadata":[{"filnavn":"brev.pdf",
            "mimetype":"application/pdf","sha256hash":null,"size":13}],
        "svarPaForsendelse":null,"forsendelseType":"Plan","eksternRef":"AB-123",
        "lenker":[{"urlLenke":"https://a.no/","urlTekst":"A","ledetekst":null}],
        "downloadUrl":"https://svarut.example/tjenester/svarinn/forsendelse/d1c6d795-f1a0-4a36-bce1-a4d9f26696db"})");
}

svarinn::Listed only(const json::Value& item) {
    const auto read = svarinn::read_listing(listing({item}));
    REQUIRE(read.has_value());
    REQUIRE(read->items.size() == 1);
    return read->items[0];
}

}   // namespace

TEST_CASE("svarinn: both shapes that KS has published of v2 say the same") {
    const auto a = only(nested());
    const auto b = only(flat());
    for (const auto& listed : {a, b}) {
        CHECK(listed.sender.name == "Avsender kommune");
        CHECK(listed.sender.organisation == "310002003");
        CHECK(listed.sender.lines == std::vector<std::string>{"Rådhuset"});
        CHECK(listed.sender.postal_code == "0037");
        CHECK(listed.recipient.organisation == "310001007");
        CHECK(listed.reply_to.person == "17859130003");
        CHECK(listed.level == 4);
        CHECK(listed.confidential);
        CHECK(listed.files.size() == 2);
        CHECK(listed.files[1].name == "kart æ.pdf");
        CHECK(listed.files[0].sha256 == hash_of("%PDF-1.7 brev"));
        CHECK(listed.answers == "aff355c4-7b57-4eb9-81e0-e4950e7a3776");
        CHECK(core::to_rfc3339(*listed.received_at) == "2026-01-15T10:00:00.000Z");
        CHECK(listed.for_import["folderId"].as_string() == "2026/17");
        CHECK(listed.for_import["folderSystemId"].as_string() == "s1");
        CHECK(listed.for_import["recordSystemId"].as_string() == "j1");
        CHECK(listed.for_import["recordNumber"].as_int() == 3);
        CHECK(listed.from_sender["extra"].items().at(0)["value"].as_string() == "4");
    }
}

TEST_CASE("svarinn: v1's list is read too, and its zeros and nulls are nothing") {
    const auto listed = only(by_v1());
    CHECK(listed.id == shipment_id);
    CHECK(listed.sender.postal_code == "0037");
    CHECK(listed.recipient.organisation == "310001007");
    CHECK(listed.recipient.lines == std::vector<std::string>{"a"});
    CHECK(listed.reply_to.person == "17859130003");
    CHECK(listed.level == 4);
    CHECK(core::to_rfc3339(*listed.received_at) == "2026-01-15T10:00:00.000Z");
    CHECK(listed.files.at(0).sha256.empty());
    CHECK(listed.category == "Plan");
    CHECK(listed.from_sender.is_null());
    CHECK(listed.for_import["caseYear"].as_int() == 2026);
    CHECK_FALSE(listed.for_import.has("title"));
    CHECK(listed.links.items().at(0)["text"].as_string() == "A");
    CHECK_FALSE(listed.links.items().at(0).has("leadIn"));
}

TEST_CASE("svarinn: a list that is none is no list, an item without id or files is set apart") {
    for (const char* body : {"", "{}", "<html>", "null", R"([1)"}) {
        CHECK_FALSE(svarinn::read_listing(body).has_value());
    }
    json::Value no_id = nested();
    no_id.set("id", "../x");
    json::Value no_files = nested();
    no_files.remove("filer");
    json::Value bad_hash = nested();
    bad_hash.find("filer")->mutable_items().front().set("hash", "abc");
    const auto read =
        svarinn::read_listing(listing({no_id, nested(), no_files, bad_hash, parsed("7")}));
    REQUIRE(read.has_value());
    CHECK(read->items.size() == 1);
    CHECK(read->unreadable.size() == 4);
    CHECK(svarinn::read_listing("[]")->items.empty());
}

TEST_CASE("svarinn: numbers of organisations and persons that are none are left out") {
    json::Value item = nested();
    item.find("avsender")->set("organisasjonsnummer", "310002004");
    item.find("svarSendesTil")->set("fodselsnummer", "1");
    const auto listed = only(item);
    CHECK(listed.sender.organisation.empty());
    CHECK(listed.reply_to.person.empty());
}

TEST_CASE(
    "svarinn: the message tells sender, case, archive, links and whether an answer is wanted") {
    World world;
    std::vector<core::DocumentRef> documents{world.fake.documents.add("brev.pdf", "a"),
                                             world.fake.documents.add("kart.pdf", "b")};
    const auto message =
        svarinn::message_of(only(nested()), documents, world.settings, world.fake.clock.now());
    CHECK(message.dedupe_id == shipment_id);
    CHECK(message.tenant == core::TenantId(municipality));
    CHECK(message.facts.sender == "310002003");
    CHECK(message.facts.account == "310001007");
    CHECK(message.facts.message_type == "Plan");
    CHECK(message.from["name"].as_string() == "Avsender kommune");
    CHECK(message.from["system"].as_string() == "EDIALOG");
    const auto& content = message.content;
    CHECK(content["title"].as_string() == "Søknad");
    CHECK(content["reference"].as_string() == "AB-123");
    CHECK(content["case"]["id"].as_string() == "2026/17");
    CHECK(content["case"]["sequence"].as_int() == 17);
    CHECK(content["securityLevel"].as_int() == 4);
    CHECK(content["confidentiality"]["level"].as_string() == "confidential");
    CHECK(content["reply"]["wanted"].as_bool());
    CHECK(content["reply"]["to"]["person"].as_string() == "17859130003");
    CHECK(content["reply"]["answers"].as_string() == "aff355c4-7b57-4eb9-81e0-e4950e7a3776");
    CHECK(content["archive"]["forImport"]["caseYear"].as_int() == 2026);
    CHECK(content["archive"]["fromSender"]["caseWorker"].as_string() == "Kari");
    CHECK(content["documents"].items().at(0)["documentType"].as_string() == "B");
    CHECK(content["links"].items().size() == 1);
    CHECK(message.keys.at("reference") == "AB-123");
    CHECK(parsed(message.raw)["nytt"]["felt"].as_int() == 1);
    CHECK(message.receipt_owner == sdk::ReceiptOwner::gateway);
}
