#pragma once

// The public API over an in-memory store, with the real intake and schemas, and one connection
// whose rules and abilities the test sets. One loop, a clock turned by hand.

#include "gateway/accept/api.hpp"
#include "gateway/app/intake.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "gateway/uploads/uploads.hpp"
#include "gateway/validate/schema_set.hpp"
#include "tests/support/fake_roles.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_documents.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http_client.hpp"
#include "tests/support/simulated_file_system.hpp"

#include <map>
#include <string>

namespace tests::accept {

using namespace gateway;
using tests::run;

/// Gives its text in slices of a chosen size; may fail after it.
class SlicedBody final : public sdk::ByteSource {
public:
    explicit SlicedBody(std::string text, std::size_t slice = 1000,
                        std::optional<core::Errc> end = {})
        : text_(std::move(text)), slice_(slice), end_(end) {}
    std::optional<std::uint64_t> size() const override { return std::nullopt; }
    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override;

private:
    std::string text_;
    std::size_t slice_;
    std::optional<core::Errc> end_;
    std::size_t at_ = 0;
};

/// A connection that carries nothing; accept only asks for its rules and abilities.
class RuleConnection final : public ports::Connection {
public:
    RuleConnection();
    const core::ConnectionId& id() const override { return id_; }
    int in_flight_max() const override { return 1; }
    const sdk::Capability* capability(std::string_view) const override { return &capability_; }
    std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value& with,
                                     std::span<const core::DocumentRef>,
                                     core::Time) const override {
        return with["resource"].as_string() == "reserve" ? problems_of_reserve : problems;
    }
    sdk::Task<sdk::Outcome> send(core::Delivery, sdk::Progress&, sdk::Deadline) override;
    sdk::Task<sdk::Outcome> look_up(core::Delivery, sdk::Progress&, sdk::Deadline) override;
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(core::Delivery, sdk::Deadline) override;
    sdk::Task<sdk::Outcome> cancel(core::Delivery, sdk::Deadline) override;
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled, sdk::Deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline) override;

    std::vector<core::Problem> problems;
    std::vector<core::Problem> problems_of_reserve;   // of the way with that resource

private:
    core::ConnectionId id_{"altinn-test"};
    sdk::Capability capability_;
};

class World final : public ports::Connections, public ports::ConfigurationSource {
public:
    World();
    ~World() override;

    std::shared_ptr<ports::Connection> find(const core::ConnectionId& id) const override;
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {connection}; }
    sdk::Registers& registers() override { return known; }
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }

    struct Ask {
        std::string method = "GET";
        std::string target = "/";
        std::string body = {};
        sdk::Headers headers = {};
        std::string key = {};   // empty: the first system's
        bool without_key = false;
        std::size_t slice = 1000;
        std::optional<core::Errc> body_end = {};
        std::string certificate = {};   // DER, of the connection
    };
    http::Response call(Ask ask);
    /// From now on calls about records are answered by these.
    void serve_records(ports::Records& records);
    json::Value json(const http::Response& response);
    http::Response post_letter(const json::Value& message, const std::string& idempotency_key = {});
    /// A multipart body of the message and its files, boundary "X".
    static std::string multipart(const std::string& message,
                                 const std::vector<std::pair<std::string, std::string>>& files);
    static json::Value letter();
    std::string add_key(const std::string& tenant, const std::string& system,
                        const std::string& kind = "system");

    boost::asio::io_context io;
    ManualClock clock;
    std::unique_ptr<sdk::Ids> ids;
    runtime::MetricsRegistry metrics;
    std::unique_ptr<ports::Store> store;
    MemoryDocuments documents;
    LoopExecutor executor{io};
    SimulatedFileSystem disk;
    crypto::Vaults vaults;
    std::shared_ptr<core::Configuration> configuration;
    std::shared_ptr<RuleConnection> connection;
    ScriptedRegisters known{clock};
    std::unique_ptr<uploads::DiskUploads> uploads;
    std::unique_ptr<ports::SchemaSet> schemas;
    std::atomic<bool> disk_full{false};
    std::unique_ptr<ports::Intake> intake;
    ScriptedHttpClient* issuer = nullptr;   // once it was asked for; the sign-in's
    std::function<void(ScriptedHttpClient&)> script_issuer;
    std::unique_ptr<signin::SignIn> sign_in;
    std::unique_ptr<gateway::accept::PublicApi> api;
    std::string key;           // system byggesak of the first tenant
    std::string other_key;     // system oppvekst of the first tenant
    std::string reader_key;    // messages:read-all of the first tenant
    std::string foreign_key;   // a system of the second tenant

private:
    void open_api(ports::Records* records);
};

}   // namespace tests::accept
