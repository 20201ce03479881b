#pragma once

// Subscriptions over an in-memory store, a receiver the test plays, a clock turned by hand.

#include "gateway/notify/service.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <set>

namespace tests::notify {

using namespace gateway;
using namespace std::chrono_literals;

inline const core::TenantId tenant{"958935420"};
inline const core::SystemId own{"visma"};
inline const core::SystemId other{"gerica"};

/// Who is called. What it answers is the test's; by default it takes everything.
class Receiver final : public sdk::HttpClient {
public:
    using Answer = std::function<core::Result<sdk::HttpResponse>(const std::string& id)>;

    sdk::Task<core::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                    sdk::Deadline) override {
        const std::string id(sdk::find_header(request.headers, "webhook-id"));
        ++calls;
        last = sdk::Headers(request.headers);
        last_body = request.body;
        auto answer =
            answers ? answers(id) : core::Result<sdk::HttpResponse>(sdk::HttpResponse(204, ""));
        if (answer && answer->status / 100 == 2) {
            ++taken[id];
        }
        co_return answer;
    }

    Answer answers;
    std::map<std::string, int> taken;
    sdk::Headers last;
    std::string last_body;
    int calls = 0;
};

class World final : public ports::ConfigurationSource {
public:
    World();
    ~World() override;
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }

    /// As at a start of the program.
    void start();
    /// Nothing that is under way is waited for.
    void kill();
    /// An accepted message of the system with so many events; gives their ids.
    std::vector<std::string> events(const core::SystemId& system, int count,
                                    const char* name = "accepted");
    json::Value ok(sdk::Task<ports::SubscriptionAnswer> task);
    std::string refused(sdk::Task<ports::SubscriptionAnswer> task);
    json::Value subscribe(const char* body = R"({"url": "https://example.no/hook"})");
    core::Uuid id() const { return *core::parse_uuid(made["id"].as_string()); }
    json::Value look() { return ok(service->find(caller, id())); }
    bool until(const std::function<bool()>& done, core::Duration at_most = 10min);
    /// Lets everything that is due within that time happen.
    void pass(core::Duration time);

    boost::asio::io_context io;
    ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 11);
    RecordingLog log;
    NoMetrics metrics;
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    crypto::Vaults vaults;
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
    std::shared_ptr<Receiver> receiver = std::make_shared<Receiver>();
    std::string address = "8.8.8.8";   // of every name
    runtime::Signal news;
    ports::Caller caller;
    std::unique_ptr<gateway::notify::Notifier> notifier;
    std::unique_ptr<gateway::notify::Service> service;
    json::Value made;

private:
    gateway::notify::Parts parts();
    sdk::Task<core::Result<std::vector<core::IpAddress>>> look_up();
};

}   // namespace tests::notify
