#pragma once

#include "adapters/fiks_io/standin/broker/amqp_wire.hpp"
#include "gateway/runtime/executor.hpp"

#include <memory>
#include <mutex>
#include <set>

namespace gateway::fiks_io::standin {

/// Puts messages into queues, from a thread of its own; what waits together is confirmed together.
/// Makes the queues it knows at every connection. Calls come from one thread, the coroutines' own.
class Publisher {
public:
    Publisher(OwnLogin login, int deliveries);
    ~Publisher();

    /// Where the broker is now; connects anew when it moved.
    void use(std::uint16_t port);
    /// A queue that is to be there from the next call on.
    void know(const std::string& queue) { known_.insert(queue); }
    /// Connected, with all queues made.
    sdk::Task<bool> is_ready();
    /// False when the broker did not confirm them all: they may be there nevertheless.
    sdk::Task<bool> publish(std::vector<Letter> letters);
    /// Nothing while the broker is away.
    sdk::Task<std::optional<Depth>> depth(std::string queue);
    sdk::Task<bool> empty(std::string queue);

    /// Where dead letters lie.
    static constexpr const char* dead_letters = "fiksio.dlq";

private:
    struct Waiting {
        std::vector<Letter> letters;
        bool confirmed = false;
    };
    AmqpWire& wire();
    template <class F>
    auto guarded(F work) -> std::optional<std::invoke_result_t<F&>>;
    void flush();

    OwnLogin login_;
    int deliveries_;
    std::set<std::string> known_;
    std::mutex mutex_;   // of what follows up to the blank line
    std::vector<std::shared_ptr<Waiting>> waiting_;
    std::uint16_t port_ = 0;
    std::set<std::string> wanted_;

    std::unique_ptr<AmqpWire> wire_;   // the thread's
    std::uint16_t wire_port_ = 0;
    std::set<std::string> made_;
    std::unique_ptr<runtime::Executor> thread_;   // last: it ends first
};

}   // namespace gateway::fiks_io::standin
