#include "adapters/fiks_io/amqp/amqp_connection.hpp"

#include "adapters/fiks_io/amqp/amqp_bell.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <deque>
#include <map>
#include <utility>

namespace gateway::fiks_io::amqp {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::size_t read_bytes = 64U << 10U;
/// Larger bodies are not for memory, whatever room there is.
constexpr std::uint64_t in_memory_max = 1U << 20U;
constexpr std::chrono::seconds goodbye_time{3};

}   // namespace

Body::Body(std::string bytes, std::shared_ptr<BodyBudget> budget)
    : bytes_(std::move(bytes)), budget_(std::move(budget)) {
    budget_->held += bytes_.size();
}

Body::Body(Body&& other) noexcept
    : bytes_(std::move(other.bytes_)),
      budget_(std::move(other.budget_)),
      spool_(std::move(other.spool_)) {}

Body& Body::operator=(Body&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(budget_, other.budget_);
    std::swap(spool_, other.spool_);
    return *this;
}

Body::~Body() {
    if (budget_) {
        budget_->held -= bytes_.size();
    }
}

std::unique_ptr<sdk::ByteSource> Body::open() const {
    if (spool_) {
        return spool_->open();
    }
    return std::make_unique<sdk::StringSource>(bytes_);
}

/// A message whose body is still coming.
struct Coming {
    Message message;
    std::string bytes;
    std::unique_ptr<sdk::Spool> spool;

    Coming() = default;
};

struct Connection::Core {
    Core(Surroundings surroundings, std::unique_ptr<sdk::Stream> connected, Login login,
         SessionLimits limits, const asio::any_io_executor& executor)
        : around(std::move(surroundings)),
          stream(std::move(connected)),
          session(std::move(login), limits, around.clock.steady()),
          news(executor),
          work(executor) {}

    static sdk::Task<void> read(std::shared_ptr<Core> core);
    static sdk::Task<void> write(std::shared_ptr<Core> core);
    static sdk::Task<void> keep_time(std::shared_ptr<Core> core);
    static sdk::Task<void> leave(std::shared_ptr<Core> core);
    static sdk::Task<Result<void>> log_in(std::shared_ptr<Core> core);

    /// Of the reader alone: a body's parts are taken one after the other.
    sdk::Task<void> take_events();
    sdk::Task<void> begin(MessageBegan began);
    sdk::Task<void> add(BodyPart part);
    sdk::Task<void> finish(std::uint16_t channel);
    void tell(Event event) {
        events.push_back(std::move(event));
        news.ring();
    }

    Surroundings around;
    std::unique_ptr<sdk::Stream> stream;
    Session session;
    std::map<std::uint16_t, Coming> coming;   // by channel
    std::deque<Event> events;                 // at most the prefetch of every queue
    std::optional<Ended> end;
    bool logged_in = false;
    Bell news;   // for next()
    Bell work;   // for the writer
};

sdk::Task<void> Connection::Core::read(std::shared_ptr<Core> core) {
    std::array<char, read_bytes> room;
    while (!core->end) {
        const auto count = co_await core->stream->read_some(room);
        const auto now = core->around.clock.steady();
        if (!count) {
            core->session.take_end(count.error());
        } else if (*count == 0) {
            core->session.take_end(Failure(Errc::closed, "the broker closed the connection"));
        } else {
            core->session.take_bytes(std::string_view(room.data(), *count), now);
        }
        co_await core->take_events();
        core->work.ring();
    }
}

sdk::Task<void> Connection::Core::write(std::shared_ptr<Core> core) {
    for (;;) {
        const bool last = core->session.ended();
        auto bytes = core->session.take_output(core->around.clock.steady());
        if (!bytes.empty()) {
            const auto written = co_await core->stream->write(std::move(bytes));
            if (!written) {
                core->session.take_end(written.error());
                break;
            }
        } else if (last) {
            break;
        } else {
            co_await core->work.wait();
        }
    }
    core->stream->close();
}

sdk::Task<void> Connection::Core::keep_time(std::shared_ptr<Core> core) {
    while (!core->session.ended()) {
        co_await core->around.clock.sleep_until(core->session.tick_at());
        core->session.tick(core->around.clock.steady());
        core->work.ring();   // the writer closes what has ended, and that wakes the reader
    }
}

/// The broker may take its time to say goodbye; not for ever.
sdk::Task<void> Connection::Core::leave(std::shared_ptr<Core> core) {
    auto& clock = core->around.clock;
    co_await clock.sleep_until(clock.steady() + goodbye_time);
    core->stream->close();
}

sdk::Task<Result<void>> Connection::Core::log_in(std::shared_ptr<Core> core) {
    while (!core->logged_in && !core->end) {
        co_await core->news.wait();
    }
    co_return Result<void>();
}

