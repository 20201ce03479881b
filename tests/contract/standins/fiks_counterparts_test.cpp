#include "adapters/common/standin/containers/package.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "tests/contract/standins/fiks_world.hpp"

#include <catch2/catch.hpp>

// The archive system and the other municipality behind Fiks IO's stand-in: what they send is opened
// with openssl and unzip.

namespace gateway::tests::standins {

using json::Value;
namespace kit = gateway::standin;

namespace {

const std::string arkiv = "no.ks.fiks.arkiv.v1.";
const std::string base = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/";

std::string file_of(const std::string& path) {
    const auto text = kit::read_file(path);
    INFO(path);
    REQUIRE(text.has_value());
    return *text;
}

/// The municipality's own business certificate, as an issued one.
kit::Issued own(const FiksWorld& world) {
    const Value& material = world.maskinporten.line()["material"];
    const auto leaf = kit::Certificate::from_pem(file_of(material["certificate"].as_string()));
    const auto key = kit::Key::from_private_pem(file_of(material["key"].as_string()));
    const auto issuer =
        kit::Certificate::from_pem(file_of(world.folder.path() + "/maskinporten/ca/issuing.pem"));
    REQUIRE((leaf && key && issuer));
    return {*leaf, *key, *issuer};
}

/// A journal post with one document, as Fiks Arkiv has it.
std::string journal_post(const std::string& file, const std::string& kind = "U") {
    return R"(<?xml version="1.0" encoding="UTF-8"?><arkivmelding xmlns=")" + base +
           R"(arkivmelding/opprett/v1" xmlns:n=")" + base +
           R"(metadatakatalog/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)"
           R"(<system>Fagsystem</system><antallFiler>1</antallFiler><mappe xsi:type="saksmappe">)"
           R"(<tittel>Byggesak</tittel><referanseEksternNoekkel><n:fagsystem>F</n:fagsystem>)"
           R"(<n:noekkel>sak-1</n:noekkel></referanseEksternNoekkel></mappe>)"
           R"(<registrering xsi:type="journalpost"><dokumentbeskrivelse><tittel>Brev</tittel>)"
           R"(<tilknyttetRegistreringSom><n:kode>H</n:kode></tilknyttetRegistreringSom>)"
           R"(<dokumentobjekt><filnavn>brev.pdf</filnavn><referanseDokumentfil>)" +
           file +
           R"(</referanseDokumentfil></dokumentobjekt></dokumentbeskrivelse><tittel>Vedtak</tittel>)"
           R"(<journalposttype><n:kode>)" +
           kind + R"(</n:kode></journalposttype></registrering></arkivmelding>)";
}

struct Case {
    std::string xml = journal_post("brev.pdf");
    std::string type = arkiv + "arkivering.arkivmelding.opprett";
    std::string payload_name = "arkivmelding.xml";
    kit::Flavour flavour = kit::Flavour::java;
    bool with_document = true;
    std::string client_id = kit::random_uuid();
};

/// Sends it to the archive as a careful client would.
Answer send(const FiksWorld& world, const Case& what) {
    const kit::Issued signer = own(world);
    kit::PackageOrder order;
    order.signer = &signer;
    order.flavour = what.flavour;
    std::vector<kit::PackageFile> files{{what.payload_name, what.xml}};
    if (what.with_document) {
        files.push_back({"brev.pdf", "%PDF-1.4 brev"});
    }
    const Value key = get(world.fiks->url() + "/fiks-io/katalog/api/v1/kontoer/" +
                          world.material("archive_account") + "/offentligNokkel")
                          .json();
    const auto to = kit::Certificate::from_pem(key["nokkel"].as_string());
    Value metadata = world.order(world.material("archive_account"), what.type);
    metadata.find("headere")->set("klientMeldingId", what.client_id);
    metadata.find("headere")->set("klientKorrelasjonsId", "sak-1");
    return world.send(metadata, kit::envelop(kit::make_container(files, order), *to, what.flavour));
}

/// What a message's body holds, by openssl and unzip.
std::string unpacked(const FiksWorld& world, const Value& message, const std::string& file) {
    const std::string folder = world.folder.path();
    kit::write_file(folder + "/body.cms", bytes_of(message));
    run_program("openssl cms -decrypt -binary -inform DER -in " + folder + "/body.cms -inkey " +
                world.maskinporten.line()["material"]["key"].as_string() + " -recip " +
                world.maskinporten.line()["material"]["certificate"].as_string() + " -out " +
                folder + "/body.zip");
    return run_program("unzip -p " + folder + "/body.zip " + file);
}

std::string type_of(const Value& message) {
    return message["headers"]["type"].as_string();
}

}   // namespace

