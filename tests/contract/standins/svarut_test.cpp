#include "adapters/common/standin/jose.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/grants.hpp"
#include "tests/contract/standins/patience.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gateway::tests::standins {

using json::Value;

namespace {

constexpr const char* pdf = "%PDF-1.7 brev";

struct File {
    std::string name;
    std::string bytes;
};

std::string form(const std::string& order, const std::vector<File>& files,
                 const std::string& first = "forsendelse") {
    std::string body = "--grense\r\nContent-Disposition: form-data; name=\"" + first +
                       "\"\r\nContent-Type: application/json\r\n\r\n" + order + "\r\n";
    for (const auto& file : files) {
        body += "--grense\r\nContent-Disposition: form-data; name=\"x\"; filename=\"" + file.name +
                "\"\r\nContent-Type: application/pdf\r\n\r\n" + file.bytes + "\r\n";
    }
    return body + "--grense--\r\n";
}

/// To a person with an address, one PDF.
Value order(const std::string& recipient = "17859130003") {
    Value made = object(R"({"tittel":"Vedtak","eksternReferanse":"ref-1",
        "mottaker":{"navn":"Kari","adresse":{"adresselinje1":"Storgata 1","poststed":"Oslo"}},
        "dokumenter":[{"filnavn":"brev.pdf","mimeType":"application/pdf"}]})");
    made.find("mottaker")->set("digitalId", recipient);
    return made;
}

/// SvarUt, two thousand times faster, and a Maskinporten whose tokens it believes.
struct World {
    explicit World(const TemporaryFolder& folder)
        : maskinporten("maskinporten", folder.path() + "/m"),
          grants(maskinporten),
          svarut("svarut", folder.path() + "/s",
                 {"--time-scale", "2000", "--maskinporten-url", maskinporten.url(),
                  "--organisation", organisation()}),
          material(svarut.line()["material"]) {
        Value claims = grants.claims();
        claims.set("scope", "ks:fiks");
        token = grants.token(claims).json()["access_token"].as_string();
    }

    std::string organisation() const {
        return maskinporten.line()["material"]["organisation"].as_string();
    }
    std::string account() const { return material["account"].as_string(); }
    std::map<std::string, std::string> headers() const {
        return {{"Authorization", "Bearer " + token},
                {"IntegrasjonId", material["integration_id"].as_string()},
                {"IntegrasjonPassord", material["integration_password"].as_string()}};
    }
    Answer call(const char* method, const std::string& path, const std::string& body = {},
                std::map<std::string, std::string> more = {}) const {
        Ask request;
        request.method = method;
        request.url = svarut.url() + path;
        request.headers = headers();
        for (auto& [name, value] : more) {
            request.headers[name] = value;
        }
        request.body = body;
        return ask(request);
    }
    Answer send(const std::string& kind, const std::string& body) const {
        return call("POST", "/api/v3/kontoer/" + account() + "/forsendelser/" + kind, body,
                    {{"Content-Type", "multipart/form-data; boundary=grense"}});
    }
    std::string sent(const std::string& kind, const Value& what,
                     const std::vector<File>& files = {{"brev.pdf", pdf}}) const {
        const Answer answer = send(kind, form(json::write(what), files));
        INFO(answer.body);
        REQUIRE(answer.status == 200);
        return answer.json()["id"].as_string();
    }
    std::string status(const std::string& id, const char* version = "v3") const {
        const bool v2 = std::string(version) == "v2";
        Value ids;
        ids.set(v2 ? "forsendelseIds" : "id", Value::array().push(id));
        const std::string path = v2 ? "/forsendelser/status-sok" : "/forsendelser/status/sok";
        return call("POST", std::string("/api/") + version + "/kontoer/" + account() + path,
                    json::write(ids), {{"Content-Type", "application/json"}})
            .json()["statuser"]
            .items()
            .at(0)["status"]
            .as_string();
    }
    void until(const std::string& id, const char* wanted) const {
        if (!patience::until([&] { return status(id) == wanted; })) {
            FAIL("never " << wanted << ": " << status(id));
        }
    }
    std::string basic() const {
        return "Basic " + gateway::standin::base64(material["mailbox_user"].as_string() + ":" +
                                                   material["mailbox_password"].as_string());
    }
    Answer mailbox(const char* method, const std::string& path,
                   const std::string& body = {}) const {
        return call(method, path, body,
                    {{"Authorization", basic()}, {"Content-Type", "application/json"}});
    }