sdk::Task<void> Connection::Core::take_events() {
    while (auto event = session.next_event()) {
        if (auto* began = std::get_if<MessageBegan>(&*event)) {
            co_await begin(std::move(*began));
        } else if (auto* part = std::get_if<BodyPart>(&*event)) {
            co_await add(std::move(*part));
        } else if (const auto* ended = std::get_if<MessageEnded>(&*event)) {
            co_await finish(ended->channel);
        } else if (auto* consuming = std::get_if<Consuming>(&*event)) {
            tell(std::move(*consuming));
        } else if (auto* lost = std::get_if<ConsumerLost>(&*event)) {
            std::erase_if(coming,
                          [&](const auto& one) { return one.second.message.queue == lost->queue; });
            tell(std::move(*lost));
        } else if (const auto* blocking = std::get_if<Blocking>(&*event)) {
            tell(*blocking);
        } else if (auto* over = std::get_if<Ended>(&*event)) {
            end = std::move(*over);
            news.ring();
        } else {
            logged_in = true;
            news.ring();
        }
    }
}

sdk::Task<void> Connection::Core::begin(MessageBegan began) {
    Coming& next = coming[began.tag.channel];
    next = Coming();
    next.message.queue = std::move(began.queue);
    next.message.tag = began.tag;
    next.message.redelivered = began.redelivered;
    next.message.routing_key = std::move(began.routing_key);
    next.message.too_large = began.too_large;
    next.message.head = std::move(began.head);
    const std::uint64_t size = began.too_large ? 0 : next.message.head.body_bytes;
    const bool fits = around.budget->held + size <= around.budget->bytes_max;
    if (size <= in_memory_max && fits) {
        next.bytes.reserve(size);
        co_return;
    }
    auto made = co_await around.spools.create(size);
    if (made) {
        next.spool = std::move(*made);
    } else {
        next.message.body_lost = made.error();
    }
}

sdk::Task<void> Connection::Core::add(BodyPart part) {
    Coming& next = coming[part.channel];
    if (next.message.body_lost) {
        co_return;
    }
    if (!next.spool) {
        next.bytes.append(part.bytes);
        co_return;
    }
    const auto written = co_await next.spool->write(part.bytes);
    if (!written) {
        next.message.body_lost = written.error();
        next.spool.reset();
    }
}

sdk::Task<void> Connection::Core::finish(std::uint16_t channel) {
    auto whole = coming.extract(channel);
    Coming& next = whole.mapped();
    if (next.spool) {
        const auto finished = co_await next.spool->finish();
        if (finished) {
            next.message.body = Body(std::move(next.spool));
        } else {
            next.message.body_lost = finished.error();
        }
    } else if (!next.message.body_lost && !next.bytes.empty()) {
        next.message.body = Body(std::move(next.bytes), around.budget);
    }
    tell(std::move(next.message));
}

sdk::Task<Opening> Connection::open(Surroundings around, sdk::StreamTarget target, Login login,
                                    SessionLimits limits, sdk::Deadline deadline) {
    Opening opening;
    auto connected = co_await around.streams.connect(std::move(target), deadline);
    if (!connected) {
        opening.why.failure = connected.error();
        co_return opening;
    }
    auto executor = co_await asio::this_coro::executor;
    auto core =
        std::make_shared<Core>(around, std::move(*connected), std::move(login), limits, executor);
    std::unique_ptr<Connection> connection(new Connection(core));
    around.tasks.spawn(Core::read(core));
    around.tasks.spawn(Core::write(core));
    auto logging_in = Core::log_in(core);
    const auto logged_in =
        co_await runtime::with_deadline(around.clock, deadline, std::move(logging_in));
    if (core->end) {
        opening.why = *core->end;
    } else if (!logged_in) {
        opening.why.failure = logged_in.error();
    } else {
        around.tasks.spawn(Core::keep_time(core));
        opening.connection = std::move(connection);
    }
    co_return opening;
}

Connection::~Connection() {
    if (core_->logged_in && !core_->session.ended()) {
        core_->session.close();
        core_->work.ring();
        core_->around.tasks.spawn(Core::leave(core_));
    } else {
        core_->session.take_end(Failure(Errc::cancelled));
        core_->work.ring();
        core_->stream->close();
    }
}

sdk::Task<Event> Connection::next() {
    const auto core = core_;
    while (core->events.empty() && !core->end) {
        co_await core->news.wait();
    }
    if (core->events.empty()) {
        co_return *core->end;
    }
    Event event = std::move(core->events.front());
    core->events.pop_front();
    co_return event;
}

Result<void> Connection::consume(const std::string& queue, std::uint16_t prefetch) {
    auto began = core_->session.consume(queue, prefetch);
    core_->work.ring();
    return began;
}

void Connection::pause(const std::string& queue) {
    core_->session.pause(queue);
    core_->work.ring();
}

void Connection::resume(const std::string& queue) {
    core_->session.resume(queue);
    core_->work.ring();
}

void Connection::drop(const std::string& queue) {
    core_->session.drop(queue);
    core_->work.ring();
}

void Connection::acknowledge(const MessageTag& tag) {
    core_->session.acknowledge(tag);
    core_->work.ring();
}

void Connection::requeue(const MessageTag& tag) {
    core_->session.requeue(tag);
    core_->work.ring();
}

bool Connection::holds(const MessageTag& tag) const {
    return core_->session.holds(tag);
}

bool Connection::ended() const {
    return core_->session.ended();
}

}   // namespace gateway::fiks_io::amqp
