#include "archives.hpp"

#include <catch2/catch.hpp>

using namespace tests::arkiv;

namespace {

const char* const opening =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ROOT "
    "xmlns=\"https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/SPACE\" "
    "xmlns:m=\"https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1\" "
    "xmlns:o=\"https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/"
    "v1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

std::string whole(const std::string& root, const std::string& space, const std::string& inside) {
    return replaced(replaced(opening, "ROOT", root), "SPACE", space) + inside + "</" + root + ">";
}

void check_types(const char* name, const std::string& type, const std::string& payload) {
    INFO(name);
    const auto outgoing = made(example(name));
    CHECK(outgoing.message_type == "no.ks.fiks.arkiv.v1." + type);
    CHECK(outgoing.payload_name == payload);
}

}   // namespace

TEST_CASE("arkiv: each intent has its message type and payload name") {
    const std::string create = "arkivering.arkivmelding.opprett";
    const std::string change = "arkivering.arkivmelding.oppdater";
    for (const char* name : {"new_everything", "new_case_only", "new_record_only", "by_id_number",
                             "by_external_key", "search_or_new"}) {
        check_types(name, create, "arkivmelding.xml");
    }
    for (const char* name : {"update_case", "update_record", "update_document", "close"}) {
        check_types(name, change, "arkivmelding.xml");
    }
    check_types("new_version", "arkivering.dokumentobjekt.opprett", "dokumentobjekt-opprett.xml");
    check_types("follow_up", "arkivering.avskrivning.opprett", "avskrivning-opprett.xml");
    check_types("follow_up_removed", "arkivering.avskrivning.slett", "avskrivning-slett.xml");
    check_types("search_text", "innsyn.sok", "sok.xml");
    check_types("fetch_case", "innsyn.mappe.hent", "mappe-hent.xml");
    check_types("fetch_record", "innsyn.registrering.hent", "registrering-hent.xml");
    check_types("fetch_file", "innsyn.dokumentfil.hent", "dokumentfil-hent.xml");
}

TEST_CASE("arkiv: a case alone is a saksmappe") {
    CHECK(made(example("new_case_only")).payload ==
          whole("arkivmelding", "arkivmelding/opprett/v1",
                "<system>Barnehagesystemet</system><antallFiler>0</antallFiler>"
                "<mappe xsi:type=\"saksmappe\"><tittel>Tilsyn 2026</tittel></mappe>"));
}

TEST_CASE("arkiv: a record with its file says everything an archive must know") {
    const auto message = parse(R"({"type":"archive","version":1,"intent":"searchOrNew",
        "case":{"title":"Sak","externalKey":{"system":"F","key":"1"}},
        "record":{"kind":"I","title":"Søknad","receivedAt":"2026-02-01T08:15:00Z",
                  "caseWorker":{"name":"Kari"},
                  "correspondents":[{"role":"EA","name":"Ola & co","organisation":"310002003"}]},
        "documents":[{"part":"a","name":"soknad.pdf"}]})");
    const auto outgoing = made(message);
    CHECK(outgoing.payload ==
          whole(
              "arkivmelding", "arkivmelding/opprett/v1",
              "<system>Barnehagesystemet</system><antallFiler>1</antallFiler>"
              "<mappe xsi:type=\"saksmappe\"><tittel>Sak</tittel><referanseEksternNoekkel>"
              "<m:fagsystem>F</m:fagsystem><m:noekkel>1</m:noekkel></referanseEksternNoekkel>"
              "</mappe><registrering xsi:type=\"journalpost\"><referanseForelderMappe>"
              "<m:referanseEksternNoekkel><m:fagsystem>F</m:fagsystem><m:noekkel>1</m:noekkel>"
              "</m:referanseEksternNoekkel></referanseForelderMappe><dokumentbeskrivelse>"
              "<tittel>soknad.pdf</tittel><tilknyttetRegistreringSom><m:kode>H</m:kode>"
              "</tilknyttetRegistreringSom><dokumentnummer>1</dokumentnummer><dokumentobjekt>"
              "<versjonsnummer>1</versjonsnummer><mimeType>application/pdf</mimeType>"
              "<filnavn>soknad.pdf</filnavn><referanseDokumentfil>soknad.pdf"
              "</referanseDokumentfil><sjekksum>" +
                  [] {
                      std::string hash;
                      for (int i = 0; i < 64; ++i) {
                          hash += 'a';
                      }
                      return hash;
                  }() +
                  "</sjekksum><sjekksumAlgoritme>SHA-256</sjekksumAlgoritme>"
                  "<filstoerrelse>1000</filstoerrelse></dokumentobjekt></dokumentbeskrivelse>"
                  "<tittel>Søknad</tittel><korrespondansepart><korrespondanseparttype>"
                  "<m:kode>EA</m:kode></korrespondanseparttype><korrespondansepartNavn>"
                  "Ola &amp; co</korrespondansepartNavn><organisasjonid>310002003"
                  "</organisasjonid></korrespondansepart><korrespondansepart>"
                  "<korrespondanseparttype><m:kode>IM</m:kode></korrespondanseparttype>"
                  "<erBehandlingsansvarlig>true</erBehandlingsansvarlig><korrespondansepartNavn>"
                  "Kari</korrespondansepartNavn><saksbehandler><m:navn>Kari</m:navn>"
                  "</saksbehandler></korrespondansepart><journalposttype><m:kode>I</m:kode>"
                  "</journalposttype><mottattDato>2026-02-01T08:15:00Z</mottattDato>"
                  "</registrering>"));
    REQUIRE(outgoing.documents.size() == 1);
    CHECK(outgoing.documents[0].index == 0);
    CHECK(outgoing.documents[0].name == "soknad.pdf");
}

