#include "adapters/fiks_io/standin/broker/amqp_wire.hpp"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include <sys/time.h>

namespace gateway::fiks_io::standin {

namespace {

constexpr amqp_channel_t channel = 1;
constexpr int frame_bytes = 131'072;
constexpr std::int64_t open_time_max = 10;   // seconds

timeval time_of(std::chrono::microseconds wait) {
    timeval out{};
    out.tv_sec = wait.count() / 1'000'000;
    out.tv_usec = wait.count() % 1'000'000;
    return out;
}

amqp_bytes_t bytes_of(const std::string& text) {
    amqp_bytes_t out;
    out.len = text.size();
    out.bytes = const_cast<char*>(text.data());   // the library only reads it
    return out;
}

std::string text_of(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

amqp_table_entry_t entry_of(const std::string& name, const std::string& value) {
    amqp_table_entry_t entry;
    entry.key = bytes_of(name);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = bytes_of(value);
    return entry;
}

amqp_table_entry_t entry_of(const Header& header) {
    amqp_table_entry_t entry = entry_of(header.name, header.value);
    if (header.kind == HeaderKind::number) {
        entry.value.kind = AMQP_FIELD_KIND_I64;
        entry.value.value.i64 = 42;
    } else if (header.kind == HeaderKind::truth) {
        entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
        entry.value.value.boolean = 1;
    }
    return entry;
}

amqp_table_t table_of(std::vector<amqp_table_entry_t>& entries) {
    amqp_table_t table;
    table.num_entries = static_cast<int>(entries.size());
    table.entries = entries.data();
    return table;
}

std::map<std::string, std::string> headers_of(const amqp_basic_properties_t& properties) {
    std::map<std::string, std::string> out;
    if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) == 0) {
        return out;
    }
    for (int i = 0; i < properties.headers.num_entries; ++i) {
        const amqp_table_entry_t& entry = properties.headers.entries[i];
        if (entry.value.kind == AMQP_FIELD_KIND_UTF8) {
            out[text_of(entry.key)] = text_of(entry.value.value.bytes);
        }
    }
    return out;
}

}   // namespace

AmqpWire::AmqpWire(std::uint16_t port, const OwnLogin& login) : state_(amqp_new_connection()) {
    amqp_socket_t* socket = state_ == nullptr ? nullptr : amqp_tcp_socket_new(state_);
    timeval patience = time_of(std::chrono::seconds(open_time_max));
    bool open = socket != nullptr &&
                amqp_socket_open_noblock(socket, "127.0.0.1", port, &patience) == AMQP_STATUS_OK;
    if (open) {
        amqp_set_rpc_timeout(state_, &patience);
        open = amqp_login(state_, "/", 0, frame_bytes, 0, AMQP_SASL_METHOD_PLAIN,
                          login.user.c_str(), login.password.c_str())
                   .reply_type == AMQP_RESPONSE_NORMAL;
    }
    if (open) {
        amqp_channel_open(state_, channel);
        amqp_confirm_select(state_, channel);
        open = amqp_get_rpc_reply(state_).reply_type == AMQP_RESPONSE_NORMAL;
    }
    if (!open) {
        amqp_destroy_connection(state_);
        throw std::runtime_error("no connection to the broker");
    }
}

AmqpWire::~AmqpWire() {
    amqp_destroy_connection(state_);
}

void AmqpWire::check(const char* what) {
    if (amqp_get_rpc_reply(state_).reply_type != AMQP_RESPONSE_NORMAL) {
        throw std::runtime_error(std::string("the broker refused ") + what);
    }
    amqp_maybe_release_buffers(state_);
}

void AmqpWire::declare(const std::string& queue, const std::string& dead, int deliveries) {
    const std::string type_name = "x-queue-type";   // entries only point at texts
    const std::string type = "quorum";
    const std::string exchange_name = "x-dead-letter-exchange";
    const std::string key_name = "x-dead-letter-routing-key";
    const std::string limit_name = "x-delivery-limit";
    const std::string none;
    std::vector<amqp_table_entry_t> entries{entry_of(type_name, type)};
    if (!dead.empty()) {
        entries.push_back(entry_of(exchange_name, none));
        entries.push_back(entry_of(key_name, dead));
        amqp_table_entry_t limit = entry_of(limit_name, none);
        limit.value.kind = AMQP_FIELD_KIND_I64;
        limit.value.value.i64 = deliveries - 1;   // what comes back more often is dead
        entries.push_back(limit);
    }
    amqp_queue_declare(state_, channel, bytes_of(queue), 0, 1, 0, 0, table_of(entries));
    check("a queue");
}

