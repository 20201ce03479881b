#pragma once

// A set of connections over adapters that write down what is done to them.

#include "gateway/host/connection_set.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_streams.hpp"
#include "tests/unit/host/fakes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace connection_world {

using namespace gateway;
using namespace std::chrono_literals;
using tests::run;

/// What the adapters of one test did, by connection.
struct Diary {
    std::vector<std::string> lines;
    std::map<std::string, sdk::Host*> hosts;
    std::set<std::string> refuse_create;
    std::set<std::string> refuse_start;
    bool hangs = false;
    int destroyed = 0;
    std::size_t count(const std::string& line) const {
        return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
    }
};

inline Diary* diary = nullptr;   // of the world that lives now

class TestAdapter final : public sdk::Adapter,
                          public sdk::Sender,
                          public sdk::TokenSource,
                          public sdk::Receiver {
public:
    TestAdapter(std::string id, sdk::Host& host) : id_(std::move(id)), host_(host) {
        diary->hosts[id_] = &host_;
    }
    ~TestAdapter() override { ++diary->destroyed; }
    sdk::Task<core::Result<void>> start(sdk::Deadline) override {
        diary->lines.push_back("start " + id_);
        if (diary->refuse_start.contains(id_)) {
            co_return core::Failure(core::Errc::invalid_argument, "wrong key");
        }
        co_return core::Result<void>();
    }
    sdk::Task<sdk::Health> check_health(sdk::Deadline) override {
        co_return sdk::Health(sdk::Condition::degraded, core::Code("upstream.unreachable"));
    }
    sdk::Task<void> stop(sdk::Deadline) override {
        diary->lines.push_back("stop " + id_);
        co_return;
    }
    sdk::Sender* sender() override { return id_ == "tokens" ? nullptr : this; }
    sdk::TokenSource* tokens() override { return id_ == "tokens" ? this : nullptr; }
    sdk::Receiver* receiver() override { return id_ == "forms" ? this : nullptr; }
    sdk::Task<void> receive() override {
        for (;;) {
            co_await host_.clock.sleep_until(host_.clock.steady() + 24h);
        }
    }
    sdk::Task<sdk::CallbackAnswer> on_callback(sdk::Callback call, sdk::Deadline) override {
        diary->lines.push_back("callback " + id_ + " " + call.body);
        co_return call.secret == "right" ? sdk::CallbackAnswer::taken
                                         : sdk::CallbackAnswer::stranger;
    }

    sdk::Task<sdk::Outcome> send(const core::Delivery&, sdk::Progress&,
                                 sdk::Deadline deadline) override {
        diary->lines.push_back("send " + id_);
        if (diary->hangs) {
            co_await host_.clock.sleep_until(host_.clock.steady() + 10s);
        }
        sdk::TokenRequest request;
        request.scopes = {"altinn:serviceowner"};
        const auto answer = co_await host_.tokens.token(request, deadline);
        if (!answer.token) {
            sdk::Outcome outcome(sdk::Verdict::try_later, answer.failure.code);
            co_return outcome;
        }
        host_.tokens.invalidate(request, answer.token->value);
        sdk::Outcome outcome(sdk::Verdict::accepted);
        outcome.upstream_reference = answer.token->value;
        co_return outcome;
    }
    sdk::Task<sdk::Outcome> look_up(const core::Delivery&, sdk::Progress&,
                                    sdk::Deadline deadline) override {
        sdk::HttpRequest request("GET", "https://altinn.example/api/v1/documents?of=" + id_);
        const auto answer = co_await host_.http.send(std::move(request), deadline);
        diary->lines.push_back(answer.has_value() ? "found " + id_ : "asked " + id_);
        co_return sdk::Outcome(sdk::Verdict::not_found);
    }
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(const core::Delivery&,
                                                         sdk::Deadline) override {
        co_return sdk::Receipts();
    }
    sdk::Task<sdk::Outcome> cancel(const core::Delivery&, sdk::Deadline) override {
        co_return sdk::Outcome(sdk::Verdict::rejected);
    }
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline) override {
        sdk::TokenAnswer answer;
        answer.token.emplace("token for " + request.scopes.at(0), host_.clock.now() + 2min);
        co_return answer;
    }
    void invalidate(const sdk::TokenRequest&, const std::string& token) override {
        diary->lines.push_back("invalidate " + token);
    }

