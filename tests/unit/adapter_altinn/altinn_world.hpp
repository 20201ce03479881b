#pragma once

// A delivery of a letter, and an Altinn that answers as scripted.

#include "adapters/altinn/altinn_adapter.hpp"
#include "gateway/crypto/jws.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace altinn_world {

namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using std::chrono::seconds;

inline constexpr const char* letter_id = "0198408f-979c-75e0-b23e-aef6e907015f";
inline constexpr const char* key = "6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36";
inline constexpr const char* first_attachment = "0196d885-2b97-7e8d-b8fb-21bd0e64b301";
inline constexpr const char* second_attachment = "0196d885-2b97-7e8d-b8fb-21bd0e64b302";

inline json::Value letter(
    const std::string& text = R"({"type":"letter","version":1,"reference":"LON-17","language":"nb",
    "recipient":{"organisation":"310002003"},"title":"Vedtak","body":"# Vedtak"})") {
    return *json::parse(text);
}

inline core::Delivery delivery(const json::Value& content = letter()) {
    core::Delivery made;
    made.tenant = core::TenantId("991825827");
    made.message = *core::MessageId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21");
    made.id = *core::DeliveryId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22");
    made.type = "letter/v1";
    made.upstream_key = key;
    made.content = json::write(content);
    made.settings = R"({"resource":"ttd-vedtak","message_sender":"Testkommune"})";
    return made;
}

inline std::string altinn_token(const std::string& name, core::Time expires) {
    const auto exp = std::chrono::floor<seconds>(expires).time_since_epoch().count();
    const std::string claims =
        R"({"urn:altinn:org":"ttd","name":")" + name + R"(","exp":)" + std::to_string(exp) + "}";
    return gateway::crypto::jws_compact(
        gateway::crypto::jws_signing_input(R"({"alg":"RS256"})", claims), "signature");
}

inline std::string problem(int status, int number) {
    char code[16];
    std::snprintf(code, sizeof code, "CORR-%05d", number);
    return R"({"type":"t","title":"x","status":)" + std::to_string(status) +
           R"(,"detail":"d","code":")" + code + R"(","errorCode":)" + std::to_string(number) + "}";
}

inline std::string initialised(const std::string& status = "Initialized") {
    return R"({"correspondences":[{"correspondenceId":")" + std::string(letter_id) +
           R"(","status":")" + status +
           R"(","recipient":"urn:altinn:organization:identifier-no:310002003","notifications":null}],"attachmentIds":[]})";
}

inline std::string ids(const std::string& inside) {
    return R"({"ids":[)" + inside + "]}";
}

inline std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

inline std::string attachment(const std::string& id, const std::string& status) {
    return R"({"attachmentId":")" + id + R"(","status":")" + status +
           R"(","statusText":"said","fileName":"a.pdf","sendersReference":"r","resourceId":"x"})";
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;
    tests::FakeProgress progress;

    explicit World(const std::string& settings = R"({"token_mode":"raw"})") {
        sdk::ConnectionFacts facts;
        facts.base_url = "https://platform.example";
        facts.settings = settings;
        adapter = std::move(*gateway::altinn::create(facts, *fake.host));
    }
    ~World() { tests::run(io, adapter->stop(in(1))); }

    sdk::Deadline in(int wait) const { return fake.in(seconds(wait)); }
    sdk::Outcome send(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->send(what, progress, in(60)));
    }
    sdk::Outcome look_up(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->look_up(what, progress, in(60)));
    }
    sdk::Outcome cancel(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->cancel(what, in(60)));
    }
    core::Result<sdk::Receipts> poll(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->poll_receipts(what, in(60)));
    }
    /// A letter with two files, for the way in steps.
    core::Delivery with_files(int count = 2) {
        auto made = delivery();
        for (int i = 0; i < count; ++i) {
            made.documents.push_back(
                fake.documents.add("fil" + std::to_string(i + 1) + ".pdf", "%PDF bytes"));
        }
        return made;
    }
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
};

inline constexpr const char* in_steps = R"({"token_mode":"raw","single_call_bytes_max":0})";

}   // namespace altinn_world