TEST_CASE("fiks archive: a journal post is received, then receipted with its number, once") {
    FiksWorld world;
    Case post;
    const Value sent = send(world, post).json();
    const auto answers = world.read(2);
    REQUIRE(answers.size() == 2);
    CHECK(type_of(answers[0]) == post.type + ".mottatt");
    CHECK(bytes_of(answers[0]).empty());
    CHECK(type_of(answers[1]) == post.type + ".kvittering");
    for (const Value& answer : answers) {
        CHECK(answer["headers"]["svar-til"] == sent["meldingId"]);
        CHECK(answer["headers"]["egendefinert-header.klientKorrelasjonsId"].as_string() == "sak-1");
    }
    const std::string receipt = unpacked(world, answers[1], "arkivmelding-kvittering.xml");
    CHECK(receipt.find("<journalsekvensnummer>1</journalsekvensnummer>") != std::string::npos);
    CHECK(receipt.find("<sakssekvensnummer>1</sakssekvensnummer>") != std::string::npos);

    send(world, post);   // resent: the same klientMeldingId
    const auto again = world.read(2);
    CHECK(unpacked(world, again.at(1), "arkivmelding-kvittering.xml")
              .find("<journalsekvensnummer>1</journalsekvensnummer>") != std::string::npos);
    Case next;
    send(world, next);   // another record in the same case
    const std::string second = unpacked(world, world.read(2).at(1), "arkivmelding-kvittering.xml");
    CHECK(second.find("<journalsekvensnummer>2</journalsekvensnummer>") != std::string::npos);
    CHECK(second.find("Eksisterende") != std::string::npos);
    CHECK(second.find("<journalpostnummer>2</journalpostnummer>") != std::string::npos);
    const Value archive = world.fiks->state()["archive"];
    CHECK(archive["records"].items().size() == 2);
    CHECK(archive["cases"].items().size() == 1);
    world.fiks->kill();
    world.start();
    CHECK(world.fiks->state()["archive"]["records"].items().size() == 2);
}

TEST_CASE("fiks archive: what is wrong with a message is said, and nothing is archived") {
    FiksWorld world;
    const auto refused = [&world](const Case& what) {
        send(world, what);
        const auto answers = world.read(1);
        REQUIRE(answers.size() == 1);
        CHECK(type_of(answers[0]) == arkiv + "feilmelding.ugyldigforespoersel");
        return unpacked(world, answers[0], "feilmelding.xml");
    };
    Case absent;
    absent.xml = journal_post("annen.pdf");
    CHECK(refused(absent).find("ikke er i pakken") != std::string::npos);
    Case kind;
    kind.xml = journal_post("brev.pdf", "Q");
    CHECK(refused(kind).find("journalposttype") != std::string::npos);
    Case none;
    none.with_document = false;
    refused(none);
    Case broken;
    broken.xml = "<arkivmelding";
    refused(broken);
    Case dotnet;   // two recipients: not what a careful client sends
    dotnet.flavour = kit::Flavour::dotnet;
    CHECK(refused(dotnet).find("RSAES-OAEP") != std::string::npos);
    CHECK(world.fiks->state()["archive"]["records"].items().empty());

    world.command("/control/faults",
                  R"({"kind":"archive_refuses","words":"Arkivdelen er avsluttet"})");
    send(world, Case());
    const auto answers = world.read(2);
    CHECK(type_of(answers.at(1)) == arkiv + "arkivering.arkivmelding.opprett.kvittering");
    const std::string receipt = unpacked(world, answers[1], "arkivmelding-kvittering.xml");
    CHECK(receipt.find("registreringFeilet") != std::string::npos);
    CHECK(receipt.find("Arkivdelen er avsluttet") != std::string::npos);
}

TEST_CASE("fiks archive: records are found again by title, key and number, and fetched") {
    FiksWorld world;
    send(world, Case());
    world.read(2);
    const std::string record =
        world.fiks->state()["archive"]["records"].items().front()["id"].as_string();
    Case search;
    search.type = arkiv + "innsyn.sok";
    search.payload_name = "sok.xml";
    search.with_document = false;
    search.xml =
        R"(<sok xmlns=")" + base +
        R"(sok/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><system>F</system>)"
        R"(<take>10</take><skip>0</skip>)"
        R"(<sokdefinisjon xsi:type="journalpostFritekstSokdefinisjon">)"
        R"(<responstype>noekler</responstype><soketekst>Vedtak</soketekst>)"
        R"(</sokdefinisjon></sok>)";
    send(world, search);
    const auto found = world.read(1);
    CHECK(type_of(found.at(0)) == search.type + ".resultat.noekler");
    CHECK(unpacked(world, found[0], "sokeresultat.xml").find(record) != std::string::npos);
    Case fetch;
    fetch.type = arkiv + "innsyn.registrering.hent";
    fetch.payload_name = "registrering-hent.xml";
    fetch.with_document = false;
    fetch.xml = R"(<registreringHent xmlns=")" + base + R"(registrering/hent/v1" xmlns:n=")" +
                base +
                R"(metadatakatalog/v1"><system>F</system><referanseTilRegistrering><n:systemID>)" +
                record + R"(</n:systemID></referanseTilRegistrering></registreringHent>)";
    send(world, fetch);
    CHECK(unpacked(world, world.read(1).at(0), "resultat.xml").find("Vedtak") != std::string::npos);
    const std::string unknown = "11111111-2222-4333-8444-555555555555";
    fetch.xml.replace(fetch.xml.find(record), record.size(), unknown);
    fetch.client_id = kit::random_uuid();
    send(world, fetch);
    CHECK(type_of(world.read(1).at(0)) == arkiv + "feilmelding.ikkefunnet");
}

