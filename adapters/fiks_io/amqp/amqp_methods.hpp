#pragma once

// The methods of AMQP 0-9-1 that a consumer sends and is sent, and the head of a message. Encoded
// and decoded by librabbitmq, which does nothing else here. Pure.

#include "gateway/core/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gateway::fiks_io::amqp {

using Headers = std::vector<std::pair<std::string, std::string>>;

// ---- what a broker sends ----

struct Start {
    bool offers_plain = false;
};
struct Secure {};
struct Tune {
    std::uint16_t channel_max = 0;   // 0: no limit
    std::uint32_t frame_max = 0;     // 0: no limit
    std::uint16_t heartbeat = 0;     // seconds; 0: none
};
struct Opened {};
/// Of the connection or of a channel: the number (403 access refused, 404 not found, 406 ...) and
/// the broker's words, which may name a queue.
struct Closed {
    std::uint16_t code = 0;
    std::string text;
};
struct CloseTaken {};
struct Blocked {};
struct Unblocked {};
struct ChannelOpened {};
struct ChannelClosed {
    std::uint16_t code = 0;
    std::string text;
};
struct ChannelCloseTaken {};
struct Flow {
    bool active = true;
};
struct QosTaken {};
struct ConsumeTaken {};
/// The broker ended a consumer: its queue went away.
struct Cancelled {};
struct CancelTaken {};
struct Deliver {
    std::uint64_t tag = 0;
    bool redelivered = false;
    std::string routing_key;
};

using Method = std::variant<Start, Secure, Tune, Opened, Closed, CloseTaken, Blocked, Unblocked,
                            ChannelOpened, ChannelClosed, ChannelCloseTaken, Flow, QosTaken,
                            ConsumeTaken, Cancelled, CancelTaken, Deliver>;

/// Out of a method frame's payload. `malformed`, `unsupported` (a method no broker sends to a
/// consumer).
core::Result<Method> read_method(std::string_view payload);

/// Properties and headers of a message. A header that is no text is named in `odd`, without value.
struct MessageHead {
    std::uint64_t body_bytes = 0;
    Headers headers;
    std::vector<std::string> odd;
    std::string expiration;   // milliseconds as text; empty: none
    std::string message_id;

    MessageHead() = default;
    /// The first of this name; empty when absent.
    std::string_view header(std::string_view name) const;
};

inline constexpr int table_depth_max = 8;

/// Out of a header frame's payload. `malformed`, also for tables nested deeper than
/// table_depth_max.
core::Result<MessageHead> read_head(std::string_view payload);

// ---- what we send: whole frames ----

struct Login {
    std::string user;
    std::string password;
    std::string vhost = "/";
    std::string connection_name;   // what the broker's people see
    std::string version;

    Login() = default;
};

struct Tuned {
    std::uint16_t channel_max = 0;
    std::uint32_t frame_max = 0;
    std::uint16_t heartbeat = 0;
};

/// `too_large` when a name or the password does not fit.
core::Result<std::string> write_start_ok(const Login& login);
std::string write_tune_ok(const Tuned& tuned);
core::Result<std::string> write_open(const std::string& vhost);
std::string write_close(std::uint16_t code, const std::string& text);
std::string write_close_ok();
std::string write_heartbeat();
std::string write_channel_open(std::uint16_t channel);
std::string write_channel_close(std::uint16_t channel);
std::string write_channel_close_ok(std::uint16_t channel);
std::string write_flow_ok(std::uint16_t channel, bool active);
/// Of each consumer, not of the channel.
std::string write_qos(std::uint16_t channel, std::uint16_t prefetch);
/// One consumer of a queue, called as the queue is; every message wants its acknowledgement.
core::Result<std::string> write_consume(std::uint16_t channel, const std::string& queue);
core::Result<std::string> write_cancel(std::uint16_t channel, const std::string& queue);
std::string write_ack(std::uint16_t channel, std::uint64_t tag);
std::string write_requeue(std::uint16_t channel, std::uint64_t tag);

}   // namespace gateway::fiks_io::amqp
