#include "adapters/folkeregister/freg_parts.hpp"
#include "adapters/folkeregister/freg_person.hpp"
#include "tests/unit/adapter_folkeregister/freg_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace freg_world;

namespace {

freg::Person read(const std::string& parts, bool silent = false) {
    return freg::read_person(document(kari, parts), silent);
}

std::string fault(const std::string& parts) {
    return read(parts).fault;
}

json::Value member(const std::string& parts, const char* name) {
    const auto person = read(parts);
    CHECK(person.fault.empty());
    return person.value[name];
}

std::string street(const char* grading, const char* more = "") {
    return R"({"erGjeldende":true,"flyttedato":"2019-05-31",)" + std::string(more) +
           R"("adressegradering":")" + grading +
           R"(","vegadresse":{"kommunenummer":"5001","adressenavn":"Blaklihøgda",)"
           R"("adressenummer":{"husnummer":"1","husbokstav":"A"},)"
           R"("poststed":{"postnummer":"7036","poststedsnavn":"TRONDHEIM"}}})";
}

std::string residence(const char* grading) {
    return R"({"bostedsadresse":[)" + street(grading) + "]}";
}

}   // namespace

TEST_CASE("freg: a person is told in the gateway's words") {
    const auto person = read(R"({
        "status":[{"erGjeldende":true,"ajourholdstidspunkt":"2019-06-05T09:33:23+02:00",
            "status":"bosatt"}],
        "kjoenn":[{"erGjeldende":true,"kjoenn":"kvinne"}],
        "foedsel":[{"erGjeldende":true,"foedselsdato":"1965-01-29","foedselsaar":"1965"}],
        "navn":[{"erGjeldende":true,"fornavn":"LIV","mellomnavn":"ÅS","etternavn":"BERG",
            "forkortetNavn":"BERG LIV ÅS"}],
        "sivilstand":[{"erGjeldende":true,"sivilstand":"gift","sivilstandsdato":"1990-06-01"}],
        "statsborgerskap":[{"erGjeldende":true,"statsborgerskap":"NOR"},
            {"erGjeldende":true,"statsborgerskap":"SWE"}],
        "doedsfall":[],"nyPart":[{"x":1}],
        "brukAvSamiskSpraak":[{"erGjeldende":true,"spraak":"nordsamisk"}],
        "adressebeskyttelse":[],
        "bostedsadresse":[)" +
                             street("ugradert") + "]}");
    REQUIRE(person.fault == "");
    CHECK(person.register_time == core::parse_rfc3339("2019-06-05T07:33:23Z").value());
    CHECK(
        json::write_canonical(person.value) ==
        json::write_canonical(*json::parse(R"({"nationalIds":{"current":"01816000064","former":[]},
        "status":"resident","gender":"female","birthDate":"1965-01-29",
        "names":{"first":"LIV","middle":"ÅS","last":"BERG","short":"BERG LIV ÅS"},
        "maritalStatus":{"status":"married","since":"1990-06-01"},"citizenships":["NOR","SWE"],
        "language":"se","protection":"none","municipality":"5001","addresses":{
        "residence":{"lines":["Blaklihøgda 1 A"],"postalCode":"7036","city":"TRONDHEIM",
            "municipality":"5001","since":"2019-05-31","graded":false},
        "contact":{"lines":["Blaklihøgda 1 A"],"postalCode":"7036","city":"TRONDHEIM",
            "municipality":"5001","since":"2019-05-31","graded":false,"from":"residence"}}})")));
}

TEST_CASE("freg: what no longer holds is not told") {
    CHECK(member(R"({"navn":[{"erGjeldende":false,"fornavn":"GAMMEL","etternavn":"X"},
        {"erGjeldende":true,"fornavn":"NY","etternavn":"X"}]})",
                 "names")["first"]
              .as_string() == "NY");
    CHECK(member(R"({"doedsfall":[{"erGjeldende":false,"doedsdato":"2020-01-01"}]})", "deathDate")
              .is_null());
    CHECK(member(R"({"bostedsadresse":[{"erGjeldende":false,"adressegradering":"fortrolig",
        "vegadresse":{"adressenavn":"X"}}]})",
                 "addresses")
              .is_null());
    // Of two that hold, the one that was entered last.
    CHECK(member(R"({"navn":[{"erGjeldende":true,"ajourholdstidspunkt":"2021-01-01T00:00:00Z",
        "fornavn":"NY","etternavn":"X"},{"erGjeldende":true,
        "ajourholdstidspunkt":"2019-01-01T00:00:00Z","fornavn":"GAMMEL","etternavn":"X"}]})",
                 "names")["first"]
              .as_string() == "NY");
}

