#include "archives.hpp"

#include <catch2/catch.hpp>

using namespace tests::arkiv;
using fiks::Standing;

namespace {

const std::string start = "no.ks.fiks.arkiv.v1.";
const std::string receipt = start + "arkivering.arkivmelding.opprett.kvittering";
const char* const receipt_space = "arkivmelding/opprett/kvittering/v1";

const std::string case_made =
    "<mappeKvittering xsi:type=\"saksmappeKvittering\">"
    "<systemID label=\"Arkiv\">2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e</systemID>"
    "<mappeID>2026/3</mappeID><opprettetDato>2026-01-06T12:31:02+01:00</opprettetDato>"
    "<referanseEksternNoekkel><m:fagsystem>B</m:fagsystem><m:noekkel>17</m:noekkel>"
    "</referanseEksternNoekkel><opprettetEllerEksisterende>Eksisterende"
    "</opprettetEllerEksisterende><saksaar>2026</saksaar><sakssekvensnummer>3"
    "</sakssekvensnummer><saksdato>2026-01-06</saksdato></mappeKvittering>";
const std::string record_made =
    "<registreringKvittering xsi:type=\"journalpostKvittering\">"
    "<systemID>5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a42</systemID>"
    "<arkivertDato>2026-07-06T12:31:02.5</arkivertDato>"
    "<dokumentbeskrivelseKvittering><systemID>5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a43</systemID>"
    "<dokumentnummer>1</dokumentnummer><dokumentobjekt><systemID>"
    "5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a44</systemID><versjonsnummer>1</versjonsnummer>"
    "<variantformat><m:kode>P</m:kode><m:beskrivelse>Produksjonsformat</m:beskrivelse>"
    "</variantformat></dokumentobjekt></dokumentbeskrivelseKvittering>"
    "<registreringsID>2026/3-1</registreringsID><opprettetEllerEksisterende>Opprettet"
    "</opprettetEllerEksisterende><journalaar>2026</journalaar><journalsekvensnummer>17"
    "</journalsekvensnummer><journalpostnummer>1</journalpostnummer><journalposttype>"
    "<m:kode>I</m:kode></journalposttype></registreringKvittering>";

std::string failed(const char* element, const char* id = "f-1") {
    return std::string("<") + element + "><f:feilId>" + id +
           "</f:feilId><f:feilmelding>Ukjent tilgangskode for Ola Nordmann</f:feilmelding></" +
           element + ">";
}

fiks::Answer receipt_of(const std::string& inside) {
    return fiks::answer_of(receipt, payload("arkivmeldingKvittering", receipt_space, inside));
}

}   // namespace

TEST_CASE("arkiv answer: a receipt says where the record lies, and it is searchable") {
    const auto answer = receipt_of(case_made + record_made);
    CHECK(answer.standing == Standing::done);
    CHECK(answer.code.empty());
    CHECK_FALSE(answer.for_inbox);
    CHECK(answer.keys ==
          std::map<std::string, std::string>{{"archive", "5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a42"},
                                             {"case", "2026/3"},
                                             {"journal", "2026/17"}});
    CHECK(json::write(answer.content["case"]) ==
          R"({"systemId":"2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e","folderId":"2026/3",)"
          R"("createdAt":"2026-01-06T11:31:02.000Z","externalKey":{"system":"B","key":"17"},)"
          R"("existed":true,"year":2026,"sequence":3,"date":"2026-01-06"})");
    CHECK(json::write(answer.content["record"]) ==
          R"({"systemId":"5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a42",)"
          R"("archivedAt":"2026-07-06T10:31:02.500Z","documents":[)"
          R"({"systemId":"5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a43","number":1,"versions":[)"
          R"({"systemId":"5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a44","version":1,"variant":"P",)"
          R"("variantText":"Produksjonsformat"}]}],"recordId":"2026/3-1","existed":false,)"
          R"("journal":{"year":2026,"sequence":17,"number":1},"kind":"I"})");
    CHECK(answer.content["outcome"].as_string() == "done");
    CHECK(answer.content["messageType"].as_string() == receipt);
}

