#pragma once

#include "adapters/fiks_io/standin/broker/amqp_wire.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace gateway::fiks_io::standin {

/// Takes messages out of queues, on a thread of its own, and comes back after every loss of the
/// connection. What is not settled then is given out again.
class Consumer {
public:
    /// `on_message` is called on the consumer's thread.
    Consumer(OwnLogin login, std::function<void(Taken)> on_message);
    ~Consumer();

    // Any thread.
    void use(std::uint16_t port);
    void add(const std::string& queue);
    void remove(const std::string& queue);
    /// `done`: it is acknowledged; else it is given out again.
    void settle(const Taken& taken, bool done);

private:
    struct Settled {
        std::uint64_t tag = 0;
        std::uint64_t connection = 0;
        bool done = false;
    };
    void run();
    void serve(std::uint16_t port);
    bool moved(std::uint16_t port);

    OwnLogin login_;
    std::function<void(Taken)> on_message_;
    std::mutex mutex_;   // of what follows up to the blank line
    std::uint16_t port_ = 0;
    std::set<std::string> queues_;
    std::vector<Settled> settled_;

    std::uint64_t connection_ = 0;   // the thread's
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

}   // namespace gateway::fiks_io::standin
