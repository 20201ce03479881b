#pragma once

// The broker as a whole: the child, the door, the gate before it, the threads that put in and take
// out; and what is done to it on purpose.

#include "adapters/fiks_io/standin/amqp_gate.hpp"
#include "adapters/fiks_io/standin/broker/consumer.hpp"
#include "adapters/fiks_io/standin/broker/publisher.hpp"
#include "adapters/fiks_io/standin/broker/rabbit_broker.hpp"
#include "adapters/fiks_io/standin/door.hpp"
#include "gateway/runtime/task_group.hpp"

namespace gateway::fiks_io::standin {

/// One thread. Borrows all.
class BrokerHouse {
public:
    BrokerHouse(gateway::standin::World& world, Access& access, const Book& book,
                std::function<sdk::Task<bool>(Taken)> on_message);

    Door& door() { return door_; }
    Publisher& publisher() { return publisher_; }
    /// Starts the broker, blocking; queues are made and taken from as soon as the loop runs.
    void start();
    bool is_there() const { return broker_.has_value(); }
    std::uint16_t port() const { return gate_ ? gate_->port() : std::uint16_t(0); }
    std::string ca_path() const;
    /// Messages of this account are given to `on_message`.
    void take_from(const std::string& queue) {
        taken_from_.push_back(queue);
        consumer_.add(queue);
    }

    /// POST /control/broker; what is wrong with it.
    sdk::Task<std::optional<std::string>> act(json::Value command);
    json::Value audit();
    /// What waits in these queues is gone soon.
    void empty(std::vector<std::string> queues) { tasks_.spawn(purge(std::move(queues))); }

private:
    sdk::Task<void> prepare(std::uint16_t port);
    sdk::Task<bool> is_taken_from();
    sdk::Task<void> purge(std::vector<std::string> queues);
    sdk::Task<void> dispatch(Taken taken);
    void moved();

    gateway::standin::World& world_;
    std::function<sdk::Task<bool>(Taken)> on_message_;
    Door door_;
    Publisher publisher_;
    std::vector<std::string> taken_from_;
    std::optional<RabbitBroker> broker_;
    std::optional<AmqpGate> gate_;
    runtime::TaskGroup tasks_;
    Consumer consumer_;   // last: its thread ends first
};

}   // namespace gateway::fiks_io::standin
