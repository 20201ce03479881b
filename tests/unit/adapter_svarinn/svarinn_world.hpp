#pragma once

// A SvarInn that answers as scripted, and keys that open what it gives.

#include "adapters/svarinn/svarinn_adapter.hpp"
#include "gateway/crypto/digest.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"
#include "tests/support/svarinn_packages.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace svarinn_world {

namespace svarinn = gateway::svarinn;
namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using std::chrono::seconds;

inline constexpr const char* municipality = "310001007";
inline constexpr const char* shipment_id = "d1c6d795-f1a0-4a36-bce1-a4d9f26696db";
inline constexpr const char* other_id = "43ee26b7-838b-4f99-b81c-d21551b621d8";
inline constexpr const char* list_url = "https://svarut.example/api/svarinn/v2/forsendelser";

inline json::Value parsed(const std::string& text) {
    return *json::parse(text);
}

inline std::string hash_of(const std::string& bytes) {
    return gateway::crypto::sha256(bytes).to_hex();
}

inline tests::NamedFiles two_files() {
    return {{"brev.pdf", "%PDF-1.7 brev"}, {"kart æ.pdf", "%PDF-1.7 kart"}};
}

/// One shipment as v2 lists it, addresses in objects of their own.
inline json::Value nested(const tests::NamedFiles& files = two_files(),
                          const std::string& id = shipment_id) {
    json::Value item = parsed(R"({"avsender":{"organisasjonsnummer":"310002003",
        "postadresse":{"navn":"Avsender kommune","adresselinje1":"Rådhuset","postnummer":"0037",
                       "poststed":"Oslo"}},
        "mottaker":{"organisasjonsnummer":"310001007","postadresse":{"navn":"Sluse kommune"}},
        "tittel":"Søknad","dato":"2026-01-15T11:00:00+01:00","sikkerhetsniva":"HOYESTE",
        "taushetsbelagtPost":true,"type":"Plan","eksternRef":"AB-123","avgivendeSystem":"EDIALOG",
        "svarSendesTil":{"fodselsnummer":"17859130003","postadresse":{"navn":"Kari"}},
        "svarPaForsendelse":"AFF355C4-7b57-4eb9-81e0-e4950e7a3776",
        "lenker":[{"lenke":"https://a.no/","tekst":"A","ledetekst":"Se"}],
        "metadataForImport":{"mappeId":{"mappeId":"2026/17","systemId":"s1","saksaar":2026,
            "sakssekvensnummer":17},"journalpostId":{"journalpostnummer":3,"systemId":"j1"},
            "journalposttype":"I","dokumentetsDato":"2026-01-02T00:00:00Z","tittel":"Søknad"},
        "metadataFraAvleverendeSystem":{"saksbehandler":"Kari","virksomhetsspesifikkeMetadata":[
            {"key":"versjon","value":"4"}]},"nytt":{"felt":1}})");
    json::Value list = json::Value::array();
    for (const auto& [name, bytes] : files) {
        json::Value file;
        file.set("filnavn", name).set("mimeType", "application/pdf").set("hash", hash_of(bytes));
        file.set("storrelse", static_cast<std::int64_t>(bytes.size())).set("type", "B");
        list.push(std::move(file));
    }
    item.set("id", id).set("filer", std::move(list));
    item.set("nedlastingslenke", std::string(list_url) + "/" + id);
    return item;
}

inline std::string listing(const std::vector<json::Value>& items) {
    json::Value list = json::Value::array();
    for (const auto& item : items) {
        list.push(item);
    }
    return json::write(list);
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    svarinn::Settings settings;
    std::unique_ptr<svarinn::MailboxPoller> poller;

    explicit World(const std::string& more = {}) {
        sdk::ConnectionFacts facts;
        facts.base_url = "https://svarut.example";
        facts.settings =
            R"({"tenant":"310001007","user":"mottaker","password":"hemmelig")" + more + "}";
        settings = *svarinn::read_settings(facts);
        restart();
    }
    /// As after a crash: what was durable is all there is.
    void restart() { poller = std::make_unique<svarinn::MailboxPoller>(settings, *fake.host); }

    bool round() { return tests::run(io, poller->round()); }
    void lists(const std::vector<json::Value>& items) {
        fake.http.expect("GET", list_url).answer_json(200, listing(items));
    }
    void downloads(const std::string& body, const std::string& id = shipment_id) {
        fake.http.expect("GET", "/v2/forsendelser/" + id).answer(200, body);
    }
    void takes_receipt(int status = 200, const std::string& id = shipment_id) {
        fake.http.expect("PATCH", "/v2/forsendelser/" + id + "/status").answer(status);
    }
    sdk::Outcome settle(sdk::Settlement settlement, const std::string& reason = {}) {
        sdk::InboundSettled what;
        what.dedupe_id = shipment_id;
        what.settlement = settlement;
        what.reason = reason;
        return tests::run(io, poller->settle(std::move(what), fake.in(seconds(30))));
    }
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
    const tests::SentRequest& last_call() const { return fake.http.calls().back(); }
};

}   // namespace svarinn_world
