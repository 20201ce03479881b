#pragma once

// A letter on its way by SvarUt, and a SvarUt that answers as scripted.

#include "adapters/svarut/svarut_adapter.hpp"
#include "adapters/svarut/svarut_rules.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace svarut_world {

namespace svarut = gateway::svarut;
namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using std::chrono::seconds;

inline constexpr const char* municipality = "310001007";
inline constexpr const char* account = "5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002";
inline constexpr const char* shipment_id = "0198408f-979c-45e0-b23e-aef6e9070150";
inline constexpr const char* other_id = "0198408f-979c-45e0-b23e-aef6e9070151";
inline constexpr const char* key = "6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36";
inline constexpr const char* sent_url = "/api/v3/kontoer/5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002/";

inline json::Value parsed(const std::string& text) {
    return *json::parse(text);
}

inline json::Value letter() {
    return parsed(R"({"type":"letter","version":1,"kind":"decision","reference":"LON-17",
        "recipient":{"person":"17859130003"},"title":"Vedtak","language":"nb","securityLevel":3,
        "mustBe":"any","print":{"duplex":true,"colour":false,"exclude":[]},
        "documents":[{"name":"vedtak.pdf","title":"Vedtak","mediaType":"application/pdf"}],
        "address":{"name":"Kari Nordmann","lines":["Storgata 1"],"postalCode":"0150",
                   "city":"Oslo","country":"NO"}})");
}

inline json::Value transfer() {
    return parsed(R"({"type":"transfer","version":1,"reference":"LEV-7","title":"Kopi av vedtak",
        "recipient":{"organisation":"310002003"},
        "documents":[{"name":"vedtak.pdf","mediaType":"application/pdf","documentType":"U"}]})");
}

inline std::string settings(const std::string& more = {}) {
    return R"({"integration_id":"5A0F7D3E-0c5d-4d55-9a7e-8f2b5d1c0001",
        "integration_password":"hemmelig","accounts":[{"tenant":"310001007",
        "account":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002"}])" +
           more + "}";
}

inline std::string given_id(const std::string& id = shipment_id) {
    return R"({"id":")" + id + R"("})";
}

inline std::string found(const std::vector<std::string>& ids) {
    json::Value list = json::Value::array();
    for (const auto& id : ids) {
        list.push(id);
    }
    json::Value body;
    body.set("forsendelseIds", std::move(list));
    return json::write(body);
}

inline std::string told(const std::string& status, const std::string& id = shipment_id,
                        const std::string& at = "2026-01-15T11:55:00+01:00") {
    json::Value one;
    one.set("id", id).set("status", status).set("sisteStatusEndring", at).set("nytt", true);
    json::Value body;
    body.set("statuser", json::Value::array().push(std::move(one)));
    return json::write(body);
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;
    tests::FakeProgress progress;

    explicit World(const std::string& more = {}) {
        sdk::ConnectionFacts facts;
        facts.base_url = "https://svarut.example";
        facts.settings = settings(more);
        adapter = std::move(*svarut::create(facts, *fake.host));
    }
    ~World() { tests::run(io, adapter->stop(in(1))); }

    sdk::Deadline in(int wait) const { return fake.in(seconds(wait)); }
    core::Delivery delivery(const json::Value& content = letter(), const std::string& with = "{}",
                            const std::string& bytes = "%PDF-1.7 bytes") {
        core::Delivery one;
        one.tenant = core::TenantId(municipality);
        one.system = core::SystemId("acos");
        one.message = *core::MessageId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21");
        one.id = *core::DeliveryId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22");
        one.type = content["type"].as_string() + "/v1";
        one.upstream_key = key;
        one.upstream_reference = shipment_id;
        one.content = json::write(content);
        one.settings = with;
        one.accepted_at = fake.clock.now();
        for (const auto& document : content["documents"].items()) {
            one.documents.push_back(fake.documents.add(document["name"].as_string(), bytes));
            one.documents.back().media_type = document["mediaType"].as_string();
        }
        return one;
    }
    sdk::Outcome send(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->send(what, progress, in(960)));
    }
    sdk::Outcome look_up(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->look_up(what, progress, in(60)));
    }
    core::Result<sdk::Receipts> poll(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->poll_receipts(what, in(60)));
    }
    sdk::ActAnswer act(const std::string& name, const json::Value& with) {
        sdk::Act wish;
        wish.name = name;
        wish.with = with;
        return tests::run(io, adapter->act(std::move(wish), in(60)));
    }
    tests::ScriptedHttpClient& http() { return fake.http; }
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
};

/// A multipart body taken apart.
struct Part {
    std::string head;
    std::string body;
};
inline std::vector<Part> parts_of(const tests::SentRequest& request) {
    const std::string type(request.header("Content-Type"));
    const std::string delimiter = "--" + type.substr(type.find("boundary=") + 9);
    std::vector<Part> parts;
    std::size_t at = request.body.find(delimiter);
    for (;;) {
        const std::size_t begin = at + delimiter.size() + 2;
        const std::size_t next = request.body.find("\r\n" + delimiter, begin);
        if (next == std::string::npos) {
            return parts;
        }
        const std::size_t blank = request.body.find("\r\n\r\n", begin);
        parts.push_back({request.body.substr(begin, blank - begin),
                         request.body.substr(blank + 4, next - blank - 4)});
        at = next + 2;
    }
}

/// The JSON of what was sent.
inline json::Value order_of(const tests::SentRequest& request) {
    return parsed(parts_of(request).at(0).body);
}

/// The codes of what is wrong, in order, each as `pointer code`.
inline std::vector<std::string> wrong_with(const json::Value& message, const std::string& with,
                                           const std::vector<core::DocumentRef>& sizes = {}) {
    std::vector<std::string> out;
    for (const auto& problem : svarut::check_shipment(message, parsed(with), sizes)) {
        out.push_back(problem.pointer + " " + problem.code.value);
    }
    return out;
}

}   // namespace svarut_world