private:
    std::string id_;
    sdk::Host& host_;
};

inline std::span<const sdk::Capability> capabilities() {
    static const std::vector<sdk::Capability> all = [] {
        sdk::Capability capability;
        capability.message_type = "letter/v1";
        capability.budgets.emplace_back("send", 10, 1s);
        return std::vector<sdk::Capability>{capability};
    }();
    return all;
}

inline core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                          sdk::Host& host) {
    diary->lines.push_back("create " + facts.connection + " at " + facts.base_url);
    if (diary->refuse_create.contains(facts.connection)) {
        return core::Failure(core::Errc::invalid_argument, "settings");
    }
    return std::unique_ptr<sdk::Adapter>(std::make_unique<TestAdapter>(facts.connection, host));
}

inline std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                        std::span<const core::DocumentRef>, core::Time) {
    return {core::Problem("/title", core::Code("letter.title_too_long"))};
}

inline const sdk::Descriptor& descriptor() {
    static const sdk::Descriptor value = [] {
        sdk::Descriptor result{};
        result.name = "test";
        result.capabilities = capabilities;
        result.check = check;
        result.create = create;
        return result;
    }();
    return value;
}

class NoHttp final : public sdk::HttpClient {
public:
    sdk::Task<sdk::Result<sdk::HttpResponse>> send(sdk::HttpRequest, sdk::Deadline) override {
        co_return core::Failure(core::Errc::unreachable);
    }
};

inline const core::TenantId oslo("958935420");

struct World {
    Diary notes;
    boost::asio::io_context io;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 3);
    tests::RecordingLog log;
    tests::NoMetrics metrics;
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    tests::NoDocuments documents;
    tests::RecordedHandovers inbound;
    tests::MemorySpools spools;
    tests::LoopExecutor blocking{io};
    std::map<std::string, std::size_t> budgets;
    host::Services services;
    host::ConnectionSet set;

    World()
        : services{*store,
                   documents,
                   inbound,
                   spools,
                   clock,
                   *ids,
                   log,
                   metrics,
                   blocking,
                   io.get_executor(),
                   [](std::string_view name) { return name == "test" ? &descriptor() : nullptr; },
                   [this](const core::ConnectionConfig& config, std::vector<sdk::RateBudget> given,
                          const boost::asio::any_io_executor&)
                       -> core::Result<std::unique_ptr<sdk::HttpClient>> {
                       budgets[config.id.value] = given.size();
                       return std::unique_ptr<sdk::HttpClient>(std::make_unique<NoHttp>());
                   },
                   tests::no_streams(clock),
                   [](const std::string&) -> core::Result<std::string> {
                       return core::Failure(core::Errc::not_found);
                   }},
          set(services) {
        diary = &notes;
    }
    ~World() { stop(); }

    void stop() {
        bool stopped = false;
        boost::asio::co_spawn(io, set.stop(30s),
                              [&](const std::exception_ptr&) { stopped = true; });
        tests::run_until(
            io, clock, [&] { return stopped; }, 1min);
    }

    static core::ConnectionConfig configured(const char* id) {
        core::ConnectionConfig connection;
        connection.id = core::ConnectionId(id);
        connection.adapter = "test";
        connection.base_url = "https://altinn.example/";
        connection.tenants = {oslo};
        if (std::string_view(id) != "tokens") {
            connection.tokens = core::ConnectionId("tokens");
        }
        return connection;
    }

    std::vector<host::ConnectionFault>
    apply(const std::vector<core::ConnectionConfig>& connections) {
        auto configuration = std::make_shared<core::Configuration>();
        for (const auto& connection : connections) {
            configuration->connections[connection.id] = connection;
        }
        return run(io, set.apply(configuration, 5s, 30s));
    }

    sdk::Outcome send(const char* id) {
        const auto connection = set.find(core::ConnectionId(id));
        REQUIRE(connection);
        tests::FakeProgress progress;
        core::Delivery delivery;
        return run(io, connection->send(delivery, progress, clock.in(30s)));
    }
};

}   // namespace connection_world