TEST_CASE("arkiv: a record is tied to a new case without a key by our own message id") {
    const auto xml = made(example("new_case_and_record_without_key")).payload;
    const std::string key = "<m:fagsystem>Barnehagesystemet</m:fagsystem>"
                            "<m:noekkel>0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21</m:noekkel>";
    CHECK(text_in(xml, "referanseEksternNoekkel") == key);
    CHECK(text_in(xml, "referanseForelderMappe") ==
          "<m:referanseEksternNoekkel>" + key + "</m:referanseEksternNoekkel>");
    const auto only_case = made(example("new_case_only")).payload;
    CHECK(text_in(only_case, "referanseEksternNoekkel") == "(none)");
}

TEST_CASE("arkiv: the same message makes the same bytes at each attempt") {
    for (const char* name : {"new_everything", "close", "follow_up"}) {
        CHECK(made(example(name)).payload == made(example(name)).payload);
    }
}

TEST_CASE("arkiv: an existing case is named by every id it was given") {
    CHECK(text_in(made(example("by_id_number")).payload, "referanseForelderMappe") ==
          "<m:saksnummer><m:saksaar>2026</m:saksaar><m:sakssekvensnummer>3</m:sakssekvensnummer>"
          "</m:saksnummer>");
    CHECK(text_in(made(example("by_id_system_id")).payload, "referanseForelderMappe") ==
          "<m:systemID>2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e</m:systemID><m:mappeID>2026/3"
          "</m:mappeID>");
}

TEST_CASE("arkiv: the main document is the one that says so, else the first") {
    auto message = example("new_everything");
    auto& documents = message.find("documents")->mutable_items();
    const std::string main = "<tilknyttetRegistreringSom><m:kode>H</m:kode>";
    const auto first = made(message).payload;
    CHECK(first.find(main) < first.find("<m:kode>V</m:kode></tilknyttetRegistreringSom>"));
    documents[1].set("role", "main");
    const auto second = made(message).payload;
    CHECK(second.find(main) > second.find("<m:kode>V</m:kode></tilknyttetRegistreringSom>"));
    documents[1].set("role", "attachment");
    documents[0].set("role", "attachment");
    CHECK(made(message).payload.find(main) == std::string::npos);
}

TEST_CASE("arkiv: the message's own screening screens a record that has none") {
    auto message = example("new_everything");
    const auto xml = made(message).payload;
    const auto record = xml.substr(xml.find("<registrering"));
    CHECK(text_in(record, "skjermingOpphoererDato") == "2086-01-01");
    message.find("record")->set("screening", parse(R"({"code":"X","statute":"Y"})"));
    const auto own = made(message).payload;
    CHECK(own.substr(own.find("<registrering")).find("2086") == std::string::npos);
}

TEST_CASE("arkiv: a file of more than 2 GiB goes without its size, which has no room for it") {
    const auto message = example("new_record_only");
    auto documents = documents_of(message);
    documents[0].size = 2'147'483'647;
    const auto fits = fiks::message_of(message, documents, origin());
    REQUIRE(fits.has_value());
    CHECK(text_in(fits->payload, "filstoerrelse") == "2147483647");
    documents[0].size = 2'147'483'648;
    const auto over = fiks::message_of(message, documents, origin());
    REQUIRE(over.has_value());
    CHECK(text_in(over->payload, "filstoerrelse") == "(none)");
}

TEST_CASE("arkiv: an update changes what has an id, adds the rest and takes away what it says") {
    const auto xml = made(example("update_case")).payload;
    CHECK(text_in(xml, "noekkelord") == "<slett>gammelt</slett><ny>nytt</ny>");
    const auto parties = text_in(xml, "partOppdateringer");
    CHECK(parties == "<oppdatering><partID>part-1</partID><partNavn>Ola Nordmann</partNavn>"
                     "<partRolle><m:kode>K</m:kode></partRolle><organisasjonid>310002003"
                     "</organisasjonid></oppdatering><slett><partID>part-2</partID></slett>"
                     "<ny><o:partNavn>Kari Nordmann</o:partNavn></ny>");
    CHECK(text_in(xml, "byggidentOppdateringer") ==
          "<Slett><bygningsnummer>4</bygningsnummer></Slett>"
          "<Ny><o:bygningsnummer>5</o:bygningsnummer></Ny>");
    CHECK(made(example("update_removes_only")).payload ==
          whole("arkivmeldingOppdatering", "arkivmelding/oppdater/v1",
                "<registreringOppdateringer xsi:type=\"journalpostOppdatering\">"
                "<referanseTilRegistrering><m:systemID>2b0a4f0e-9f8f-4f6c-9d3a-0f7f6a1c2d3e"
                "</m:systemID></referanseTilRegistrering><skjermingOppdateringer><slett>true"
                "</slett></skjermingOppdateringer></registreringOppdateringer>"));
}

