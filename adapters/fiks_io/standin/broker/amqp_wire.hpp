#pragma once

// librabbitmq's blocking connection, for the threads of the stand-in's own. The adapter has another
// client: it takes nothing but the codec from the library.

#include "adapters/fiks_io/standin/broker/amqp_letter.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>

struct amqp_connection_state_t_;

namespace gateway::fiks_io::standin {

struct Depth {
    std::int64_t messages = 0;
    std::int64_t consumers = 0;
};

/// One connection; one thread. What fails throws std::runtime_error, and the connection is of no
/// more use.
class AmqpWire {
public:
    AmqpWire(std::uint16_t port, const OwnLogin& login);
    ~AmqpWire();
    AmqpWire(const AmqpWire&) = delete;
    AmqpWire& operator=(const AmqpWire&) = delete;

    /// A quorum queue that dead-letters into `dead` after `deliveries` failed deliveries; without
    /// `dead` a plain one.
    void declare(const std::string& queue, const std::string& dead, int deliveries);
    Depth depth(const std::string& queue);
    void purge(const std::string& queue);
    /// Returns when the broker has them all on disk.
    void publish(std::span<const Letter> letters, std::chrono::seconds patience);
    /// Takes from this queue from now on, `prefetch` at a time over all queues.
    void consume(const std::string& queue, std::uint16_t prefetch);
    /// Nothing when none came within `patience`.
    std::optional<Taken> take(std::chrono::milliseconds patience);
    void acknowledge(std::uint64_t tag);
    void give_back(std::uint64_t tag);

private:
    void publish_one(const Letter& letter);
    void await_confirms(std::uint64_t last, std::chrono::seconds patience);
    void check(const char* what);

    amqp_connection_state_t_* state_;
    std::uint64_t published_ = 0;   // as the broker counts, from 1
    std::uint64_t confirmed_ = 0;   // so many of them, in whatever order
};

}   // namespace gateway::fiks_io::standin
