#pragma once

// Connections as a script: each call takes the next queued answer of its kind, or the standing one;
// calls are recorded and can be made slow, hanging or throwing. One io_context, one thread.

#include "gateway/ports/connections.hpp"
#include "gateway/sdk/clock.hpp"
#include "tests/support/fake_roles.hpp"
#include "tests/support/manual_clock.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// A capability like Altinn's: deduplicates, answers look-ups, receipts come later, can cancel.
gateway::sdk::Capability letter_capability();

class ScriptedConnection final : public gateway::ports::Connection {
public:
    struct Call {
        std::string kind;   // send, look_up, poll, cancel
        gateway::core::Delivery delivery;
        std::string progress;
        gateway::core::SteadyTime began{};
        gateway::core::SteadyTime deadline{};

        Call() = default;
    };
    using Answer = std::function<gateway::sdk::Outcome(const gateway::core::Delivery&)>;
    using Script = std::function<gateway::sdk::Task<gateway::sdk::Outcome>(
        const gateway::core::Delivery&, gateway::sdk::Progress&)>;

    ScriptedConnection(std::string id, gateway::sdk::Clock& clock);

    // What the next calls answer; when the queue is empty the standing answer: accepted, found, no
    // receipts, withdrawn.
    void sends(gateway::sdk::Outcome outcome) { send_queue.push_back(std::move(outcome)); }
    void looks_up(gateway::sdk::Outcome outcome) { look_up_queue.push_back(std::move(outcome)); }
    void cancels(gateway::sdk::Outcome outcome) { cancel_queue.push_back(std::move(outcome)); }
    void polls(gateway::core::Result<gateway::sdk::Receipts> news) {
        poll_queue.push_back(std::move(news));
    }
    std::size_t count(const std::string& kind) const;

    std::deque<gateway::sdk::Outcome> send_queue;
    std::deque<gateway::sdk::Outcome> look_up_queue;
    std::deque<gateway::sdk::Outcome> cancel_queue;
    std::deque<gateway::sdk::Outcome> settled_queue;
    std::vector<gateway::sdk::InboundSettled> told;   // each call of settled()
    std::deque<gateway::core::Result<gateway::sdk::Receipts>> poll_queue;
    gateway::sdk::Outcome standing_send{gateway::sdk::Verdict::accepted};
    Script on_send;   // instead of all above
    std::vector<gateway::sdk::Capability> capabilities;
    gateway::core::Duration takes{0};   // every call
    bool hangs = false;                 // every call, until cancelled
    bool throws = false;
    int places = 16;
    std::vector<Call> calls;
    int inside = 0;
    int inside_most = 0;

    const gateway::core::ConnectionId& id() const override { return id_; }
    int in_flight_max() const override { return places; }
    const gateway::sdk::Capability* capability(std::string_view type) const override;
    std::vector<gateway::core::Problem> check(std::string_view, const gateway::json::Value&,
                                              const gateway::json::Value&,
                                              std::span<const gateway::core::DocumentRef>,
                                              gateway::core::Time) const override {
        return {};
    }
    gateway::sdk::Task<gateway::sdk::Outcome> send(gateway::core::Delivery delivery,
                                                   gateway::sdk::Progress& progress,
                                                   gateway::sdk::Deadline deadline) override;
    gateway::sdk::Task<gateway::sdk::Outcome> look_up(gateway::core::Delivery delivery,
                                                      gateway::sdk::Progress& progress,
                                                      gateway::sdk::Deadline deadline) override;
    gateway::sdk::Task<gateway::core::Result<gateway::sdk::Receipts>>
    poll_receipts(gateway::core::Delivery delivery, gateway::sdk::Deadline deadline) override;
    gateway::sdk::Task<gateway::sdk::Outcome> cancel(gateway::core::Delivery delivery,
                                                     gateway::sdk::Deadline deadline) override;
    gateway::sdk::Task<gateway::sdk::Outcome> settled(gateway::sdk::InboundSettled what,
                                                      gateway::sdk::Deadline deadline) override;
    gateway::sdk::Task<gateway::sdk::Health> check_health(gateway::sdk::Deadline deadline) override;

private:
    gateway::sdk::Task<void> begin(std::string kind, const gateway::core::Delivery& delivery,
                                   std::string progress, gateway::sdk::Deadline deadline);

    gateway::core::ConnectionId id_;
    gateway::sdk::Clock& clock_;
};

class ScriptedConnections final : public gateway::ports::Connections {
public:
    std::shared_ptr<ScriptedConnection> add(std::string id, gateway::sdk::Clock& clock);
    void remove(const std::string& id) { connections_.erase(gateway::core::ConnectionId(id)); }
    std::shared_ptr<gateway::ports::Connection>
    find(const gateway::core::ConnectionId& id) const override;
    std::vector<std::shared_ptr<gateway::ports::Connection>> all() const override;
    ScriptedRegisters& registers() override { return registers_; }

private:
    ManualClock clock_;   // of the registers
    ScriptedRegisters registers_{clock_};
    std::map<gateway::core::ConnectionId, std::shared_ptr<ScriptedConnection>> connections_;
};

}   // namespace tests
