#include "tests/unit/adapter_enhetsregisteret/brreg_world.hpp"

#include <catch2/catch.hpp>

using namespace brreg_world;

namespace {

brreg::Unit read(const std::string& more, bool sub_unit = false) {
    return brreg::read_unit(unit(one, more), sub_unit);
}

}   // namespace

TEST_CASE("brreg: a unit is told in the gateway's words, and what it does not know is ignored") {
    const auto told = read(R"({"postadresse":{"land":"Norge","landkode":"NO","postnummer":"0122",
        "poststed":"OSLO","adresse":["c/o Rusing",null,"Postboks 1",""],"kommune":"OSLO",
        "kommunenummer":"0301"},"forretningsadresse":{"adresse":null},
        "registrertIMvaregisteret":true,"registrertIForetaksregisteret":false,
        "naeringskode1":{"kode":"52.292","beskrivelse":"Skipsmegling"},"naeringskode2":{"kode":"1"},
        "antallAnsatte":50,"harRegistrertAntallAnsatte":true,"stiftelsesdato":"2017-10-20",
        "institusjonellSektorkode":{"kode":"2100"},"maalform":"Nynorsk","konkurs":false,
        "konkursdato":"","hjemmeside":"www.eksempel.example","overordnetEnhet":"310005002",
        "nytt_felt":{"a":[1]}})");
    REQUIRE(told.fault.empty());
    CHECK(json::write_canonical(told.value) ==
          json::write_canonical(*json::parse(
              R"({"number":"310001007","name":"EIN AS","form":{"code":"AS","text":"Aksjeselskap"},
        "status":"active","subUnit":false,"parent":"310005002","addresses":{"business":{"lines":[]},
        "postal":{"lines":["c/o Rusing","Postboks 1"],"postalCode":"0122","city":"OSLO",
        "municipality":{"number":"0301","name":"OSLO"},"country":{"code":"NO","name":"Norge"}}},
        "industries":[{"code":"52.292","text":"Skipsmegling"},{"code":"1"}],"employees":50,
        "founded":"2017-10-20","sector":{"code":"2100"},"website":"www.eksempel.example",
        "registered":{"vat":true,"business":false},"language":"nn"})")));
}

TEST_CASE("brreg: a day may be long ago, and must be one that there was") {
    const auto founded = [](const std::string& date) {
        const auto told = read(R"({"stiftelsesdato":")" + date + R"("})");
        return told.fault.empty() ? told.value["founded"].as_string() : told.fault;
    };
    for (const char* date : {"1969-12-31", "1847-02-28", "1600-02-29", "2024-02-29"}) {
        CHECK(founded(date) == date);
    }
    for (const char* date : {"1900-02-29", "2023-13-01", "2023-00-10", "2023-01-32", "0000-01-01",
                             "2023-1-01", "2023-01-1", "2023-01-01T00:00:00Z", "2023/01/01",
                             "-999-01-01", "2023-+1-01", "20 3-01-01"}) {
        CHECK(founded(date) == "stiftelsesdato");
    }
}

TEST_CASE("brreg: what is worst of a unit is its status") {
    CHECK(read("{}").value["status"].as_string() == "active");
    CHECK(read(R"({"underAvvikling":true})").value["status"].as_string() == "windingUp");
    CHECK(
        read(R"({"underTvangsavviklingEllerTvangsopplosning":true})").value["status"].as_string() ==
        "windingUp");
    CHECK(read(R"({"underAvvikling":true,"konkurs":true})").value["status"].as_string() ==
          "bankrupt");
    const auto deleted = read(R"({"konkurs":true,"slettedato":"2017-10-20"})");
    CHECK(deleted.value["status"].as_string() == "deleted");
    CHECK(deleted.value["deletedAt"].as_string() == "2017-10-20");
}

TEST_CASE("brreg: a sub-unit lies somewhere, belongs to a unit and may have closed down") {
    const auto told = read(R"({"overordnetEnhet":"310005002","nedleggelsesdato":"2018-10-20",
        "beliggenhetsadresse":{"adresse":["Tyvholmen 1",null],"postnummer":"0122"},
        "oppstartsdato":"2001-02-03","stiftelsesdato":"1999-01-01"})",
                           true);
    REQUIRE(told.fault.empty());
    CHECK(told.value["subUnit"].as_bool());
    CHECK(told.value["parent"].as_string() == two);
    CHECK(told.value["ceasedAt"].as_string() == "2018-10-20");
    CHECK(told.value["founded"].as_string() == "2001-02-03");
    CHECK(told.value["addresses"]["business"]["postalCode"].as_string() == "0122");
}