TEST_CASE("fiks echo: sends in the dialects of KS's clients, which openssl and unzip open") {
    FiksWorld world;
    const char* type = "no.ks.fiks.plan.v2.oppdatering.plan.opprett";
    const std::string folder = world.folder.path();
    for (const bool dotnet : {false, true}) {
        Value command = object(R"({"files":[{"name":"payload.json","text":"{\"a\":1}"}]})");
        command.set("flavour", dotnet ? "dotnet" : "java");
        command.set("digest", dotnet ? "sha256" : "sha1");
        world.echo(type, command);
        const Value message = world.read(1).at(0);
        CHECK(unpacked(world, message, "payload.json") == R"({"a":1})");
        const std::string names = run_program("unzip -Z1 " + folder + "/body.zip");
        CHECK(names.starts_with("mimetype\n"));
        CHECK((names.find("META-INF/asicmanifest.xml") != std::string::npos) == dotnet);
        const std::string details =
            run_program("openssl cms -cmsout -print -inform DER -in " + folder +
                        "/body.cms | grep -c keyEncryptionAlgorithm");
        CHECK(details == (dotnet ? "2\n" : "1\n"));
        const std::string manifest =
            dotnet ? "META-INF/asicmanifest.xml" : "META-INF/ASiCManifest.xml";
        run_program("cd " + folder +
                    " && rm -rf META-INF && unzip -q body.zip 'META-INF/*' && "
                    "openssl cms -verify -binary -inform DER -in META-INF/signature-*.p7s "
                    "-content " +
                    manifest + " -noverify -out /dev/null 2>/dev/null");
        CHECK(message["headers"]["avsender-id"].as_string() == world.material("echo_account"));
    }
    // And wrong in every way that was ordered.
    Value command = object(R"({"files":[{"name":"a.txt","text":"x"}],
        "withoutHeaders":["avsender-id"],"numberHeaders":["type"],"trueHeaders":["melding-id"],
        "copies":2})");
    world.echo(type, command);
    const auto odd = world.read(2);
    REQUIRE(odd.size() == 2);
    CHECK_FALSE(odd[0]["headers"].has("avsender-id"));
    CHECK(odd[0]["headers"]["type"].is_number());
    CHECK(odd[0]["headers"]["melding-id"].is_bool());
    CHECK(odd[0]["body"] == odd[1]["body"]);
    world.echo(type, object(R"({"files":[{"name":"a.txt","text":"x"}],"truncated":true})"));
    kit::write_file(folder + "/cut.cms", bytes_of(world.read(1).at(0)));
    run_program("! openssl cms -decrypt -inform DER -in " + folder + "/cut.cms -inkey " +
                world.maskinporten.line()["material"]["key"].as_string() +
                " -out /dev/null 2>/dev/null");
}

TEST_CASE("fiks echo: answers a command and a query by custom, or as it was told") {
    FiksWorld world;
    const std::string command = "no.ks.fiks.plan.v2.oppdatering.plan.opprett";
    world.send(world.order(world.material("echo_account"), command), "");
    const auto answers = world.read(2);
    CHECK(type_of(answers.at(0)) == command + ".mottatt");
    CHECK(type_of(answers.at(1)) == command + ".kvittering");
    Value told = object(R"({"answers":[{"type":"no.ks.fiks.plan.v2.feilmelding.serverfeil",
        "files":[{"name":"feilmelding.json","text":"{}"}]}]})");
    told.set("type", command);
    CHECK(world.fiks->command("/control/answers", told).status == 200);
    world.send(world.order(world.material("echo_account"), command), "");
    const auto other = world.read(1);
    CHECK(type_of(other.at(0)) == "no.ks.fiks.plan.v2.feilmelding.serverfeil");
    CHECK(unpacked(world, other[0], "feilmelding.json") == "{}");
}

}   // namespace gateway::tests::standins
