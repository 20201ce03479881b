#pragma once

// One connection to a broker: the session over a stream, with a reader, a writer and a clock of its
// own. Small bodies are held in memory, large ones in a spool.

#include "adapters/fiks_io/amqp/amqp_session.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/streams.hpp"

#include <memory>
#include <string>
#include <variant>

namespace gateway::fiks_io::amqp {

/// What all connections of one integration hold in memory; shared with the bodies, which may
/// outlive the connection.
struct BodyBudget {
    std::size_t held = 0;
    std::size_t bytes_max = 64U << 20U;   // above it bodies go to spools, be they small

    BodyBudget() = default;
};

/// The body of a message, whole.
class Body {
public:
    Body() = default;
    Body(std::string bytes, std::shared_ptr<BodyBudget> budget);
    explicit Body(std::unique_ptr<sdk::Spool> spool) : spool_(std::move(spool)) {}
    Body(Body&& other) noexcept;
    Body& operator=(Body&& other) noexcept;
    ~Body();

    std::uint64_t size() const { return spool_ ? spool_->size() : bytes_.size(); }
    /// From the first byte; the body outlives it.
    std::unique_ptr<sdk::ByteSource> open() const;

private:
    std::string bytes_;
    std::shared_ptr<BodyBudget> budget_;
    std::unique_ptr<sdk::Spool> spool_;
};

/// A message and what names it for acknowledge().
struct Message {
    std::string queue;
    MessageTag tag;
    bool redelivered = false;
    std::string routing_key;
    MessageHead head;
    bool too_large = false;   // its body was let pass
    Body body;
    std::optional<core::Failure> body_lost;   // no room for it here

    Message() = default;
};

using Event = std::variant<Message, Consuming, ConsumerLost, Blocking, Ended>;

/// Everything outlives the connection and what it spawns into `tasks`.
struct Surroundings {
    sdk::Streams& streams;
    sdk::Spools& spools;
    sdk::Clock& clock;
    runtime::TaskGroup& tasks;
    std::shared_ptr<BodyBudget> budget;   // shared with bodies that outlive their connection

    Surroundings(sdk::Streams& its_streams, sdk::Spools& its_spools, sdk::Clock& its_clock,
                 runtime::TaskGroup& its_tasks, std::shared_ptr<BodyBudget> its_budget)
        : streams(its_streams),
          spools(its_spools),
          clock(its_clock),
          tasks(its_tasks),
          budget(std::move(its_budget)) {}
};

struct Opening;

/// One strand. Destroyed: says goodbye without waiting, and its tasks end by themselves.
class Connection {
public:
    /// Connects and logs in. An opening without a connection says why.
    static sdk::Task<Opening> open(Surroundings around, sdk::StreamTarget target, Login login,
                                   SessionLimits limits, sdk::Deadline deadline);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// The next event; one caller at a time. After Ended it gives Ended again.
    sdk::Task<Event> next();
    core::Result<void> consume(const std::string& queue, std::uint16_t prefetch);
    void pause(const std::string& queue);
    void resume(const std::string& queue);
    void drop(const std::string& queue);
    void acknowledge(const MessageTag& tag);
    void requeue(const MessageTag& tag);
    /// It can still be acknowledged: neither the connection nor its channel has ended since.
    bool holds(const MessageTag& tag) const;
    bool ended() const;

private:
    struct Core;
    explicit Connection(std::shared_ptr<Core> core) : core_(std::move(core)) {}

    std::shared_ptr<Core> core_;   // shared with the tasks that read, write and keep time
};

struct Opening {
    std::unique_ptr<Connection> connection;
    Ended why;

    Opening() = default;
};

}   // namespace gateway::fiks_io::amqp
