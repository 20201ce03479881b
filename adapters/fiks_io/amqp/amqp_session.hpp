#pragma once

// AMQP 0-9-1 as a consumer speaks it, without the wire: bytes and moments in, events and bytes out.
// One channel for each queue, so that what is wrong with one queue ends no other's.

#include "adapters/fiks_io/amqp/amqp_frames.hpp"
#include "adapters/fiks_io/amqp/amqp_methods.hpp"
#include "gateway/core/time.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace gateway::fiks_io::amqp {

struct SessionLimits {
    std::uint64_t body_bytes_max = 64U << 20U;   // a message above it comes without its body
    std::uint16_t channels_max = 2047;
    std::chrono::seconds heartbeat{30};   // proposed; the shorter of ours and the broker's holds

    SessionLimits() = default;
};

/// Why a connection ended.
enum class Ending {
    lost,            // the wire broke, or the broker closed it without a word
    silent,          // nothing came for two heartbeats
    login_refused,   // user, password or token
    vhost_refused,   // no such virtual host, or not ours
    closed,          // the broker said goodbye (320 at its shutdown, among others)
    protocol,        // the broker said what AMQP 0-9-1 does not know
    ours,            // we closed
};

/// Names a message to be acknowledged. Of a channel that is gone it names nothing.
struct MessageTag {
    std::uint16_t channel = 0;
    std::uint64_t opening = 0;   // each opening of a channel has its number
    std::uint64_t tag = 0;

    MessageTag() = default;
};

/// Logged in: queues may be consumed.
struct LoggedIn {};
struct Consuming {
    std::string queue;
};
struct MessageBegan {
    std::string queue;
    MessageTag tag;
    bool redelivered = false;
    std::string routing_key;
    MessageHead head;
    bool too_large = false;   // no body follows
};
/// The next bytes of the message that began last on this channel.
struct BodyPart {
    std::uint16_t channel = 0;
    std::string bytes;
};
struct MessageEnded {
    std::uint16_t channel = 0;
};
/// The queue is consumed no more: cancelled by the broker (code 0) or its channel closed. What was
/// not acknowledged comes again.
struct ConsumerLost {
    std::string queue;
    std::uint16_t code = 0;
    std::string text;   // the broker's words
};
/// connection.blocked: the broker is short of memory or disk, and takes no new messages.
struct Blocking {
    bool blocked = false;
};
struct Ended {
    Ending why = Ending::lost;
    std::uint16_t code = 0;   // of the broker
    core::Failure failure;    // `peer`: the broker's words
};

using SessionEvent = std::variant<LoggedIn, Consuming, MessageBegan, BodyPart, MessageEnded,
                                  ConsumerLost, Blocking, Ended>;

/// One thread. After Ended nothing more comes and nothing more is sent.
class Session {
public:
    Session(Login login, SessionLimits limits, core::SteadyTime now);

    void take_bytes(std::string_view bytes, core::SteadyTime now);
    /// The wire ended; `closed`: the peer closed it.
    void take_end(core::Failure why);
    /// At tick_at() or later: heartbeats, and the judgement of silence.
    void tick(core::SteadyTime now);
    core::SteadyTime tick_at() const;
    std::optional<SessionEvent> next_event();
    /// What is to be written now; empty: nothing. The broker will have it by `now`.
    std::string take_output(core::SteadyTime now);

    /// After LoggedIn, and again after ConsumerLost. `closed`: not connected; `conflict`: consumed
    /// already; `too_large`: more queues than channels.
    core::Result<void> consume(const std::string& queue, std::uint16_t prefetch);
    /// No new messages of this queue; what is not acknowledged stays ours.
    void pause(const std::string& queue);
    void resume(const std::string& queue);
    /// Gives its channel back: what is not acknowledged goes to the queue.
    void drop(const std::string& queue);
    void acknowledge(const MessageTag& tag);
    void requeue(const MessageTag& tag);
    bool holds(const MessageTag& tag) const { return find(tag) != nullptr; }
    /// Says goodbye; Ended comes when the broker did, too.
    void close();
    bool ended() const { return step_ == Step::ended; }

private:
    enum class Step { start, tune, open_ok, working, closing, ended };
    enum class ChannelStep { opening, consuming, pausing, paused, closing };
    struct Channel {
        std::string queue;
        std::uint64_t opening = 0;
        ChannelStep step = ChannelStep::opening;
        bool wanted = true;   // else paused
        std::optional<Deliver> head_awaited;
        std::uint64_t body_left = 0;
        bool in_body = false;
        bool skips_body = false;
    };
    using Channels = std::map<std::uint16_t, Channel>;

    void take_frame(const Frame& frame);
    void take_method(const Frame& frame);
    void take_channel_method(std::uint16_t number, Method method);
    void take_head(std::uint16_t number, std::string_view payload);
    void take_body(std::uint16_t number, std::string_view payload);
    void end_body(std::uint16_t number, Channel& channel);

    void on(const Start& start);
    void on(const Tune& tune);
    void on(const Closed& closed);
    void lose(Channels::iterator channel, std::uint16_t code, std::string text);
    void break_off(core::Failure why, std::uint16_t code = 501);
    void end(Ending why, core::Failure failure, std::uint16_t code = 0);
    void send(std::string frame);
    bool send(core::Result<std::string> frame);
    void wish(const std::string& queue, bool wanted);
    void follow_wish(std::uint16_t number, Channel& channel);
    std::uint16_t free_channel();
    Channels::iterator find(const std::string& queue);
    const Channel* find(const MessageTag& tag) const;

    Login login_;
    SessionLimits limits_;
    FrameReader reader_;
    Step step_ = Step::start;
    std::uint16_t channels_max_;
    std::chrono::seconds heartbeat_{0};
    core::SteadyTime heard_at_;
    core::SteadyTime sent_at_;
    Channels channels_;
    std::uint64_t openings_ = 0;
    std::uint16_t channel_last_ = 0;
    std::deque<SessionEvent> events_;
    std::string output_;
};

}   // namespace gateway::fiks_io::amqp
