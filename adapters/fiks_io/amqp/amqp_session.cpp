#include "adapters/fiks_io/amqp/amqp_session.hpp"

#include <algorithm>

namespace gateway::fiks_io::amqp {

using core::Errc;
using core::Failure;
using core::Result;
using core::SteadyTime;

namespace {

constexpr std::uint16_t success = 200;
constexpr std::uint16_t access_refused = 403;
constexpr std::uint16_t vhost_not_allowed = 530;
constexpr std::uint16_t frame_error = 501;
constexpr std::uint16_t unexpected_frame = 505;
/// Specification 4.2.3: no side may agree to less.
constexpr std::uint32_t frame_bytes_min = 4096;

Failure nonsense(const char* what) {
    return Failure(Errc::bad_answer, what);
}

/// The smaller of two limits of which 0 is none.
template <class T>
T smaller(T a, T b) {
    if (a == 0 || b == 0) {
        return std::max(a, b);
    }
    return std::min(a, b);
}

}   // namespace

Session::Session(Login login, SessionLimits limits, SteadyTime now)
    : login_(std::move(login)),
      limits_(limits),
      channels_max_(limits.channels_max),
      heard_at_(now),
      sent_at_(now),
      output_(protocol_header) {}

void Session::take_bytes(std::string_view bytes, SteadyTime now) {
    if (ended()) {
        return;
    }
    heard_at_ = now;
    reader_.add(bytes);
    while (!ended()) {
        const auto frame = reader_.next();
        if (!frame) {
            break_off(frame.error(), frame_error);
            return;
        }
        if (!*frame) {
            return;
        }
        take_frame(**frame);
    }
}

/// A broker without authentication_failure_close just goes after a login that it refuses.
void Session::take_end(Failure why) {
    if (step_ == Step::tune && why.is(Errc::closed)) {
        end(Ending::login_refused, std::move(why));
    } else if (step_ == Step::closing) {
        end(Ending::ours, std::move(why));
    } else {
        end(Ending::lost, std::move(why));
    }
}

SteadyTime Session::tick_at() const {
    if (heartbeat_.count() == 0 || ended()) {
        return SteadyTime::max();
    }
    return std::min(sent_at_ + heartbeat_ / 2, heard_at_ + 2 * heartbeat_);
}

void Session::tick(SteadyTime now) {
    if (heartbeat_.count() == 0 || ended()) {
        return;
    }
    if (now >= heard_at_ + 2 * heartbeat_) {
        end(Ending::silent, Failure(Errc::closed, "two heartbeats without a byte"));
        return;
    }
    if (now >= sent_at_ + heartbeat_ / 2 && output_.empty()) {
        send(write_heartbeat());
    }
}

std::optional<SessionEvent> Session::next_event() {
    if (events_.empty()) {
        return std::nullopt;
    }
    SessionEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
}

std::string Session::take_output(SteadyTime now) {
    if (!output_.empty()) {
        sent_at_ = now;
    }
    return std::exchange(output_, std::string());
}

void Session::take_frame(const Frame& frame) {
    switch (frame.type) {
    case FrameType::heartbeat:
        if (frame.channel != 0 || !frame.payload.empty()) {
            break_off(nonsense("a heartbeat with something in it"), frame_error);
        }
        return;
    case FrameType::method: take_method(frame); return;
    case FrameType::header: take_head(frame.channel, frame.payload); return;
    case FrameType::body: take_body(frame.channel, frame.payload); return;
    }
}

void Session::take_method(const Frame& frame) {
    auto method = read_method(frame.payload);
    if (!method) {
        break_off(method.error());
        return;
    }
    if (frame.channel != 0) {
        take_channel_method(frame.channel, std::move(*method));
        return;
    }
    if (const auto* closed = std::get_if<Closed>(&*method)) {
        on(*closed);
    } else if (std::holds_alternative<CloseTaken>(*method) && step_ == Step::closing) {
        end(Ending::ours, Failure(Errc::closed));
    } else if (step_ == Step::closing) {
        return;   // said before the broker read our goodbye
    } else if (const auto* start = std::get_if<Start>(&*method); start && step_ == Step::start) {
        on(*start);
    } else if (const auto* tune = std::get_if<Tune>(&*method); tune && step_ == Step::tune) {
        on(*tune);
    } else if (std::holds_alternative<Opened>(*method) && step_ == Step::open_ok) {
        step_ = Step::working;
        events_.emplace_back(LoggedIn());
    } else if (std::holds_alternative<Blocked>(*method) && step_ == Step::working) {
        events_.emplace_back(Blocking{true});
    } else if (std::holds_alternative<Unblocked>(*method) && step_ == Step::working) {
        events_.emplace_back(Blocking{false});
    } else {
        break_off(nonsense("a method out of its place"), unexpected_frame);
    }
}

void Session::on(const Start& start) {
    if (!start.offers_plain) {
        break_off(Failure(Errc::unsupported, "the broker offers no login by PLAIN"));
        return;
    }
    step_ = Step::tune;
    if (!send(write_start_ok(login_))) {
        end(Ending::login_refused, Failure(Errc::too_large, "user, password or name too long"));
    }
    login_.password.clear();
}

void Session::on(const Tune& tune) {
    Tuned tuned;
    tuned.channel_max = smaller(tune.channel_max, limits_.channels_max);
    tuned.frame_max = smaller(tune.frame_max, frame_bytes_max);
    tuned.heartbeat =
        smaller(tune.heartbeat, static_cast<std::uint16_t>(limits_.heartbeat.count()));
    if (tuned.frame_max < frame_bytes_min) {
        break_off(nonsense("frames smaller than AMQP allows"));
        return;
    }
    channels_max_ = tuned.channel_max;
    heartbeat_ = std::chrono::seconds(tuned.heartbeat);
    reader_.limit(tuned.frame_max);
    send(write_tune_ok(tuned));
    step_ = Step::open_ok;
    if (!send(write_open(login_.vhost))) {
        end(Ending::vhost_refused, Failure(Errc::too_large, "the name of the virtual host"));
    }
}

void Session::on(const Closed& closed) {
    const bool in_login = step_ == Step::tune;
    const bool in_open = step_ == Step::open_ok;
    send(write_close_ok());
    Failure failure(Errc::closed, "closed by the broker: " + std::to_string(closed.code),
                    closed.text);
    if (in_login && closed.code == access_refused) {
        end(Ending::login_refused, std::move(failure), closed.code);
    } else if (in_open && (closed.code == vhost_not_allowed || closed.code == access_refused)) {
        end(Ending::vhost_refused, std::move(failure), closed.code);
    } else {
        end(Ending::closed, std::move(failure), closed.code);
    }
}

void Session::take_channel_method(std::uint16_t number, Method method) {
    const auto found = channels_.find(number);
    if (step_ != Step::working || found == channels_.end()) {
        // Both sides may have closed the channel at once.
        if (step_ != Step::closing && !std::holds_alternative<ChannelCloseTaken>(method)) {
            break_off(nonsense("a method on a channel that is not open"), unexpected_frame);
        }
        return;
    }
    Channel& channel = found->second;
    if (channel.head_awaited || channel.in_body) {
        break_off(nonsense("a method in the middle of a message"), unexpected_frame);
    } else if (const auto* closed = std::get_if<ChannelClosed>(&method)) {
        send(write_channel_close_ok(number));
        lose(found, closed->code, closed->text);
    } else if (std::holds_alternative<ChannelCloseTaken>(method)) {
        if (channel.step != ChannelStep::closing) {
            break_off(nonsense("a method out of its place"), unexpected_frame);
            return;
        }
        channels_.erase(found);
    } else if (std::holds_alternative<ChannelOpened>(method) ||
               std::holds_alternative<QosTaken>(method)) {
        return;
    } else if (std::holds_alternative<ConsumeTaken>(method)) {
        if (channel.step == ChannelStep::opening) {
            channel.step = ChannelStep::consuming;
            events_.emplace_back(Consuming{channel.queue});
            follow_wish(number, channel);
        }
    } else if (std::holds_alternative<CancelTaken>(method)) {
        if (channel.step == ChannelStep::pausing) {
            channel.step = ChannelStep::paused;
            follow_wish(number, channel);
        }
    } else if (std::holds_alternative<Cancelled>(method)) {
        // The channel stays: what was delivered can still be acknowledged.
        if (channel.step != ChannelStep::closing) {
            channel.step = ChannelStep::paused;
            channel.wanted = false;
            events_.emplace_back(ConsumerLost{channel.queue, 0, {}});
        }
    } else if (const auto* flow = std::get_if<Flow>(&method)) {
        send(write_flow_ok(number, flow->active));   // it is publishers' business
    } else if (auto* deliver = std::get_if<Deliver>(&method)) {
        channel.head_awaited = std::move(*deliver);
    } else {
        break_off(nonsense("a method out of its place"), unexpected_frame);
    }
}

void Session::lose(Channels::iterator channel, std::uint16_t code, std::string text) {
    if (channel->second.step != ChannelStep::closing) {
        events_.emplace_back(ConsumerLost{channel->second.queue, code, std::move(text)});
    }
    channels_.erase(channel);
}

void Session::take_head(std::uint16_t number, std::string_view payload) {
    const auto found = channels_.find(number);
    if (step_ == Step::closing) {
        return;
    }
    if (found == channels_.end() || !found->second.head_awaited) {
        break_off(nonsense("a message's head out of its place"), unexpected_frame);
        return;
    }
    auto head = read_head(payload);
    if (!head) {
        break_off(head.error());
        return;
    }
    Channel& channel = found->second;
    MessageBegan began;
    began.queue = channel.queue;
    began.tag.channel = number;
    began.tag.opening = channel.opening;
    began.tag.tag = channel.head_awaited->tag;
    began.redelivered = channel.head_awaited->redelivered;
    began.routing_key = std::move(channel.head_awaited->routing_key);
    began.too_large = head->body_bytes > limits_.body_bytes_max;
    channel.head_awaited.reset();
    channel.body_left = head->body_bytes;
    channel.skips_body = began.too_large || channel.step == ChannelStep::closing;
    channel.in_body = true;
    began.head = std::move(*head);
    if (channel.step != ChannelStep::closing) {
        events_.emplace_back(std::move(began));
    }
    end_body(number, channel);
}

void Session::take_body(std::uint16_t number, std::string_view payload) {
    const auto found = channels_.find(number);
    if (step_ == Step::closing) {
        return;
    }
    if (found == channels_.end() || !found->second.in_body ||
        payload.size() > found->second.body_left) {
        break_off(nonsense("a message's body out of its place"), unexpected_frame);
        return;
    }
    Channel& channel = found->second;
    channel.body_left -= payload.size();
    if (!channel.skips_body && !payload.empty()) {
        events_.emplace_back(BodyPart{number, std::string(payload)});
    }
    end_body(number, channel);
}

void Session::end_body(std::uint16_t number, Channel& channel) {
    if (channel.body_left > 0) {
        return;
    }
    channel.in_body = false;
    if (channel.step != ChannelStep::closing) {
        events_.emplace_back(MessageEnded{number});
    }
}

void Session::close() {
    if (ended() || step_ == Step::closing) {
        return;
    }
    step_ = Step::closing;
    channels_.clear();
    send(write_close(success, "goodbye"));
}

/// The broker broke the protocol: it is told, and not waited for.
void Session::break_off(Failure why, std::uint16_t code) {
    if (step_ != Step::start && step_ != Step::closing) {
        send(write_close(code, "what came is not AMQP 0-9-1"));
    }
    end(Ending::protocol, std::move(why));
}

void Session::end(Ending why, Failure failure, std::uint16_t code) {
    if (ended()) {
        return;
    }
    step_ = Step::ended;
    channels_.clear();
    Ended ended;
    ended.why = why;
    ended.code = code;
    ended.failure = std::move(failure);
    events_.emplace_back(std::move(ended));
}

void Session::send(std::string frame) {
    if (!ended()) {
        output_.append(frame);
    }
}

bool Session::send(Result<std::string> frame) {
    if (frame) {
        send(std::move(*frame));
    }
    return frame.has_value();
}

}   // namespace gateway::fiks_io::amqp
