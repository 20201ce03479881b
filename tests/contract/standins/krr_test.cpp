#include "tests/contract/standins/grants.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <map>
#include <memory>
#include <set>

namespace gateway::tests::standins {

using json::Value;

namespace {

constexpr const char* both_scopes =
    "krr:global/kontaktinformasjon.read krr:global/digitalpost.read";
constexpr const char* with_digipost = "01816000064";
constexpr const char* with_eboks = "02816000850";

/// A register and the Maskinporten whose tokens it takes.
struct Krr {
    explicit Krr(std::vector<std::string> more = {})
        : maskinporten("maskinporten", first.path()),
          child("krr", second.path(), options(std::move(more))),
          token(make_token(both_scopes)) {}

    std::vector<std::string> options(std::vector<std::string> more) const {
        more.insert(more.end(), {"--maskinporten-url", maskinporten.url()});
        return more;
    }
    std::string make_token(const char* scope) const {
        Value wanted;
        wanted.set("organisation", "310000019").set("scope", scope);
        return maskinporten.command("/control/token", wanted).json()["access_token"].as_string();
    }
    static Value numbers(const std::vector<std::string>& list) {
        Value items = Value::array();
        for (const auto& number : list) {
            items.push(number);
        }
        return Value::object().set("personidentifikatorer", std::move(items));
    }
    Answer ask_for(const std::vector<std::string>& list, const std::string& bearer) const {
        return post(child.url() + "/rest/v2/personer", numbers(list), bearer);
    }
    Value person(const std::string& number) const {
        const Answer answer = ask_for({number}, token);
        REQUIRE(answer.status == 200);
        REQUIRE(answer.json()["personer"].items().size() == 1);
        return answer.json()["personer"].items().front();
    }
    void fault(const char* command) const {
        REQUIRE(child.command("/control/faults", object(command)).status == 200);
    }
    void change(const std::string& number, const char* act) const {
        Value command;
        command.set("number", number).set("act", act);
        REQUIRE(child.command("/control/person", command).status == 200);
    }

    TemporaryFolder first;
    TemporaryFolder second;
    Child maskinporten;
    Child child;
    std::string token;
};

/// The number in 2.5.4.97 of a DER certificate, read by OpenSSL alone.
std::string subject_number(const std::string& der) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        d2i_X509(nullptr, &data, static_cast<long>(der.size())), X509_free);
    if (!certificate) {
        return {};
    }
    char text[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_organizationIdentifier,
                              text, sizeof text);
    const bool encrypts = (X509_get_key_usage(certificate.get()) & KU_KEY_ENCIPHERMENT) != 0;
    return encrypts ? text : "";
}

std::string decode(const std::string& base64) {
    std::string bytes(base64.size(), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(base64.data()),
                                     static_cast<int>(base64.size()));
    const auto padding = base64.size() - base64.find_last_not_of('=') - 1;
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
    return bytes;
}

}   // namespace

TEST_CASE(
    "krr stand-in: a token of Maskinporten's with a scope is needed, and decides what is told") {
    const Krr krr;
    const std::string outside = krr.make_token("ks:fiks");
    CHECK(krr.ask_for({with_digipost}, {}).status == 401);
    CHECK(krr.ask_for({with_digipost}, "not.a.token").status == 401);
    CHECK(krr.ask_for({with_digipost}, krr.token + "x").status == 401);
    CHECK(krr.ask_for({with_digipost}, outside).status == 403);

    const auto told = [&](const char* scope) {
        const Answer answer = krr.ask_for({with_digipost}, krr.make_token(scope));
        REQUIRE(answer.status == 200);
        return answer.json()["personer"].items().at(0);
    };
    const Value contact = told("krr:global/kontaktinformasjon.read");
    CHECK(contact.has("kontaktinformasjon"));
    CHECK(contact["varslingsstatus"].as_string() == "KAN_VARSLES");
    CHECK(contact["spraak"].as_string() == "nb");
    CHECK_FALSE(contact.has("digital_post"));
    CHECK_FALSE(contact.has("sertifikat"));
    const Value mailbox = told("krr:global/digitalpost.read");
    CHECK(mailbox.has("digital_post"));
    CHECK(mailbox.has("sertifikat"));
    CHECK_FALSE(mailbox.has("kontaktinformasjon"));
    CHECK_FALSE(mailbox.has("varslingsstatus"));
    for (const Value& person : {contact, mailbox}) {
        CHECK(person["reservasjon"].as_string() == "NEI");
        CHECK(person["status"].as_string() == "AKTIV");
    }
    // Theirs has expired by our clock.
    krr.child.command("/control/clock", object(R"({"skew_seconds":200})"));
    CHECK(krr.ask_for({with_digipost}, krr.token).status == 401);
}

