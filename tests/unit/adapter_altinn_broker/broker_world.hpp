#pragma once

// A file on its way out, a place to fetch from, and a Broker that answers as scripted.

#include "adapters/altinn_broker/broker_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace broker_world {

namespace broker = gateway::altinn_broker;
namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
using std::chrono::seconds;

inline constexpr const char* transfer_id = "0198408f-979c-75e0-b23e-aef6e9070150";
inline constexpr const char* other_id = "0198408f-979c-75e0-b23e-aef6e9070151";
inline constexpr const char* key = "6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36";
inline constexpr const char* transfers = "/broker/api/v1/filetransfer";

inline json::Value transfer(
    const std::string& text = R"({"type":"transfer","version":1,"reference":"LEV-7","language":"nb",
    "recipient":{"organisation":"310002003"}})") {
    return *json::parse(text);
}

inline std::string made(const std::string& id = transfer_id) {
    return R"({"fileTransferId":")" + id + R"("})";
}

inline std::string ids(const std::string& inside = {}) {
    return "[" + inside + "]";
}

inline std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

inline std::string problem(int status, int number) {
    char code[16];
    std::snprintf(code, sizeof code, "BRO-%05d", number);
    return R"({"type":"t","title":"x","status":)" + std::to_string(status) +
           R"(,"detail":"d","code":")" + code + "\"}";
}

struct Told {
    std::string status = "Published";
    std::string recipient_status = "Initialized";
    std::string recipient = "310002003";
    std::string id = transfer_id;
    std::string reference = key;
    std::string checksum;
    std::size_t size = 0;
    std::string file_name = "rapport.zip";
};

inline std::string overview(const Told& told) {
    json::Value recipient;
    recipient.set("recipient", "0192:" + told.recipient);
    recipient.set("currentRecipientFileTransferStatusCode", told.recipient_status);
    recipient.set("currentRecipientFileTransferStatusChanged", "2026-01-15T11:59:00Z");
    json::Value body;
    body.set("fileTransferId", told.id).set("resourceId", "ttd-filer");
    body.set("fileName", told.file_name);
    body.set("sendersFileTransferReference", told.reference);
    body.set("checksum", told.checksum.empty() ? json::Value() : json::Value(told.checksum));
    body.set("fileTransferSize", static_cast<std::int64_t>(told.size));
    body.set("fileTransferStatus", told.status).set("fileTransferStatusText", "said");
    body.set("fileTransferStatusChanged", "2026-01-15T11:58:00Z");
    body.set("created", "2026-01-15T11:50:00Z").set("sender", "0192:991825827");
    body.set("published", "2026-01-15T11:55:00Z");
    body.set("recipients", json::Value::array().push(std::move(recipient)));
    body.set("propertyList", json::Value::object());
    return json::write(body);
}

inline constexpr const char* raw_only =
    R"({"token_mode":"raw","resource_limits":false,"form_bytes_max":0})";
inline constexpr const char* resumable =
    R"({"token_mode":"raw","resource_limits":false,"resumable_from_bytes":1,"piece_bytes":1000})";
inline constexpr const char* form = R"({"token_mode":"raw","resource_limits":false})";
inline constexpr const char* receiving = R"({"token_mode":"raw","receive":[
    {"tenant":"310002003","resource":"ttd-filer"}]})";

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;
    tests::FakeProgress progress;

    explicit World(const std::string& settings = raw_only,
                   const std::string& platform = "https://platform.example") {
        sdk::ConnectionFacts facts;
        facts.base_url = platform;
        facts.settings = settings;
        adapter = std::move(*broker::create(facts, *fake.host));
    }
    ~World() { tests::run(io, adapter->stop(in(1))); }

    sdk::Deadline in(int wait) const { return fake.in(seconds(wait)); }
    core::Delivery delivery(const std::string& bytes = "the bytes of the file") {
        core::Delivery one;
        one.tenant = core::TenantId("991825827");
        one.message = *core::MessageId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21");
        one.id = *core::DeliveryId::parse("0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22");
        one.type = "transfer/v1";
        one.upstream_key = key;
        one.content = json::write(transfer());
        one.settings = R"({"resource":"ttd-filer"})";
        one.accepted_at = fake.clock.now();
        one.documents.push_back(fake.documents.add("rapport.zip", bytes));
        return one;
    }
    sdk::Outcome send(const core::Delivery& what, int wait = 600) {
        return tests::run(io, adapter->sender()->send(what, progress, in(wait)));
    }
    /// A new attempt after a crash: what was remembered is all there is.
    sdk::Outcome send_again(const core::Delivery& what) {
        progress = tests::FakeProgress(progress.value());
        return send(what);
    }
    sdk::Outcome look_up(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->look_up(what, progress, in(60)));
    }
    core::Result<sdk::Receipts> poll(const core::Delivery& what) {
        return tests::run(io, adapter->sender()->poll_receipts(what, in(60)));
    }
    tests::ScriptedHttpClient& http() { return fake.http; }
    const tests::SentRequest& call(std::size_t index) const { return fake.http.calls().at(index); }
};

}   // namespace broker_world