TEST_CASE("arkiv answer: a receipt can carry a failure, and half of one") {
    const auto half = receipt_of(case_made + failed("registreringFeilet"));
    CHECK(half.standing == Standing::partly);
    CHECK(half.code == core::Code("archive.record_refused"));
    CHECK(half.params == core::Params{{"id", "f-1"}});
    CHECK(half.content["outcome"].as_string() == "partial");
    CHECK(half.content["recordError"]["text"].as_string() ==
          "Ukjent tilgangskode for Ola Nordmann");
    CHECK(half.keys.at("case") == "2026/3");

    const auto other_half = receipt_of(failed("mappeFeilet") + record_made);
    CHECK(other_half.standing == Standing::partly);
    CHECK(other_half.code == core::Code("archive.case_refused"));

    for (const auto& inside : {failed("mappeFeilet") + failed("registreringFeilet"),
                               failed("registreringFeilet"), failed("mappeFeilet")}) {
        const auto none = receipt_of(inside);
        CHECK(none.standing == Standing::failed);
        CHECK(none.code == core::Code("archive.refused"));
        CHECK(none.content["outcome"].as_string() == "failed");
        CHECK(none.keys.empty());
    }
}

TEST_CASE("arkiv answer: receipts without payload are done, and mottatt is under way") {
    for (const char* type : {"arkivmelding.oppdater", "avskrivning.opprett", "avskrivning.slett"}) {
        const auto done = fiks::answer_of(start + "arkivering." + type + ".kvittering", "");
        CHECK(done.standing == Standing::done);
        const auto under_way = fiks::answer_of(start + "arkivering." + type + ".mottatt", "");
        CHECK(under_way.standing == Standing::under_way);
        CHECK_FALSE(fiks::has_xml_payload(start + "arkivering." + type + ".kvittering"));
    }
    const auto file = fiks::answer_of(start + "innsyn.dokumentfil.hent.resultat", "");
    CHECK(file.standing == Standing::done);
    CHECK(file.for_inbox);
    CHECK(file.payload_is_document);
    CHECK(file.content["inDocument"].as_bool());
    CHECK(fiks::has_xml_payload(receipt));
}

TEST_CASE("arkiv answer: a new version's id comes back") {
    const auto answer = fiks::answer_of(
        start + "arkivering.dokumentobjekt.opprett.kvittering",
        payload("dokumentobjektOpprettKvittering", "dokumentobjekt/opprett/kvittering/v1",
                "<systemID>2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e</systemID>"));
    CHECK(answer.standing == Standing::done);
    CHECK(answer.keys.at("archive") == "2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e");
}

TEST_CASE("arkiv answer: an error message is a failure with the archive's words kept sealed") {
    struct Case {
        const char* name;
        const char* code;
    };
    for (const Case& one :
         {Case{"ugyldigforespoersel", "archive.invalid_request"},
          Case{"serverfeil", "archive.server_error"}, Case{"ikkefunnet", "archive.not_found"}}) {
        const std::string root(one.name);
        const auto answer =
            fiks::answer_of(start + "feilmelding." + root,
                            payload(root, "feil/" + root + "/v1",
                                    "<f:feilId>a-1</f:feilId><f:feilmelding>Ola</f:feilmelding>"));
        CHECK(answer.standing == Standing::failed);
        CHECK(answer.code == core::Code(one.code));
        CHECK(answer.params == core::Params{{"id", "a-1"}});
        CHECK(answer.content["error"]["text"].as_string() == "Ola");
    }
    // The specification's own misspelling of the protocol.
    CHECK(fiks::is_answer("no.ks.fik.arkiv.v1.feilmelding.ugyldigforespoersel"));
    // Its type alone says that it failed.
    const auto silent = fiks::answer_of(start + "feilmelding.serverfeil", "not XML");
    CHECK(silent.standing == Standing::failed);
    CHECK(silent.content["error"]["text"].as_string().empty());
}