TEST_CASE("freg: numbers of old are told beside the one in use") {
    const auto person = freg::read_person(*json::parse(R"({"identifikasjonsnummer":[
        {"erGjeldende":false,"status":"opphoert","foedselsEllerDNummer":"02816000850"},
        {"erGjeldende":true,"status":"iBruk","foedselsEllerDNummer":"01816000064"}]})"),
                                          false);
    REQUIRE(person.fault.empty());
    CHECK(person.value["nationalIds"]["current"].as_string() == kari);
    CHECK(person.value["nationalIds"]["former"].items().at(0).as_string() == ola);
    CHECK(person.numbers.contains(ola));
}

TEST_CASE("freg: a graded address is marked, and the person's protection is the highest of all") {
    const auto graded = [](const char* grading) {
        const auto person = read(residence(grading));
        REQUIRE(person.fault.empty());
        CHECK(person.value["addresses"]["residence"]["graded"].as_bool() ==
              (std::string(grading) != "ugradert"));
        CHECK(person.value["addresses"]["contact"]["graded"].as_bool() ==
              (std::string(grading) != "ugradert"));
        // Where one lives is as secret as the address.
        CHECK(person.value.has("municipality") == (std::string(grading) == "ugradert"));
        return person.value["protection"].as_string();
    };
    CHECK(graded("ugradert") == "none");
    CHECK(graded("klientadresse") == "client");
    CHECK(graded("fortrolig") == "confidential");
    CHECK(graded("strengtFortrolig") == "strictly-confidential");
    // As other services of the register write them.
    CHECK(read(residence("UGRADERT")).value["protection"].as_string() == "none");
    CHECK(read(residence("STRENGT_FORTROLIG")).value["protection"].as_string() ==
          "strictly-confidential");
    const auto both = read(R"({"adressebeskyttelse":[{"erGjeldende":true,
        "graderingsnivaa":"strengtFortrolig"}],"bostedsadresse":[)" +
                           street("ugradert") + "]}");
    CHECK(both.value["protection"].as_string() == "strictly-confidential");
    // The register keeps the address itself from us.
    const auto kept = read(R"({"bostedsadresse":[{"erGjeldende":true,
        "adressegradering":"strengtFortrolig"}]})");
    CHECK(kept.value["protection"].as_string() == "strictly-confidential");
    CHECK_FALSE(kept.value.has("addresses"));
}

TEST_CASE(
    "freg: an address whose grading is not said is graded, one that is not known is a fault") {
    const std::string silent =
        R"({"bostedsadresse":[{"erGjeldende":true,"vegadresse":{"adressenavn":"X"}}]})";
    CHECK(read(silent).value["addresses"]["residence"]["graded"].as_bool());
    CHECK(read(silent).value["protection"].as_string() == "unknown");
    CHECK_FALSE(read(silent, true).value["addresses"]["residence"]["graded"].as_bool());
    CHECK(read(silent, true).value["protection"].as_string() == "none");
    CHECK(fault(residence("hemmelig")) == "adressegradering");
    CHECK(fault(R"({"adressebeskyttelse":[{"graderingsnivaa":"kjempehemmelig"}]})") ==
          "graderingsnivaa");
    // Nothing of addresses was asked for: nothing is known.
    CHECK(read("{}").value["protection"].as_string() == "unknown");
    CHECK(read(R"({"adressebeskyttelse":[]})").value["protection"].as_string() == "none");
}

TEST_CASE("freg: addresses of every form are told, and the one to write to is chosen") {
    const auto person = read(R"({"bostedsadresse":[{"adressegradering":"ugradert",
          "matrikkeladresse":{"bruksenhetsnummer":"","matrikkelnummer":{"kommunenummer":"0301",
          "gaardsnummer":0},"poststed":{"poststedsnavn":"OSLO","postnummer":"1163"},
          "coAdressenavn":"c/o Ås"}}],
        "oppholdsadresse":[{"adressegradering":"ugradert","oppholdsadressedato":"2020-02-02",
          "utenlandskAdresse":{"adressenavn":"High Street 1","postkode":"AB1",
          "byEllerStedsnavn":"Leeds","landkode":"GBR"}}],
        "postadresse":[{"adressegradering":"ugradert","postboksadresse":{"postboks":"12",
          "poststed":{"poststedsnavn":"ØRJE","postnummer":"1870"}}}]})");
    REQUIRE(person.fault.empty());
    const auto& all = person.value["addresses"];
    CHECK(all["residence"]["careOf"].as_string() == "c/o Ås");
    CHECK(all["residence"]["municipality"].as_string() == "0301");
    CHECK(all["stay"]["country"].as_string() == "GBR");
    CHECK(all["stay"]["since"].as_string() == "2020-02-02");
    CHECK(all["postal"]["lines"].items().at(0).as_string() == "Postboks 12");
    CHECK(all["contact"]["from"].as_string() == "postal");
    const auto free = read(R"({"postadresse":[{"adressegradering":"UGRADERT",
        "postadresseIFrittFormat":{"adresselinje":["GATE 2",null],"postnummer":"9170",
        "poststed":"LONGYEARBYEN"}}]})");
    CHECK(free.value["addresses"]["postal"]["city"].as_string() == "LONGYEARBYEN");
    const auto unknown = read(R"({"bostedsadresse":[{"adressegradering":"ugradert",
        "ukjentBosted":{"bostedskommune":"5001"}}]})");
    CHECK(unknown.value["addresses"]["residence"]["unknown"].as_bool());
    CHECK(unknown.value["municipality"].as_string() == "5001");
}

