#pragma once

// The operators' API over an in-memory store with one or two municipalities, their messages
// accepted as the real intake seals them. One loop, a clock turned by hand.

#include "gateway/admin/api.hpp"
#include "gateway/notify/service.hpp"
#include "gateway/records/keeping.hpp"
#include "gateway/records/retention_preview.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_documents.hpp"
#include "tests/support/run.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tests::admin {

using namespace gateway;
using tests::run;

class World;

/// Takes in corrections as the real one does, but judges nothing: the answer of a test counts.
class TakenIn final : public ports::Intake {
public:
    explicit TakenIn(World& world) : world_(world) {}
    sdk::Task<ports::IntakeAnswer> accept(ports::IntakeRequest request) override;

    std::vector<ports::IntakeRequest> requests;
    std::optional<ports::Refusal> refusal;   // of everything

private:
    World& world_;
};

/// The ways that a test says there are.
class SaidWays final : public ports::OtherWays {
public:
    std::vector<ports::OtherWay> ways(const core::TenantId&, const ports::MessageView&,
                                      const json::Value&,
                                      std::optional<core::Time>) const override {
        return said;
    }

    std::vector<ports::OtherWay> said;
};

class World final : public ports::Connections,
                    public ports::ConfigurationSource,
                    public gateway::admin::ConfigService,
                    public gateway::admin::SystemStatus,
                    public gateway::admin::Circuits,
                    public gateway::admin::LogChecks,
                    public ports::Acts {
public:
    World();

    std::shared_ptr<ports::Connection> find(const core::ConnectionId&) const override {
        return nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {}; }
    sdk::Registers& registers() override { return known; }
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }
    sdk::Task<gateway::admin::ConfigAnswer> apply(gateway::admin::Author author,
                                                  texts::Language) override;
    sdk::Task<gateway::admin::ConfigAnswer> undo(gateway::admin::Author author,
                                                 texts::Language) override;
    sdk::Task<gateway::admin::SystemView> look() override { co_return system; }
    std::vector<gateway::admin::AdapterView> adapters() const override { return loaded; }
    sdk::Task<std::vector<gateway::admin::CertificateView>> certificates() override {
        co_return shown_certificates;
    }
    gateway::admin::CircuitView circuit(const core::ConnectionId&) const override { return {}; }

    sdk::Task<core::Result<gateway::admin::LogView>> check_log(core::TenantId tenant) override {
        checked_logs.push_back(tenant.value);
        co_return log_view;
    }

    sdk::Task<sdk::ActAnswer> act(core::ConnectionId connection, sdk::Act act,
                                  sdk::Deadline deadline) override;

    struct Ask {
        std::string method = "GET";
        std::string target = "/";
        std::string body = {};
        sdk::Headers headers = {};
        std::optional<std::uint32_t> uid = 0;   // of the socket's peer; nothing: TCP
        std::string key = {};
    };
    http::Response call(Ask ask);
    http::Response get(const std::string& target) { return call({.target = target}); }
    http::Response post(const std::string& target, const std::string& body) {
        return call({.method = "POST", .target = target, .body = body});
    }
    static json::Value json(const http::Response& response);

    /// A subscription of the system "byggesak"; its id.
    std::string subscribe(const std::string& tenant = first);
    /// Accepted, queued, to be sent at once.
    core::SystemId sender{"byggesak"};   // of letters
    core::MessageId accept_letter(const std::string& reference, const std::string& tenant = first,
                                  const std::string& document = {});
    /// Claims it and ends the attempt in this state, with this code; the state's name when none.
    void end_in(core::MessageId message, core::DeliveryState state, const std::string& code = {});
    ports::MessageView message(core::MessageId id, const std::string& tenant = first);
    std::vector<json::Value> timeline(core::MessageId id);

    static constexpr const char* first = "310001007";
    static constexpr const char* second = "310005002";

    boost::asio::io_context io;
    ManualClock clock;
    std::unique_ptr<sdk::Ids> ids;
    runtime::MetricsRegistry metrics;
    RecordingLog log;
    std::unique_ptr<ports::Store> store;
    MemoryDocuments documents;
    crypto::Vaults vaults;
    std::shared_ptr<core::Configuration> configuration;
    ScriptedRegisters known{clock};
    runtime::Signal news;
    runtime::Signal alarm_news;
    TakenIn taken_in{*this};
    SaidWays other_ways;
    gateway::admin::SystemView system;
    std::vector<gateway::admin::AdapterView> loaded;
    std::vector<gateway::admin::CertificateView> shown_certificates;
    gateway::admin::ConfigAnswer config_answer;
    std::vector<gateway::admin::Author> config_authors;
    std::vector<std::string> forgotten;
    std::vector<std::string> checked_logs;
    gateway::admin::LogView log_view;   // of every tenant
    sdk::ActAnswer act_answer;          // of every connection
    std::vector<std::pair<std::string, sdk::Act>> acts;
    std::vector<std::string> called;   // the bodies of webhook calls
    int webhook_status = 204;
    std::unique_ptr<notify::Notifier> notifier;
    std::unique_ptr<notify::Service> subscriptions;
    std::unique_ptr<records::Keeping> keeping;
    core::MessageRetentions retentions;
    std::unique_ptr<records::RetentionPreview> retention;
    std::unique_ptr<failures::Retries> retries;
    core::SecondPersonRules second_person;
    std::unique_ptr<gateway::admin::AdminApi> api;

    /// What the API is made with: another one may have more.
    gateway::admin::AdminParts parts();
};

}   // namespace tests::admin
