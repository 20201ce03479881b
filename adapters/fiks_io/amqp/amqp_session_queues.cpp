#include "adapters/fiks_io/amqp/amqp_session.hpp"

#include <algorithm>

// What the owner of a session wishes of its queues.

namespace gateway::fiks_io::amqp {

using core::Errc;
using core::Failure;
using core::Result;

Result<void> Session::consume(const std::string& queue, std::uint16_t prefetch) {
    if (step_ != Step::working) {
        return Failure(Errc::closed);
    }
    if (const auto there = find(queue); there != channels_.end()) {
        if (there->second.step != ChannelStep::paused) {
            return Failure(Errc::conflict, "consumed already");
        }
        resume(queue);
        return {};
    }
    if (channels_.size() >= channels_max_) {
        return Failure(Errc::too_large, "more queues than the broker has channels for us");
    }
    const std::uint16_t number = free_channel();
    auto consuming = write_consume(number, queue);
    if (!consuming) {
        return consuming.error();
    }
    Channel channel;
    channel.queue = queue;
    channel.opening = ++openings_;
    channels_.emplace(number, std::move(channel));
    send(write_channel_open(number));
    send(write_qos(number, prefetch));
    send(std::move(*consuming));
    return {};
}

/// The next after the one opened last: what still comes on a channel that is gone meets no other.
std::uint16_t Session::free_channel() {
    do {
        channel_last_ =
            static_cast<std::uint16_t>(channel_last_ >= channels_max_ ? 1 : channel_last_ + 1);
    } while (channels_.contains(channel_last_));
    return channel_last_;
}

void Session::pause(const std::string& queue) {
    wish(queue, false);
}

void Session::resume(const std::string& queue) {
    wish(queue, true);
}

void Session::wish(const std::string& queue, bool wanted) {
    const auto found = find(queue);
    if (step_ == Step::working && found != channels_.end()) {
        found->second.wanted = wanted;
        follow_wish(found->first, found->second);
    }
}

/// What is under way is waited for: then it is looked at again.
void Session::follow_wish(std::uint16_t number, Channel& channel) {
    if (channel.step == ChannelStep::consuming && !channel.wanted) {
        channel.step = ChannelStep::pausing;
        send(write_cancel(number, channel.queue));
    } else if (channel.step == ChannelStep::paused && channel.wanted) {
        channel.step = ChannelStep::opening;
        send(write_consume(number, channel.queue));
    }
}

void Session::drop(const std::string& queue) {
    const auto found = find(queue);
    if (step_ != Step::working || found == channels_.end()) {
        return;
    }
    found->second.step = ChannelStep::closing;
    send(write_channel_close(found->first));
}

void Session::acknowledge(const MessageTag& tag) {
    if (find(tag) != nullptr) {
        send(write_ack(tag.channel, tag.tag));
    }
}

void Session::requeue(const MessageTag& tag) {
    if (find(tag) != nullptr) {
        send(write_requeue(tag.channel, tag.tag));
    }
}

/// Not one that is on its way out.
Session::Channels::iterator Session::find(const std::string& queue) {
    return std::find_if(channels_.begin(), channels_.end(), [&](const auto& entry) {
        return entry.second.queue == queue && entry.second.step != ChannelStep::closing;
    });
}

const Session::Channel* Session::find(const MessageTag& tag) const {
    const auto found = channels_.find(tag.channel);
    const bool there = step_ == Step::working && found != channels_.end() &&
                       found->second.opening == tag.opening &&
                       found->second.step != ChannelStep::closing;
    return there ? &found->second : nullptr;
}

}   // namespace gateway::fiks_io::amqp