TEST_CASE("krr stand-in: one to a thousand numbers of eleven digits are taken, nothing else") {
    const Krr krr;
    const std::string url = krr.child.url() + "/rest/v2/personer";
    std::vector<std::string> many;
    for (int i = 0; i < 1000; ++i) {
        many.push_back(std::to_string(30'000'000'000 + i));
    }
    const Answer whole = krr.ask_for(many, krr.token);
    CHECK(whole.status == 200);
    CHECK(whole.json()["personer"].items().size() == 1000);
    many.push_back(with_digipost);
    CHECK(krr.ask_for(many, krr.token).status == 400);
    CHECK(krr.ask_for({}, krr.token).status == 400);
    CHECK(krr.ask_for({"0181600006"}, krr.token).status == 400);
    CHECK(krr.ask_for({with_digipost, "0181600006x"}, krr.token).status == 400);
    CHECK(post(url, object(R"({"personidentifikatorer":"01816000064"})"), krr.token).status == 400);
    CHECK(post(url, object("{}"), krr.token).status == 400);
    CHECK(
        krr.ask_for({with_digipost, with_digipost}, krr.token).json()["personer"].items().size() ==
        1);
    Ask request;
    request.method = "POST";
    request.url = url;
    request.headers["Authorization"] = "Bearer " + krr.token;
    request.headers["Content-Type"] = "application/json";
    request.body = "[";
    CHECK(ask(request).status == 400);
    request.body = json::write(Krr::numbers({with_digipost}));
    request.headers["Content-Type"] = "text/plain";
    CHECK(ask(request).status == 415);
    CHECK(get(url, krr.token).status == 405);
    CHECK(get(krr.child.url() + "/rest/v2/person", krr.token).status == 404);
    CHECK(
        post(krr.child.url() + "/rest/v1/personer", Krr::numbers({with_eboks}), krr.token).status ==
        200);
}

TEST_CASE(
    "krr stand-in: there is somebody for every status, reservation, age, mailbox and language") {
    const Krr krr;
    std::vector<std::string> all;
    const Value people = get(krr.child.control() + "/control/people").json();
    for (const Value& person : people.items()) {
        all.push_back(person["number"].as_string());
    }
    const Answer answer = krr.ask_for(all, krr.token);
    REQUIRE(answer.status == 200);
    std::set<std::string> seen;
    std::set<std::string> unusual;
    const Value told = answer.json();
    for (const Value& person : told["personer"].items()) {
        const Value& contact = person["kontaktinformasjon"];
        std::string is = person["reservasjon"].as_string() + " " +
                         person["varslingsstatus"].as_string() + " " +
                         (contact.has("epostadresse") ? "details " : "no details ") +
                         person["digital_post"]["postkasseleverandoeradresse"].as_string() + " " +
                         person["spraak"].as_string();
        if (person["status"].as_string() == "AKTIV") {
            seen.insert(is);
        } else {
            unusual.insert(person["status"].as_string() + " " + person["reservasjon"].as_string());
        }
        CHECK(person.has("reservasjonstidspunkt") == (person["reservasjon"].as_string() == "JA"));
        CHECK(person.has("sertifikat") == person.has("digital_post"));
    }
    CHECK(unusual.size() == 4);
    for (const char* language : {"nb", "nn", "en", "se", ""}) {
        for (const char* mailbox : {"", "984661185", "922020175"}) {
            for (const char* rest :
                 {"NEI KAN_VARSLES details ", "NEI KAN_IKKE_VARSLES details ",
                  "NEI KAN_IKKE_VARSLES no details ", "JA KAN_IKKE_VARSLES details ",
                  "JA KAN_IKKE_VARSLES no details "}) {
                INFO(rest << mailbox << " " << language);
                CHECK(seen.contains(std::string(rest) + mailbox + " " + language));
            }
        }
    }
    // Times come with an offset of hours and with Z, as people have odd or even numbers.
    const auto updated = [&](const char* number) {
        return krr.person(number)["kontaktinformasjon"]["epostadresse_oppdatert"].as_string();
    };
    CHECK(updated(with_digipost).ends_with("Z"));
    CHECK(updated("03816001411").ends_with("+02"));
    CHECK(updated("03816001411").size() == 22);
}

TEST_CASE(
    "krr stand-in: certificates are the operators', in either form, the same after a restart") {
    TemporaryFolder shared;
    std::map<std::string, std::string> before;
    {
        const Krr krr({"--certificates", shared.path()});
        before[with_digipost] = krr.person(with_digipost)["sertifikat"].as_string();
        before[with_eboks] = krr.person(with_eboks)["sertifikat"].as_string();
        CHECK(subject_number(decode(before[with_digipost])) == "NTRNO-984661185");
        CHECK(subject_number(decode(before[with_eboks])) == "NTRNO-922020175");
        const Value print = get(krr.child.url() + "/rest/v2/printSertifikat").json();   // no token
        CHECK(print["postkasseleverandoerAdresse"].as_string() == "974761076");
        CHECK(subject_number(decode(print["x509Sertifikat"].as_string())) == "NTRNO-974761076");
    }
    const Krr again({"--certificates", shared.path(), "--certificate-form", "pem"});
    const std::string pem = again.person(with_digipost)["sertifikat"].as_string();
    CHECK(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
    std::string body = pem.substr(28, pem.rfind("-----END") - 28);
    std::erase(body, '\n');
    CHECK(body == before[with_digipost]);
}

TEST_CASE("krr stand-in: a person is changed by command, and stays so over a restart") {
    const Krr krr;
    const auto told = [&](const Child& child) {
        return post(child.url() + "/rest/v2/personer", Krr::numbers({with_digipost}), krr.token)
            .json()["personer"]
            .items()
            .at(0);
    };
    krr.change(with_digipost, "expire");
    CHECK(told(krr.child)["varslingsstatus"].as_string() == "KAN_IKKE_VARSLES");
    krr.change(with_digipost, "renew");
    CHECK(told(krr.child)["varslingsstatus"].as_string() == "KAN_VARSLES");
    krr.change(with_digipost, "reserve");
    CHECK(told(krr.child)["reservasjon"].as_string() == "JA");
    krr.change(with_digipost, "unreserve");
    const std::string certificate = told(krr.child)["sertifikat"].as_string();
    const auto address = [](const Value& person) {
        return person["digital_post"]["postkasseadresse"].as_string();
    };
    // The access point's stand-in is told which mailboxes there are.
    const auto listed = [&](const std::string& what) {
        const std::string path = krr.second.path() + "/certificates/mailboxes.json";
        const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(
            std::fopen(path.c_str(), "rb"), std::fclose);
        REQUIRE(file);
        std::string text(1U << 20U, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file.get()));
        return text.find("\"" + what + "\"") != std::string::npos;
    };
    const std::string before = address(told(krr.child));
    CHECK(listed(before));
    krr.change(with_digipost, "move_mailbox");
    const Value moved = told(krr.child);
    CHECK_FALSE(listed(before));
    CHECK(listed(address(moved)));
    CHECK(moved["digital_post"]["postkasseleverandoeradresse"].as_string() == "922020175");
    CHECK(moved["sertifikat"].as_string() != certificate);
    {
        // The same memory, in another program.
        const Child other("krr", krr.second.path(), krr.options({}));
        CHECK(told(other)["digital_post"] == moved["digital_post"]);
    }
    krr.change(with_digipost, "close_mailbox");
    CHECK_FALSE(told(krr.child).has("digital_post"));
    krr.change(with_digipost, "delete");
    const Value deleted = told(krr.child);
    CHECK(deleted["status"].as_string() == "SLETTET");
    CHECK_FALSE(deleted.has("kontaktinformasjon"));
    CHECK(krr.child
              .command("/control/person",
                       object(R"({"number":"30000000001","set":{"reserved":true}})"))
              .status == 200);
    CHECK(krr.person("30000000001")["reservasjon"].as_string() == "JA");
    for (const char* wrong :
         {R"({"number":"01816000064","act":"marry"})", R"({"number":"30000000002","act":"expire"})",
          R"({"number":"1","set":{}})", R"({"number":"01816000064","set":{"number":"2"}})"}) {
        CHECK(krr.child.command("/control/person", object(wrong)).status == 400);
    }
    CHECK(krr.child.command("/control/reset", Value::object()).status == 200);
    CHECK(told(krr.child)["digital_post"]["postkasseleverandoeradresse"].as_string() ==
          "984661185");
    CHECK(krr.person("30000000001")["status"].as_string() == "IKKE_REGISTRERT");
}

TEST_CASE("krr stand-in: it gives answers no register gives, on demand") {
    const Krr krr;
    const std::vector<std::string> two{with_digipost, with_eboks};
    const auto persons = [&] { return krr.ask_for(two, krr.token).json()["personer"].items(); };
    krr.fault(R"({"kind":"wrong_person"})");
    CHECK(persons().front()["personidentifikator"].as_string() != with_digipost);
    krr.fault(R"({"kind":"missing_person"})");
    CHECK(persons().size() == 1);
    krr.fault(R"({"kind":"contradiction"})");
    const auto three = persons();
    REQUIRE(three.size() == 3);
    CHECK(three.front()["personidentifikator"] == three.back()["personidentifikator"]);
    CHECK_FALSE(three.front()["reservasjon"] == three.back()["reservasjon"]);
    krr.fault(R"({"kind":"person_members","set":{"status":"UTVANDRET"},"remove":["reservasjon"]})");
    CHECK(persons().front()["status"].as_string() == "UTVANDRET");
    krr.fault(R"({"kind":"refused_person","person":"02816000850","times":0})");
    CHECK(krr.ask_for(two, krr.token).status == 400);
    CHECK(krr.ask_for({with_digipost}, krr.token).status == 200);
    krr.fault(R"({"kind":"retry_after","retry_after":7})");
    const Answer busy = krr.ask_for({with_digipost}, krr.token);
    CHECK(busy.status == 429);
    CHECK(busy.header("retry-after") == "7");
}

}   // namespace gateway::tests::standins