TEST_CASE("arkiv answer: nothing that could name a person gets into the parameters of an event") {
    for (const char* id : {"Ola Nordmann", "17054026641", "a\nb", ""}) {
        const auto answer = receipt_of(failed("registreringFeilet", id));
        CHECK(answer.params == core::Params{{"id", "-"}});
    }
    const auto uuid =
        receipt_of(failed("registreringFeilet", "2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e"));
    CHECK(uuid.params.front().second == "2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e");
}

TEST_CASE("arkiv answer: what a search found is in the archive's order") {
    const auto answer = fiks::answer_of(
        start + "innsyn.sok.resultat.noekler",
        payload("sokeresultatNoekler", "sokeresultat/noekler/v1",
                "<system>A</system><take>10</take><skip>0</skip><count>2</count>"
                "<resultattype>saksmappe</resultattype><resultatListe>"
                "<resultatNoekler><saksmappe><a:mappeID>2026/3</a:mappeID><a:saksnummer>"
                "<m:saksaar>2026</m:saksaar><m:sakssekvensnummer>3</m:sakssekvensnummer>"
                "</a:saksnummer></saksmappe></resultatNoekler>"
                "<resultatNoekler><journalpost><a:journalaar>2026</a:journalaar>"
                "<a:journalsekvensnummer>17</a:journalsekvensnummer></journalpost>"
                "</resultatNoekler></resultatListe>"));
    CHECK(answer.standing == Standing::done);
    CHECK(answer.for_inbox);
    CHECK(answer.keys.empty());
    CHECK(json::write(answer.content["search"]) ==
          R"({"take":10,"skip":0,"count":2,"result":"keys","found":[)"
          R"({"case":{"folderId":"2026/3","year":2026,"sequence":3}},)"
          R"({"record":{"journal":{"year":2026,"sequence":17}}}]})");
}

TEST_CASE("arkiv answer: a fetched record is told whole, what nobody knows included") {
    const auto answer = fiks::answer_of(
        start + "innsyn.registrering.hent.resultat",
        payload("registreringHentResultat", "registrering/hent/resultat/v1",
                "<journalpost><a:journalsekvensnummer>x17</a:journalsekvensnummer>"
                "<a:systemID>2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e</a:systemID>"
                "<a:korrespondansepart><a:korrespondansepartID>k</a:korrespondansepartID>"
                "<a:postadresse>A</a:postadresse><a:postadresse>B</a:postadresse>"
                "<a:landkode><m:kode>NO</m:kode></a:landkode><a:avskrivning>"
                "<a:avskrivningsdato>2026-01-01+01:00</a:avskrivningsdato>"
                "<a:avskrevetAv><m:navn>Kari</m:navn></a:avskrevetAv></a:avskrivning>"
                "</a:korrespondansepart><a:ny><a:b>1</a:b><a:b>2</a:b></a:ny>"
                "<a:tittel>T</a:tittel><a:journalaar>2026</a:journalaar></journalpost>"));
    CHECK(answer.standing == Standing::done);
    CHECK(json::write(answer.content["record"]) ==
          R"({"systemId":"2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e","correspondents":[{"id":"k",)"
          R"("address":{"lines":["A","B"],"country":"NO"},"followUps":[{"date":"2026-01-01",)"
          R"("by":{"name":"Kari"}}]}],"title":"T","journal":{"year":2026},)"
          R"("more":{"journalsekvensnummer":"x17","ny":{"b":["1","2"]}}})");
    CHECK_FALSE(answer.keys.contains("journal"));
}