TEST_CASE("freg: the family and who has custody are told, also of those without a number") {
    const auto family = member(R"({"familierelasjon":[
        {"erGjeldende":true,"relatertPerson":"02816000850","relatertPersonsRolle":"barn",
         "minRolleForPerson":"mor"},
        {"erGjeldende":true,"relatertPerson":"03816001411","relatertPersonsRolle":"medmor"},
        {"erGjeldende":false,"relatertPerson":"03816001411","relatertPersonsRolle":"barn"},
        {"erGjeldende":true,"relatertPersonsRolle":"ektefelleEllerPartner",
         "relatertPersonUtenFolkeregisteridentifikator":{"navn":{"fornavn":"A","etternavn":"B"},
         "foedselsdato":"1970-01-01"}}]})",
                               "family");
    CHECK(family["children"].items().size() == 1);
    CHECK(family["parents"].items().at(0)["role"].as_string() == "co-mother");
    CHECK(family["spouse"]["name"]["last"].as_string() == "B");
    CHECK(family["spouse"]["birthDate"].as_string() == "1970-01-01");
    CHECK(member(R"({"familierelasjon":[]})", "family")["children"].is_array());
    const auto custody = member(R"({"foreldreansvar":[{"erGjeldende":true,"ansvar":"felles",
        "ansvarlig":"02816000850","ansvarssubjekt":"03816001411"}]})",
                                "custody");
    CHECK(custody.items().at(0)["kind"].as_string() == "shared");
    CHECK(custody.items().at(0)["child"].as_string() == nils);
}

TEST_CASE("freg: what is not understood is named, and nothing of the person is believed") {
    CHECK(fault(R"({"status":[{"status":"borte"}]})") == "status");
    CHECK(fault(R"({"status":"bosatt"})") == "status");
    CHECK(fault(R"({"status":[7]})") == "status");
    CHECK(fault(R"({"kjoenn":[{"kjoenn":"x"}]})") == "kjoenn");
    CHECK(fault(R"({"navn":[{"erGjeldende":"ja"}]})") == "navn");
    CHECK(fault(R"({"navn":[{"fornavn":7}]})") == "fornavn");
    CHECK(fault(R"({"foedsel":[{"foedselsdato":"29.01.65"}]})") == "foedselsdato");
    CHECK(fault(R"({"doedsfall":[{"doedsdato":"2020-02-30"}]})") == "doedsdato");
    CHECK(fault(R"({"sivilstand":[{"sivilstand":"forlovet"}]})") == "sivilstand");
    CHECK(fault(R"({"familierelasjon":[{"relatertPersonsRolle":"onkel"}]})") ==
          "relatertPersonsRolle");
    CHECK(fault(R"({"foreldreansvar":[{"ansvar":"bestemor"}]})") == "ansvar");
    CHECK(fault(R"({"identifikasjonsnummer":[{"foedselsEllerDNummer":"1"}]})") ==
          "identifikasjonsnummer");
    CHECK(fault(R"({"bostedsadresse":[{"adressegradering":"ugradert","vegadresse":"x"}]})") ==
          "bostedsadresse");
    CHECK(freg::read_person(json::Value("x"), false).fault == "folkeregisterperson");
}

TEST_CASE("freg: no more parts are asked for than the fields need") {
    using Parts = std::vector<std::string>;
    CHECK(freg::parts_of({"names"}) == Parts{"identifikasjonsnummer", "navn"});
    CHECK(freg::parts_of({"addresses.residence", "municipality"}) ==
          Parts{"bostedsadresse", "identifikasjonsnummer"});
    CHECK(freg::parts_of({"addresses.contact"}) == freg::parts_of({"addresses"}));
    CHECK(freg::parts_of({"family", "custody"}) ==
          Parts{"familierelasjon", "foreldreansvar", "identifikasjonsnummer"});
    CHECK(freg::parts_of({"nonsense"}) == Parts{"identifikasjonsnummer"});
    CHECK(freg::parts_of({}).size() == 16);
    const auto all = freg::parts_of({});
    CHECK(std::count(all.begin(), all.end(), "historikk") == 0);
}