    Child maskinporten;
    Grants grants;
    Child svarut;
    Value material;
    std::string token;
};

void write_to(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_from(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}   // namespace

TEST_CASE("svarut stand-in: all three headers are asked for, with KS' own words of refusal") {
    TemporaryFolder folder;
    World world(folder);
    const char* const types = "/api/v2/forsendelsestyper";
    CHECK(world.call("GET", types).status == 200);
    const Answer no_token = world.call("GET", types, {}, {{"Authorization", "Bearer x"}});
    CHECK(no_token.status == 401);
    CHECK(no_token.json()["message"].as_string() == "Klarte ikke å validere access_token");
    CHECK_FALSE(no_token.json()["errorId"].as_string().empty());
    for (const auto& [name, value] : std::map<std::string, std::string>{
             {"IntegrasjonPassord", "feil"}, {"IntegrasjonId", "x"}}) {
        const Answer refused = world.call("GET", types, {}, {{name, value}});
        CHECK(refused.status == 401);
        CHECK(refused.json()["message"].as_string().starts_with(
            "Autentisering feilet for integrasjon med id"));
    }
    CHECK(world
              .call("GET", "/api/v2/kontoer/5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c00ff/forsendelser?"
                           "eksternRef=x")
              .status == 403);
    CHECK(get(world.svarut.url() + "/forsendelse/publickey/hent").status == 200);
}

TEST_CASE(
    "svarut stand-in: files are taken in the order and by the names of the JSON, or not at all") {
    TemporaryFolder folder;
    World world(folder);
    Value two = order();
    two.find("dokumenter")->push(object(R"({"filnavn":"kart.pdf","mimeType":"application/pdf"})"));
    const std::string text = json::write(two);
    const File brev{"brev.pdf", pdf};
    const File kart{"kart.pdf", pdf};
    CHECK(world.send("person", form(text, {brev, kart})).status == 200);
    CHECK(world.send("person", form(text, {kart, brev})).status == 400);
    CHECK(world.send("person", form(text, {brev})).status == 400);
    CHECK(world.send("person", form(text, {brev, {"annet.pdf", pdf}})).status == 400);
    CHECK(world.send("person", form(text, {brev, {"kart.pdf", ""}})).status == 400);
    CHECK(world.send("person", form(text, {brev, kart}, "metadata")).status == 400);
    CHECK(world.send("person", "--grense\r\n").status == 400);
    CHECK(world.svarut.state()["shipments"].items().size() == 1);
}

TEST_CASE("svarut stand-in: what KS' description does not allow is refused with its place") {
    TemporaryFolder folder;
    World world(folder);
    const auto refused = [&](const Value& what) {
        const Answer answer = world.send("person", form(json::write(what), {{"brev.pdf", pdf}}));
        CHECK(answer.status == 400);
        return answer.json()["message"].as_string();
    };
    Value unknown = order();
    unknown.set("krevNiva4Innlogging", true);   // v2's, not v3's
    CHECK(refused(unknown).find("krevNiva4Innlogging") != std::string::npos);
    Value untitled = order();
    untitled.remove("tittel");
    refused(untitled);
    Value open = order();
    open.set("sikkerhetsniva", "HOYESTE");
    refused(open);
    refused(order("17859130004"));
    Value text = order();
    text.find("dokumenter")->mutable_items().front().set("mimeType", "text/plain");
    refused(text);
    text.set("kunDigitalLevering", true);
    CHECK(world.send("person", form(json::write(text), {{"brev.pdf", pdf}})).status == 200);
}

TEST_CASE("svarut stand-in: each recipient's shipment goes its way, by each version's names") {
    TemporaryFolder folder;
    World world(folder);
    world.svarut.command("/control/settings",
                         object(R"({"reserved":["04816002163"],"sdp":["02816000850"]})"));
    const std::string person = world.sent("person", order());
    const std::string reserved = world.sent("person", order("04816002163"));
    const std::string boxed = world.sent("person", order("02816000850"));
    Value digital = order("04816002163");
    digital.set("kunDigitalLevering", true);
    const std::string nowhere = world.sent("person", digital);
    world.until(person, "LEVERT_ALTINN");
    CHECK(world.status(person, "v2") == "SENDT_DIGITALT");
    world.until(reserved, "PRINTET");
    world.until(boxed, "LEVERT_SDP");
    world.until(nowhere, "IKKE_LEVERT");
    const Answer found =
        world.call("GET", "/api/v2/kontoer/" + world.account() + "/forsendelser?eksternRef=ref-1");
    CHECK(found.json()["forsendelseIds"].items().size() == 4);
    CHECK(world.call("GET", "/api/v2/forsendelser/" + person + "/hendelser")
              .json()["hendelser"]
              .items()
              .size() == 4);
    CHECK(world.call("DELETE", "/api/v2/forsendelser/" + person + "/dokumenter?slettetype=ALLE")
              .status == 204);
    const Answer read = world.call("POST", "/api/v2/forsendelser/" + person + "/lest",
                                   R"({"fnr":"17859130003","tidspunkt":"2026-01-15T12:00:00Z"})",
                                   {{"Content-Type", "application/json"}});
    CHECK(read.status == 204);
    CHECK(world.status(person) == "LEST");
}

TEST_CASE(
    "svarut stand-in: the highest level is opened with its own key, and only in KS' profile") {
    TemporaryFolder folder;
    World world(folder);
    const std::string at = folder.path() + "/";
    write_to(at + "brev.pdf", pdf);
    write_to(at + "key.pem", get(world.svarut.url() + "/forsendelse/publickey/hent").body);
    const auto sealed = [&](const std::string& options) {
        const std::string command = "openssl cms -encrypt -binary -outform DER -in " + at +
                                    "brev.pdf -out " + at + "sealed -aes-256-cbc -recip " + at +
                                    "key.pem " + options + " 2>/dev/null";
        REQUIRE(std::system(command.c_str()) == 0);
        return read_from(at + "sealed");
    };
    Value secret = order();
    secret.set("sikkerhetsniva", "HOYESTE").set("kryptert", true);
    const std::string good = sealed("-stream -keyopt rsa_padding_mode:oaep -keyopt "
                                    "rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256");
    const std::string id = world.sent("person", secret, {{"brev.pdf", good}});
    world.until(id, "LEVERT_ALTINN");
    CHECK(get(world.svarut.control() + "/control/files/" + id + "/0").body == pdf);
    world.until(world.sent("person", secret, {{"brev.pdf", sealed("")}}), "FEILET_UNDER_MOTTAK");
    world.until(world.sent("person", secret, {{"brev.pdf", pdf}}), "FEILET_UNDER_MOTTAK");
}

TEST_CASE("svarinn stand-in: what waits is opened by openssl and unzip, and the receipt is told to "
          "the sender") {
    TemporaryFolder folder;
    World world(folder);
    Value what = order(world.organisation());
    what.set("forsendelsestype", "Plan");
    const std::string id = world.sent("organisasjon", what);
    world.until(id, "KLAR_FOR_MOTTAK");
    CHECK(world.call("GET", "/api/svarinn/v2/forsendelser").status == 401);
    const Answer list = world.mailbox("GET", "/api/svarinn/v2/forsendelser");
    REQUIRE(list.json().items().size() == 1);
    const Value item = list.json().items().front();
    CHECK(item["mottaker"]["postadresse"]["navn"].as_string() == "Kari");
    CHECK(item["type"].as_string() == "Plan");
    const std::string at = folder.path() + "/";
    write_to(at + "blob", world.mailbox("GET", "/api/svarinn/v2/forsendelser/" + id).body);
    const std::string command = "openssl cms -decrypt -inform DER -in " + at + "blob -out " + at +
                                "files.zip -inkey " + world.material["mailbox_key"].as_string() +
                                " && unzip -p " + at + "files.zip brev.pdf > " + at + "brev.pdf";
    REQUIRE(std::system(command.c_str()) == 0);
    CHECK(read_from(at + "brev.pdf") == pdf);
    world.svarut.command("/control/settings", object(R"({"shape":"flat"})"));
    const Value flat = world.mailbox("GET", "/api/svarinn/v2/forsendelser").json().items().front();
    CHECK(flat["mottaker"]["navn"].as_string() == "Kari");
    const Value v1 = world.mailbox("GET", "/tjenester/svarinn/mottaker/hentNyeForsendelser")
                         .json()
                         .items()
                         .front();
    CHECK(v1["filmetadata"].items().front()["filnavn"].as_string() == "brev.pdf");
    const std::string receipt = "/api/svarinn/v2/forsendelser/" + id + "/status";
    CHECK(world.mailbox("PATCH", receipt, R"({"status":"FEILET"})").status == 400);
    CHECK(world
              .mailbox("PATCH", receipt,
                       R"({"status":"FEILET","feil":{"feilmelding":"x","permanent":false}})")
              .status == 200);
    CHECK(world.status(id) == "KLAR_FOR_MOTTAK");
    CHECK(world.mailbox("PATCH", receipt, R"({"status":"MOTTATT"})").status == 200);
    CHECK(world.status(id) == "LEST");
    CHECK(world.mailbox("PATCH", receipt, R"({"status":"MOTTATT"})").status == 200);
    CHECK(world.mailbox("GET", "/api/svarinn/v2/forsendelser").json().items().empty());
}

TEST_CASE(
    "svarut stand-in: after an orderly end or a kill it has its shipments, files, settings and "
    "keys") {
    for (const bool killed : {false, true}) {
        TemporaryFolder folder;
        std::string waiting;
        std::string under_way;
        std::string key;
        std::string passwords;
        const auto secrets = [](const World& world) {
            return world.material["integration_password"].as_string() +
                   world.material["mailbox_password"].as_string() +
                   read_from(world.material["mailbox_key"].as_string());
        };
        {
            World world(folder);
            world.svarut.command("/control/settings", object(R"({"reserved":["04816002163"]})"));
            waiting = world.sent("organisasjon", order(world.organisation()));
            world.until(waiting, "KLAR_FOR_MOTTAK");
            key = get(world.svarut.url() + "/forsendelse/publickey/hent").body;
            passwords = secrets(world);
            under_way = world.sent("person", order("04816002163"));
            if (killed) {
                world.svarut.kill();
            } else {
                CHECK(world.svarut.end() == 0);
            }
        }
        World world(folder);
        CHECK(get(world.svarut.url() + "/forsendelse/publickey/hent").body == key);
        CHECK(secrets(world) == passwords);
        const Answer found = world.call("GET", "/api/v2/kontoer/" + world.account() +
                                                   "/forsendelser?eksternRef=ref-1");
        CHECK(found.json()["forsendelseIds"].items().size() == 2);
        world.until(under_way, "PRINTET");   // as somebody reserved: the setting is there too
        CHECK(get(world.svarut.control() + "/control/files/" + under_way + "/0").body == pdf);
        CHECK(world.status(waiting) == "KLAR_FOR_MOTTAK");
        const std::string download = "/api/svarinn/v2/forsendelser/" + waiting;
        CHECK(world.mailbox("GET", download).status == 200);
        CHECK(world.mailbox("PATCH", download + "/status", R"({"status":"MOTTATT"})").status ==
              200);
        CHECK(world.status(waiting) == "LEST");
    }
}

TEST_CASE("svarinn stand-in: a permanent failure sends it on, and a kill loses nothing") {
    TemporaryFolder folder;
    std::string id;
    {
        World world(folder);
        id = world.sent("organisasjon", order(world.organisation()));
        world.until(id, "KLAR_FOR_MOTTAK");
        world.svarut.kill();
    }
    World world(folder);
    CHECK(world.status(id) == "KLAR_FOR_MOTTAK");
    CHECK(world
              .mailbox("POST", "/tjenester/svarinn/mottakFeilet/forsendelse/" + id,
                       R"({"feilmelding":"Nei","permanent":true})")
              .status == 200);
    world.until(id, "PRINTET");
    CHECK(world.mailbox("GET", "/api/svarinn/v2/forsendelser").json().items().empty());
}

}   // namespace gateway::tests::standins
