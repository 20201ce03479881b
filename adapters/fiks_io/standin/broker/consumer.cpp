#include "adapters/fiks_io/standin/broker/consumer.hpp"

#include <algorithm>
#include <stdexcept>

namespace gateway::fiks_io::standin {

namespace {

constexpr std::uint16_t prefetch = 50;
constexpr std::chrono::milliseconds take_time{20};
constexpr std::chrono::milliseconds try_again{100};

}   // namespace

Consumer::Consumer(OwnLogin login, std::function<void(Taken)> on_message)
    : login_(std::move(login)), on_message_(std::move(on_message)), thread_([this] { run(); }) {}

Consumer::~Consumer() {
    ending_ = true;
    thread_.join();
}

void Consumer::use(std::uint16_t port) {
    const std::lock_guard lock(mutex_);
    port_ = port;
}

void Consumer::add(const std::string& queue) {
    const std::lock_guard lock(mutex_);
    queues_.insert(queue);
}

void Consumer::remove(const std::string& queue) {
    const std::lock_guard lock(mutex_);
    queues_.erase(queue);
}

void Consumer::settle(const Taken& taken, bool done) {
    const std::lock_guard lock(mutex_);
    Settled settled;
    settled.tag = taken.tag;
    settled.connection = taken.connection;
    settled.done = done;
    settled_.push_back(settled);
}

void Consumer::run() {
    while (!ending_) {
        std::uint16_t port = 0;
        {
            const std::lock_guard lock(mutex_);
            port = port_;
        }
        try {
            if (port != 0) {
                serve(port);
            }
        } catch (const std::runtime_error&) {   // the broker is away, or a queue is not made yet
        }
        if (!ending_) {
            std::this_thread::sleep_for(try_again);
        }
    }
}

bool Consumer::moved(std::uint16_t port) {
    const std::lock_guard lock(mutex_);
    return port_ != port;
}

void Consumer::serve(std::uint16_t port) {
    AmqpWire wire(port, login_);
    ++connection_;
    std::set<std::string> consumed;
    while (!ending_ && !moved(port)) {
        std::set<std::string> wanted;
        std::vector<Settled> settled;
        {
            const std::lock_guard lock(mutex_);
            wanted = queues_;
            settled.swap(settled_);
        }
        for (const std::string& queue : consumed) {
            if (!wanted.contains(queue)) {
                return;   // a new connection without it
            }
        }
        for (const std::string& queue : wanted) {
            if (consumed.insert(queue).second) {
                wire.consume(queue, prefetch);
            }
        }
        for (const Settled& each : settled) {
            if (each.connection != connection_) {
                continue;
            }
            if (each.done) {
                wire.acknowledge(each.tag);
            } else {
                wire.give_back(each.tag);
            }
        }
        if (auto taken = wire.take(take_time)) {
            taken->connection = connection_;
            on_message_(std::move(*taken));
        }
    }
}

}   // namespace gateway::fiks_io::standin