TEST_CASE("arkiv answer: what cannot be told is neither a yes nor a no") {
    const auto reason = [](const std::string& text) {
        const auto answer = fiks::answer_of(receipt, text);
        CHECK(answer.standing == Standing::unreadable);
        CHECK(answer.code == core::Code("archive.answer_unreadable"));
        CHECK(answer.content.is_null());
        CHECK(answer.keys.empty());
        return answer.params.front().second;
    };
    const auto good = payload("arkivmeldingKvittering", receipt_space, case_made + record_made);
    CHECK(reason("") == "not_xml");
    CHECK(reason("{}") == "not_xml");
    for (const std::size_t length : {std::size_t{30}, good.size() / 2, good.size() - 1}) {
        CHECK(reason(good.substr(0, length)) == "not_xml");
    }
    CHECK(reason(payload("arkivmelding", receipt_space, case_made)) == "root");
    CHECK(reason(payload("arkivmeldingKvittering", receipt_space, "")) == "empty");
    CHECK(reason(payload("arkivmeldingKvittering", receipt_space, "<noe/>")) == "empty");
    const auto entity = "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + good;
    CHECK(reason(entity) == "doctype");
    std::string deep;
    std::string closing;
    for (int i = 0; i < 100; ++i) {
        deep += "<a>";
        closing += "</a>";
    }
    CHECK(reason(payload("arkivmeldingKvittering", receipt_space, deep + closing)) == "depth");
    CHECK(reason(std::string(3U << 20U, ' ') + good) == "bytes");
    for (const char* type : {"no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett",
                             "no.ks.fiks.plan.v2.kvittering", "", "no.ks.fiks.arkiv.v1"}) {
        CHECK_FALSE(fiks::is_answer(type));
        CHECK(fiks::answer_of(type, good).standing == Standing::unreadable);
    }
    const auto list = payload("sokeresultat", "sokeresultat/utvidet/v1",
                              "<resultatListe><resultat><noe/></resultat></resultatListe>");
    CHECK(fiks::answer_of(start + "innsyn.sok.resultat.utvidet", list).params.front().second ==
          "unknown_result");
}

TEST_CASE(
    "arkiv answer: what is too large to be stored as content is kept as the archive wrote it") {
    std::string one = "<journalpost><a:tittel>";
    one += std::string(20'000, 'x') + "</a:tittel></journalpost>";
    std::string list;
    for (int i = 0; i < 60; ++i) {
        list += "<resultat>" + one + "</resultat>";
    }
    const auto type = start + "innsyn.sok.resultat.utvidet";
    const auto answer =
        fiks::answer_of(type, payload("sokeresultat", "sokeresultat/utvidet/v1",
                                      "<resultatListe>" + list + "</resultatListe>"));
    CHECK(answer.standing == Standing::done);
    CHECK(answer.for_inbox);
    CHECK(answer.payload_is_document);
    CHECK(json::write(answer.content) == R"({"type":"archiveanswer","version":1,"messageType":")" +
                                             type + R"(","outcome":"done","inDocument":true})");
    std::string nested = "x";
    for (int i = 0; i < 20; ++i) {
        nested = "<a:mappe>" + nested + "</a:mappe>";   // each a list and an object in JSON
    }
    const auto deep = fiks::answer_of(start + "innsyn.mappe.hent.resultat",
                                      payload("mappeHentResultat", "mappe/hent/resultat/v1",
                                              "<saksmappe>" + nested + "</saksmappe>"));
    CHECK(deep.payload_is_document);
    CHECK(receipt_of("<mappeKvittering><more>" + std::string(1U << 20U, 'x') +
                     "</more></mappeKvittering>")
              .params.front()
              .second == "content");
}

TEST_CASE("arkiv answer: order of elements, prefixes and a byte order mark do not matter") {
    const std::string turned =
        "\xef\xbb\xbf<x:arkivmeldingKvittering xmlns:x=\"urn:other\"><x:registreringKvittering>"
        "<x:journalsekvensnummer> 17 </x:journalsekvensnummer><x:journalaar>2026</x:journalaar>"
        "<x:systemID>2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e</x:systemID>"
        "</x:registreringKvittering></x:arkivmeldingKvittering>";
    const auto answer = fiks::answer_of(receipt, turned);
    CHECK(answer.standing == Standing::done);
    CHECK(answer.keys.at("journal") == "2026/17");
    // Written through a text writer that says its own encoding, and sent as UTF-8.
    const auto said =
        fiks::answer_of(receipt, "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + turned.substr(3));
    CHECK(said.keys.at("journal") == "2026/17");
}