TEST_CASE("brreg: zero employees of who has registered none is not a number of employees") {
    CHECK_FALSE(
        read(R"({"antallAnsatte":0,"harRegistrertAntallAnsatte":false})").value.has("employees"));
    CHECK(read(R"({"antallAnsatte":0})").value["employees"].as_int(-1) == 0);
}

TEST_CASE("brreg: a field that is not understood is named, and nothing of the unit is believed") {
    const auto fault = [](const char* more) { return read(more).fault; };
    CHECK(fault(R"({"navn":7})") == "navn");
    CHECK(fault(R"({"navn":null})") == "navn");
    CHECK(fault(R"({"organisasjonsform":null})") == "organisasjonsform");
    CHECK(fault(R"({"organisasjonsform":{"beskrivelse":"x"}})") == "organisasjonsform");
    CHECK(fault(R"({"slettedato":"i går"})") == "slettedato");
    CHECK(fault(R"({"slettedato":"2017-02-30"})") == "slettedato");
    CHECK(fault(R"({"konkurs":"ja"})") == "konkurs");
    CHECK(fault(R"({"overordnetEnhet":"12"})") == "overordnetEnhet");
    CHECK(fault(R"({"postadresse":"Oslo"})") == "postadresse");
    CHECK(fault(R"({"postadresse":{"adresse":[1]}})") == "postadresse");
    CHECK(fault(R"({"postadresse":{"postnummer":122}})") == "postnummer");
    CHECK(fault(R"({"antallAnsatte":-1})") == "antallAnsatte");
    CHECK(fault(R"({"naeringskode2":"52"})") == "naeringskode2");
    CHECK(fault((R"({"hjemmeside":")" + std::string(2001, 'x') + R"("})").c_str()) == "hjemmeside");
    CHECK(brreg::read_unit(unit("31000100"), false).fault == "organisasjonsnummer");
    CHECK(brreg::read_unit(json::Value("tekst"), false).fault == "organisasjonsnummer");
}

TEST_CASE("brreg: roles are told in the register's order, without those who have left") {
    const auto told = brreg::read_roles(*json::parse(R"({"rollegrupper":[
        {"type":{"kode":"STYR","beskrivelse":"Styre"},"roller":[
          {"type":{"kode":"LEDE","beskrivelse":"Styrets leder"},
           "person":{"fodselsdato":"1981-01-01","navn":{"fornavn":"Ove","mellomnavn":"Ås",
           "etternavn":"Olsen"},"erDoed":false},"valgtAv":{"kode":"A-AK"},"avregistrert":false},
          {"type":{"kode":"MEDL"},"person":{"navn":{"fornavn":"X","etternavn":"Y"}},
           "avregistrert":true},
          {"type":{"kode":"MEDL"},"person":{"navn":{"fornavn":"X","etternavn":"Y"}},
           "fratraadt":true}]},
        {"type":{"kode":"DELT"},"roller":[{"type":{"kode":"DTPR"},"ansvarsandel":"50%",
          "enhet":{"organisasjonsnummer":"310005002","navn":["Sult","AS"],"erSlettet":true}}]}],
        "_links":{"enhet":{"href":"https://x.example/api/enheter/310001007"}}})"));
    REQUIRE(told.fault.empty());
    CHECK(told.number == one);
    CHECK(json::write_canonical(told.value) == json::write_canonical(*json::parse(R"({"roles":[
        {"group":{"code":"STYR","text":"Styre"},"role":{"code":"LEDE","text":"Styrets leder"},
         "person":{"name":{"first":"Ove","middle":"Ås","last":"Olsen"},"birthDate":"1981-01-01",
         "deceased":false},"electedBy":{"code":"A-AK"}},
        {"group":{"code":"DELT"},"role":{"code":"DTPR"},"share":"50%",
         "organisation":{"number":"310005002","name":"Sult AS","deleted":true}}]})")));
}

TEST_CASE("brreg: a role of nobody, or of two, is not understood") {
    const auto fault = [](const std::string& role) {
        return brreg::read_roles(
                   *json::parse(R"({"rollegrupper":[{"type":{"kode":"S"},"roller":[)" + role +
                                "]}]}"))
            .fault;
    };
    CHECK(fault(R"({"type":{"kode":"L"}})") == "person");
    CHECK(fault(R"({"type":{"kode":"L"},"person":{},"enhet":{}})") == "person");
    CHECK(fault(R"({"person":{}})") == "type");
    CHECK(fault(R"({"type":{"kode":"L"},"person":{"fodselsdato":"81"}})") == "fodselsdato");
    CHECK(fault(R"({"type":{"kode":"L"},"enhet":{"organisasjonsnummer":"1"}})") ==
          "organisasjonsnummer");
    CHECK(brreg::read_roles(json::Value()).fault == "rollegrupper");
}