Depth AmqpWire::depth(const std::string& queue) {
    const amqp_queue_declare_ok_t* ok =
        amqp_queue_declare(state_, channel, bytes_of(queue), 1, 0, 0, 0, amqp_empty_table);
    if (ok == nullptr) {
        throw std::runtime_error("the broker does not know " + queue);
    }
    Depth out;
    out.messages = ok->message_count;
    out.consumers = ok->consumer_count;
    amqp_maybe_release_buffers(state_);
    return out;
}

void AmqpWire::purge(const std::string& queue) {
    amqp_queue_purge(state_, channel, bytes_of(queue));
    check("to empty a queue");
}

void AmqpWire::publish(std::span<const Letter> letters, std::chrono::seconds patience) {
    for (const Letter& letter : letters) {
        publish_one(letter);
    }
    await_confirms(published_, patience);
}

void AmqpWire::publish_one(const Letter& letter) {
    std::vector<amqp_table_entry_t> entries;
    for (const Header& header : letter.headers) {
        if (header.kind != HeaderKind::absent) {
            entries.push_back(entry_of(header));
        }
    }
    const std::string expiration = letter.ttl_ms ? std::to_string(*letter.ttl_ms) : std::string();
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.headers = table_of(entries);
    properties.delivery_mode = 2;
    if (letter.ttl_ms) {
        properties._flags |= AMQP_BASIC_EXPIRATION_FLAG;
        properties.expiration = bytes_of(expiration);
    }
    if (amqp_basic_publish(state_, channel, amqp_empty_bytes, bytes_of(letter.queue), 0, 0,
                           &properties, bytes_of(letter.body)) != AMQP_STATUS_OK) {
        throw std::runtime_error("the broker went away");
    }
    ++published_;
}

/// Confirms come in any order, one by one or all up to one.
void AmqpWire::await_confirms(std::uint64_t last, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::set<std::uint64_t> open;
    for (std::uint64_t tag = confirmed_ + 1; tag <= last; ++tag) {
        open.insert(tag);
    }
    while (!open.empty()) {
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
            end - std::chrono::steady_clock::now());
        timeval wait = time_of(std::max(left, std::chrono::microseconds(0)));
        amqp_frame_t frame;
        if (amqp_simple_wait_frame_noblock(state_, &frame, &wait) != AMQP_STATUS_OK ||
            frame.frame_type != AMQP_FRAME_METHOD) {
            throw std::runtime_error("the broker did not confirm");
        }
        if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
            const auto* ack = static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
            if (ack->multiple != 0) {
                open.erase(open.begin(), open.upper_bound(ack->delivery_tag));
            } else {
                open.erase(ack->delivery_tag);
            }
        } else if (frame.payload.method.id != AMQP_CONNECTION_BLOCKED_METHOD &&
                   frame.payload.method.id != AMQP_CONNECTION_UNBLOCKED_METHOD) {
            throw std::runtime_error("the broker refused a message");
        }
        amqp_maybe_release_buffers(state_);
    }
    confirmed_ = last;
}

void AmqpWire::consume(const std::string& queue, std::uint16_t prefetch) {
    amqp_basic_qos(state_, channel, 0, prefetch, 0);
    check("a prefetch");
    amqp_basic_consume(state_, channel, bytes_of(queue), bytes_of(queue), 0, 0, 0,
                       amqp_empty_table);
    check("to give out a queue");
}

std::optional<Taken> AmqpWire::take(std::chrono::milliseconds patience) {
    amqp_maybe_release_buffers(state_);
    amqp_envelope_t envelope;
    timeval wait = time_of(patience);
    const amqp_rpc_reply_t reply = amqp_consume_message(state_, &envelope, &wait, 0);
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION &&
        reply.library_error == AMQP_STATUS_TIMEOUT) {
        return std::nullopt;
    }
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
        throw std::runtime_error("the broker stopped giving out");
    }
    Taken taken;
    taken.queue = text_of(envelope.consumer_tag);
    taken.headers = headers_of(envelope.message.properties);
    taken.body = text_of(envelope.message.body);
    taken.tag = envelope.delivery_tag;
    taken.redelivered = envelope.redelivered != 0;
    amqp_destroy_envelope(&envelope);
    return taken;
}

void AmqpWire::acknowledge(std::uint64_t tag) {
    if (amqp_basic_ack(state_, channel, tag, 0) != AMQP_STATUS_OK) {
        throw std::runtime_error("the broker went away");
    }
}

void AmqpWire::give_back(std::uint64_t tag) {
    if (amqp_basic_nack(state_, channel, tag, 0, 1) != AMQP_STATUS_OK) {
        throw std::runtime_error("the broker went away");
    }
}

}   // namespace gateway::fiks_io::standin