TEST_CASE("arkiv: closing a case sets its status and when the message was accepted") {
    CHECK(made(example("close")).payload ==
          whole("arkivmeldingOppdatering", "arkivmelding/oppdater/v1",
                "<mappeOppdateringer xsi:type=\"saksmappeOppdatering\"><referanseTilMappe>"
                "<m:mappeID>2026/3</m:mappeID></referanseTilMappe><avsluttetDato>"
                "2026-03-01T23:30:00.000Z</avsluttetDato><saksstatus><m:kode>A</m:kode>"
                "</saksstatus></mappeOppdateringer>"));
    const auto own = made(example("close_as_somebody")).payload;
    CHECK(text_in(own, "saksstatus") == "<m:kode>S</m:kode>");
    CHECK(text_in(own, "avsluttetDato") == "2026-06-30T12:00:00Z");
}

TEST_CASE("arkiv: a new version is the file alone, in the names of arkivmelding") {
    const auto xml = made(example("new_version")).payload;
    CHECK(text_in(xml, "referanseTilDokumentbeskrivelse") ==
          "<m:systemID>5d9c7a10-33f4-4a57-8f0e-6f4e6e1f9a42</m:systemID>");
    CHECK(text_in(xml, "o:versjonsnummer") == "2");
    CHECK(text_in(xml, "o:referanseDokumentfil") == "vedtak.pdf");
}

TEST_CASE("arkiv: a follow-up without a date is of the Norwegian day it was accepted") {
    auto message = example("follow_up");
    CHECK(text_in(made(message).payload, "avskrivningsdato") == "2026-03-01");
    message.find("followUp")->remove("date");
    CHECK(text_in(made(message).payload, "avskrivningsdato") == "2026-03-02");   // 00:30 in Norway
    CHECK(made(example("follow_up_removed")).payload ==
          whole("slettAvskrivning", "avskrivning/slett/v1",
                "<referanseTilJournalpost><m:registreringsID>2026/3-1</m:registreringsID>"
                "</referanseTilJournalpost><korrespondansepartID>k-1</korrespondansepartID>"));
}

TEST_CASE("arkiv: a search says what it looks for in the archive's own words") {
    const auto xml = made(example("search_cases")).payload;
    CHECK(xml.find("<sokdefinisjon xsi:type=\"saksmappeSokdefinisjon\"><responstype>utvidet<") !=
          std::string::npos);
    CHECK(xml.find("<parametere><operator>between</operator><sokVerdier><datevalues>"
                   "<value>2026-01-01T00:00:00Z</value><value>2026-12-31T00:00:00</value>"
                   "</datevalues></sokVerdier><felt>mappeOpprettetDato</felt></parametere>") !=
          std::string::npos);
    CHECK(xml.find("<parametere><operator>inlist</operator><sokVerdier><stringvalues>"
                   "<value>B</value><value>R</value></stringvalues></sokVerdier>"
                   "<felt>sakSaksstatus</felt></parametere>") != std::string::npos);
    CHECK(xml.find("<sortering><felt>sakSaksaar-saksekvensnummer</felt><type>synkende</type>") !=
          std::string::npos);
    const auto text = made(example("search_text")).payload;
    CHECK(text.find("xsi:type=\"journalpostMedSaksmappeFritekstSokdefinisjon\"") !=
          std::string::npos);
    CHECK(text_in(text, "take") == "50");
    CHECK(text_in(text, "soketekst") == "foreldrebetaling");
    const auto area = made(example("search_cases_on_map")).payload;
    CHECK(text_in(area, "nedreVenstre") == "<x>612000.5</x><y>6590000</y>");
}

TEST_CASE("arkiv: text is escaped, and a line feed stays one") {
    auto message = example("new_case_only");
    message.find("case")->set("title", "a < b & \"c\" > d\r\ne\tæ");
    CHECK(text_in(made(message).payload, "tittel") == "a &lt; b &amp; \"c\" &gt; d&#xD;\ne\tæ");
}

TEST_CASE("arkiv: what is refused makes no message, nor do other documents than its own") {
    auto message = example("new_record_only");
    CHECK(fiks::message_of(message, {}, origin()).error().is(core::Errc::invalid_argument));
    CHECK(fiks::message_of(message, documents_of(message), {})
              .error()
              .is(core::Errc::invalid_argument));
    message.find("record")->remove("title");
    CHECK(fiks::message_of(message, documents_of(message), origin())
              .error()
              .is(core::Errc::invalid_argument));
}
