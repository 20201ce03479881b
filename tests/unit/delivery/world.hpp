#pragma once

// A gateway from the store to the component, small enough for a unit test: memory store, scripted
// connections, a clock turned by hand, everything on one io_context.

#include "gateway/app/delivery.hpp"
#include "gateway/dispatch/dispatcher.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_connection.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

namespace dispatch = gateway::dispatch;
namespace ports = gateway::ports;

inline const core::TenantId oslo("958935420");
inline const core::TenantId bergen("964338531");
inline const core::SystemId sak("sak");

class FixedConfiguration final : public ports::ConfigurationSource {
public:
    std::shared_ptr<core::Configuration> now = std::make_shared<core::Configuration>();
    std::shared_ptr<const core::Configuration> current() const override { return now; }
};

struct Letter {
    core::TenantId tenant = oslo;
    std::optional<std::string> connection = "altinn";
    std::string order;
    std::string content = R"({"type":"letter/v1","version":1,"kind":"decision","title":"Vedtak"})";
    std::optional<core::Duration> expires_in;
    core::Duration due_in{0};
    std::vector<core::Sha256> documents;

    Letter() = default;
};

/// Everything above ports::Store that a restart builds anew.
struct Node {
    Node(boost::asio::io_context& io, dispatch::Services services);

    dispatch::Traffic traffic;
    gateway::app::DeliveryCarrier carrier;
    dispatch::Dispatcher dispatcher;
};

class World {
public:
    World();
    ~World();

    /// A connection that serves both tenants.
    std::shared_ptr<ScriptedConnection> connect(const std::string& id);
    core::MessageId accept(const Letter& letter = {});
    /// Starts dispatching (again, after stop()).
    void start();
    void stop(core::Duration patience = std::chrono::seconds(30));
    /// Lets virtual time pass.
    void pass(core::Duration time);
    /// Until the message is in this state; false when an hour was not enough.
    bool reaches(core::MessageId message, core::DeliveryState state,
                 core::Duration at_most = std::chrono::hours(1));

    ports::MessageView view(core::MessageId message);
    ports::DeliveryRow row(core::MessageId message) { return view(message).deliveries.back(); }
    core::DeliveryState state(core::MessageId message) { return view(message).state; }
    std::vector<ports::StoredEvent> events(core::MessageId message);
    std::vector<std::string> names(core::MessageId message);
    /// What is sealed in an event, opened.
    std::string opened(const ports::StoredEvent& event);
    ports::CancelAnswer cancel(core::MessageId message);
    ports::NewEvent event(const std::string& name);
    core::DispatchConfig& rules() { return configuration.now->dispatch; }

    boost::asio::io_context io;
    ManualClock clock;
    std::unique_ptr<sdk::Ids> ids;
    RecordingLog log;
    NoMetrics metrics;
    std::unique_ptr<ports::Store> store;
    gateway::crypto::Vaults vaults;
    FixedConfiguration configuration;
    ScriptedConnections connections;
    dispatch::Services services;
    std::unique_ptr<Node> node;
};

}   // namespace tests
