#pragma once

// Folkeregisteret that answers as scripted, and who asks it.

#include "adapters/folkeregister/freg_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace freg_world {

namespace core = gateway::core;
namespace freg = gateway::folkeregister;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Synthetic, with check digits that fit.
inline constexpr const char* kari = "01816000064";
inline constexpr const char* ola = "02816000850";
inline constexpr const char* nils = "03816001411";

/// As the manual clock has it at first: 2026-01-15T12:00:00Z.
inline core::Time noon() {
    return *core::parse_rfc3339("2026-01-15T12:00:00Z");
}

inline std::string settings(const std::string& more = "") {
    return R"({"integration_id":"5A0F7D3E-0C5D-4D55-9A7E-8F2B5D1C0001","integration_password":"p",)"
           R"("batch_window_ms":0,"roles":{"barnehage":"rolle-1","skole":"rolle-2"},)"
           R"("feed_role":"rolle-f")" +
           more + "}";
}

/// A person document with its number and these parts.
inline json::Value document(const std::string& number, const std::string& parts = "{}") {
    json::Value made = *json::parse(
        R"({"identifikasjonsnummer":[{"erGjeldende":true,"status":"iBruk","foedselsEllerDNummer":")" +
        number + R"("}]})");
    const json::Value more = *json::parse(parts);
    for (const auto& [name, value] : more.members()) {
        made.set(name, value);
    }
    return made;
}

inline json::Value told(const std::string& number, const std::string& parts = "{}") {
    json::Value made;
    return made.set("foedselsEllerDNummer", number)
        .set("folkeregisterperson", document(number, parts));
}

inline std::string answer(const std::vector<json::Value>& persons) {
    json::Value list = json::Value::array();
    for (const auto& person : persons) {
        list.push(person);
    }
    return json::write(json::Value::object().set("oppslag", std::move(list)));
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;

    explicit World(const std::string& given = settings()) {
        sdk::ConnectionFacts facts;
        facts.connection = "freg-test";
        facts.base_url = "https://fiks.example";
        facts.settings = given;
        adapter = std::move(*freg::create(facts, *fake.host));
    }
    ~World() { tests::run(io, adapter->stop(fake.in(seconds(1)))); }

    static sdk::RegisterQuery query(std::vector<std::string> keys) {
        sdk::RegisterQuery made;
        made.tenant = core::TenantId("310001007");
        made.dataset = "person";
        made.purpose = "barnehage";
        made.fields = {"names"};
        made.keys = std::move(keys);
        return made;
    }
    sdk::RegisterAnswer ask(sdk::RegisterQuery what) {
        return tests::run(io, adapter->registry()->look_up(std::move(what), fake.in(minutes(1))));
    }
    sdk::RegisterAnswer ask(std::vector<std::string> keys) { return ask(query(std::move(keys))); }
    sdk::ChangePage changes(std::string cursor) {
        return tests::run(io, adapter->feed()->changes(core::TenantId("310001007"),
                                                       std::move(cursor), fake.in(minutes(1))));
    }
    tests::ScriptedHttpClient::Step& expect(const char* method, const std::string& url_part) {
        return fake.http.expect(method, url_part);
    }
    tests::ScriptedHttpClient::Step& expect_bulk() { return expect("POST", "/personer/bulk"); }
    std::size_t calls() const { return fake.http.calls().size(); }
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
};

inline std::string code(const std::optional<sdk::RegisterFailure>& failure) {
    return failure ? failure->code.value : "none";
}

}   // namespace freg_world
