#include "adapters/fiks_io/amqp/amqp_methods.hpp"

#include "adapters/fiks_io/amqp/amqp_frames.hpp"
#include "adapters/fiks_io/amqp/amqp_tables.hpp"
#include "gateway/core/assert.hpp"

#include <amqp.h>
#include <amqp_framing.h>

#include <algorithm>
#include <array>
#include <limits>

namespace gateway::fiks_io::amqp {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::size_t short_text_max = std::numeric_limits<std::uint8_t>::max();
constexpr std::size_t method_head_bytes = 4;
constexpr std::size_t content_head_bytes = 12;   // class, weight, size of the body
constexpr std::uint16_t basic_class = 60;
/// Ours are small but for the login, whose password holds an access token.
constexpr std::size_t method_bytes_max = 1024;
constexpr std::size_t login_bytes_max = 64U << 10U;
constexpr std::size_t password_bytes_max = 32U << 10U;

/// What librabbitmq decodes lives in it.
class Pool {
public:
    Pool() { init_amqp_pool(&pool_, 4096); }
    ~Pool() { empty_amqp_pool(&pool_); }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    amqp_pool_t* get() { return &pool_; }

private:
    amqp_pool_t pool_{};
};

amqp_bytes_t bytes_of(std::string_view text) {
    amqp_bytes_t bytes;
    bytes.len = text.size();
    bytes.bytes = const_cast<char*>(text.data());   // only read
    return bytes;
}

std::string text_of(const amqp_bytes_t& bytes) {
    return bytes.len == 0 ? std::string()
                          : std::string(static_cast<const char*>(bytes.bytes), bytes.len);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

Failure malformed(const char* what) {
    return Failure(Errc::malformed, what);
}

/// One of the words of a list, which spaces divide.
bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == word) {
            return true;
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

template <class T>
const T& as(void* decoded) {
    return *static_cast<const T*>(decoded);
}

template <class Closing, class T>
Closing closing_of(const T& method) {
    Closing closing;
    closing.code = method.reply_code;
    closing.text = text_of(method.reply_text);
    return closing;
}

Start start_of(const amqp_connection_start_t& method) {
    Start start;
    start.offers_plain = has_word(text_of(method.mechanisms), "PLAIN");
    return start;
}

Tune tune_of(const amqp_connection_tune_t& method) {
    Tune tune;
    tune.channel_max = method.channel_max;
    tune.frame_max = method.frame_max;
    tune.heartbeat = method.heartbeat;
    return tune;
}

Deliver deliver_of(const amqp_basic_deliver_t& method) {
    Deliver deliver;
    deliver.tag = method.delivery_tag;
    deliver.redelivered = method.redelivered != 0;
    deliver.routing_key = text_of(method.routing_key);
    return deliver;
}

Flow flow_of(const amqp_channel_flow_t& method) {
    Flow flow;
    flow.active = method.active != 0;
    return flow;
}

/// Those a broker may send: nothing else reaches the decoder.
constexpr std::array<amqp_method_number_t, 17> known{
    AMQP_CONNECTION_START_METHOD,   AMQP_CONNECTION_SECURE_METHOD,
    AMQP_CONNECTION_TUNE_METHOD,    AMQP_CONNECTION_OPEN_OK_METHOD,
    AMQP_CONNECTION_CLOSE_METHOD,   AMQP_CONNECTION_CLOSE_OK_METHOD,
    AMQP_CONNECTION_BLOCKED_METHOD, AMQP_CONNECTION_UNBLOCKED_METHOD,
    AMQP_CHANNEL_OPEN_OK_METHOD,    AMQP_CHANNEL_CLOSE_METHOD,
    AMQP_CHANNEL_CLOSE_OK_METHOD,   AMQP_CHANNEL_FLOW_METHOD,
    AMQP_BASIC_QOS_OK_METHOD,       AMQP_BASIC_CONSUME_OK_METHOD,
    AMQP_BASIC_CANCEL_METHOD,       AMQP_BASIC_CANCEL_OK_METHOD,
    AMQP_BASIC_DELIVER_METHOD};

Method method_of(amqp_method_number_t number, void* decoded) {
    switch (number) {
    case AMQP_CONNECTION_START_METHOD: return start_of(as<amqp_connection_start_t>(decoded));
    case AMQP_CONNECTION_SECURE_METHOD: return Secure();
    case AMQP_CONNECTION_TUNE_METHOD: return tune_of(as<amqp_connection_tune_t>(decoded));
    case AMQP_CONNECTION_OPEN_OK_METHOD: return Opened();
    case AMQP_CONNECTION_CLOSE_METHOD:
        return closing_of<Closed>(as<amqp_connection_close_t>(decoded));
    case AMQP_CONNECTION_CLOSE_OK_METHOD: return CloseTaken();
    case AMQP_CONNECTION_BLOCKED_METHOD: return Blocked();
    case AMQP_CONNECTION_UNBLOCKED_METHOD: return Unblocked();
    case AMQP_CHANNEL_OPEN_OK_METHOD: return ChannelOpened();
    case AMQP_CHANNEL_CLOSE_METHOD:
        return closing_of<ChannelClosed>(as<amqp_channel_close_t>(decoded));
    case AMQP_CHANNEL_CLOSE_OK_METHOD: return ChannelCloseTaken();
    case AMQP_CHANNEL_FLOW_METHOD: return flow_of(as<amqp_channel_flow_t>(decoded));
    case AMQP_BASIC_QOS_OK_METHOD: return QosTaken();
    case AMQP_BASIC_CONSUME_OK_METHOD: return ConsumeTaken();
    case AMQP_BASIC_CANCEL_METHOD: return Cancelled();
    case AMQP_BASIC_CANCEL_OK_METHOD: return CancelTaken();
    default: return deliver_of(as<amqp_basic_deliver_t>(decoded));
    }
}

/// Where the headers stand in the properties that begin at `bytes`; nothing: nowhere.
Result<std::optional<std::size_t>> headers_at(std::string_view bytes) {
    if (bytes.size() < 2) {
        return malformed("properties without flags");
    }
    const auto flags = number_at(bytes, 0, 2);
    if ((flags & 1U) != 0) {
        return malformed("properties that AMQP 0-9-1 does not know");
    }
    if ((flags & AMQP_BASIC_HEADERS_FLAG) == 0) {
        return std::optional<std::size_t>();
    }
    std::size_t at = 2;
    for (const unsigned flag : {AMQP_BASIC_CONTENT_TYPE_FLAG, AMQP_BASIC_CONTENT_ENCODING_FLAG}) {
        if ((flags & flag) != 0) {
            if (at >= bytes.size()) {
                return malformed("properties end too early");
            }
            at += 1 + static_cast<unsigned char>(bytes[at]);
        }
    }
    if (at > bytes.size()) {
        return malformed("properties end too early");
    }
    return std::optional<std::size_t>(at);
}

void read_headers(const amqp_table_t& table, MessageHead& head) {
    for (int i = 0; i < table.num_entries; ++i) {
        const auto& entry = table.entries[i];
        const auto kind = entry.value.kind;
        if (kind == AMQP_FIELD_KIND_UTF8 || kind == AMQP_FIELD_KIND_BYTES) {
            head.headers.emplace_back(text_of(entry.key), text_of(entry.value.value.bytes));
        } else {
            head.odd.push_back(text_of(entry.key));
        }
    }
}

template <class T>
Result<std::string> try_write(std::uint16_t channel, amqp_method_number_t number, T method,
                              std::size_t bytes_max = method_bytes_max) {
    std::string payload(bytes_max, '\0');
    for (std::size_t i = 0; i < method_head_bytes; ++i) {
        payload[i] = static_cast<char>(number >> (8 * (method_head_bytes - 1 - i)) & 0xFFU);
    }
    amqp_bytes_t room;
    room.len = payload.size() - method_head_bytes;
    room.bytes = payload.data() + method_head_bytes;
    const int size = amqp_encode_method(number, &method, room);
    if (size < 0) {
        return Failure(Errc::too_large, "a method that does not fit its frame");
    }
    payload.resize(method_head_bytes + static_cast<std::size_t>(size));
    return write_frame(FrameType::method, channel, payload);
}

/// Of methods whose size is known to fit.
template <class T>
std::string write(std::uint16_t channel, amqp_method_number_t number, T method) {
    auto frame = try_write(channel, number, method);
    GATEWAY_ASSERT(frame.has_value());
    return std::move(*frame);
}

amqp_table_entry_t entry_of(const char* name, amqp_field_value_t value) {
    amqp_table_entry_t entry;
    entry.key = bytes_of(name);
    entry.value = value;
    return entry;
}

amqp_table_entry_t yes(const char* name) {
    amqp_field_value_t value{};
    value.kind = AMQP_FIELD_KIND_BOOLEAN;
    value.value.boolean = 1;
    return entry_of(name, value);
}

amqp_table_entry_t text(const char* name, const std::string& what) {
    amqp_field_value_t value{};
    value.kind = AMQP_FIELD_KIND_UTF8;
    value.value.bytes = bytes_of(what);
    return entry_of(name, value);
}

}   // namespace

Result<Method> read_method(std::string_view payload) {
    if (payload.size() < method_head_bytes) {
        return malformed("a method without its number");
    }
    const auto number = static_cast<amqp_method_number_t>(number_at(payload, 0, method_head_bytes));
    if (std::find(known.begin(), known.end(), number) == known.end()) {
        return Failure(Errc::unsupported, "a method that no consumer is sent");
    }
    const std::string_view arguments = payload.substr(method_head_bytes);
    constexpr std::size_t version_bytes = 2;
    if (number == AMQP_CONNECTION_START_METHOD &&
        (arguments.size() < version_bytes ||
         !table_bytes(arguments.substr(version_bytes), table_depth_max))) {
        return malformed("the broker's description of itself is no table");
    }
    Pool pool;
    void* decoded = nullptr;
    if (amqp_decode_method(number, pool.get(), bytes_of(arguments), &decoded) != AMQP_STATUS_OK) {
        return malformed("a method that ends too early");
    }
    return method_of(number, decoded);
}

std::string_view MessageHead::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Result<MessageHead> read_head(std::string_view payload) {
    if (payload.size() < content_head_bytes || number_at(payload, 0, 2) != basic_class) {
        return malformed("a message's head of another class");
    }
    MessageHead head;
    head.body_bytes = number_at(payload, 4, 8);
    const std::string_view properties = payload.substr(content_head_bytes);
    const auto at = headers_at(properties);
    if (!at) {
        return at.error();
    }
    if (*at && !table_bytes(properties.substr(**at), table_depth_max)) {
        return malformed("headers that are no table, or nested too deep");
    }
    Pool pool;
    void* decoded = nullptr;
    if (amqp_decode_properties(basic_class, pool.get(), bytes_of(properties), &decoded) !=
        AMQP_STATUS_OK) {
        return malformed("properties end too early");
    }
    const auto& read = as<amqp_basic_properties_t>(decoded);
    if ((read._flags & AMQP_BASIC_HEADERS_FLAG) != 0) {
        read_headers(read.headers, head);
    }
    if ((read._flags & AMQP_BASIC_EXPIRATION_FLAG) != 0) {
        head.expiration = text_of(read.expiration);
    }
    if ((read._flags & AMQP_BASIC_MESSAGE_ID_FLAG) != 0) {
        head.message_id = text_of(read.message_id);
    }
    return head;
}

Result<std::string> write_start_ok(const Login& login) {
    if (login.password.size() > password_bytes_max || login.user.size() > short_text_max ||
        login.connection_name.size() > short_text_max) {
        return Failure(Errc::too_large, "user, password or name of the connection");
    }
    // A refused login is then told by connection.close, not by a silent end.
    std::array<amqp_table_entry_t, 4> abilities{yes("authentication_failure_close"),
                                                yes("consumer_cancel_notify"),
                                                yes("connection.blocked"), yes("basic.nack")};
    amqp_field_value_t capabilities{};
    capabilities.kind = AMQP_FIELD_KIND_TABLE;
    capabilities.value.table.num_entries = static_cast<int>(abilities.size());
    capabilities.value.table.entries = abilities.data();
    const std::string product = "Sluse";
    std::array<amqp_table_entry_t, 4> facts{
        text("product", product), text("version", login.version),
        text("connection_name", login.connection_name), entry_of("capabilities", capabilities)};
    amqp_connection_start_ok_t method{};
    method.client_properties.num_entries = static_cast<int>(facts.size());
    method.client_properties.entries = facts.data();
    method.mechanism = bytes_of("PLAIN");
    std::string response;   // RFC 4616
    response.push_back('\0');
    response.append(login.user).push_back('\0');
    response.append(login.password);
    method.response = bytes_of(response);
    method.locale = bytes_of("en_US");
    return try_write(0, AMQP_CONNECTION_START_OK_METHOD, method, login_bytes_max);
}

std::string write_tune_ok(const Tuned& tuned) {
    amqp_connection_tune_ok_t method{};
    method.channel_max = tuned.channel_max;
    method.frame_max = tuned.frame_max;
    method.heartbeat = tuned.heartbeat;
    return write(0, AMQP_CONNECTION_TUNE_OK_METHOD, method);
}

Result<std::string> write_open(const std::string& vhost) {
    if (vhost.size() > short_text_max) {
        return Failure(Errc::too_large, "the name of the virtual host");
    }
    amqp_connection_open_t method{};
    method.virtual_host = bytes_of(vhost);
    return try_write(0, AMQP_CONNECTION_OPEN_METHOD, method);
}

std::string write_close(std::uint16_t code, const std::string& words) {
    amqp_connection_close_t method{};
    method.reply_code = code;
    method.reply_text = bytes_of(std::string_view(words).substr(0, short_text_max));
    return write(0, AMQP_CONNECTION_CLOSE_METHOD, method);
}

std::string write_close_ok() {
    return write(0, AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t{});
}

std::string write_heartbeat() {
    return write_frame(FrameType::heartbeat, 0, {});
}

std::string write_channel_open(std::uint16_t channel) {
    return write(channel, AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t{});
}

std::string write_channel_close(std::uint16_t channel) {
    amqp_channel_close_t method{};
    method.reply_code = AMQP_REPLY_SUCCESS;
    return write(channel, AMQP_CHANNEL_CLOSE_METHOD, method);
}

std::string write_channel_close_ok(std::uint16_t channel) {
    return write(channel, AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t{});
}

std::string write_flow_ok(std::uint16_t channel, bool active) {
    amqp_channel_flow_ok_t method{};
    method.active = active ? 1 : 0;
    return write(channel, AMQP_CHANNEL_FLOW_OK_METHOD, method);
}

std::string write_qos(std::uint16_t channel, std::uint16_t prefetch) {
    amqp_basic_qos_t method{};
    method.prefetch_count = prefetch;
    return write(channel, AMQP_BASIC_QOS_METHOD, method);
}

Result<std::string> write_consume(std::uint16_t channel, const std::string& queue) {
    if (queue.size() > short_text_max) {
        return Failure(Errc::too_large, "the name of a queue");
    }
    amqp_basic_consume_t method{};
    method.queue = bytes_of(queue);
    method.consumer_tag = bytes_of(queue);   // one consumer a queue
    return try_write(channel, AMQP_BASIC_CONSUME_METHOD, method);
}

Result<std::string> write_cancel(std::uint16_t channel, const std::string& queue) {
    if (queue.size() > short_text_max) {
        return Failure(Errc::too_large, "the name of a queue");
    }
    amqp_basic_cancel_t method{};
    method.consumer_tag = bytes_of(queue);
    return try_write(channel, AMQP_BASIC_CANCEL_METHOD, method);
}

std::string write_ack(std::uint16_t channel, std::uint64_t tag) {
    amqp_basic_ack_t method{};
    method.delivery_tag = tag;
    return write(channel, AMQP_BASIC_ACK_METHOD, method);
}

std::string write_requeue(std::uint16_t channel, std::uint64_t tag) {
    amqp_basic_nack_t method{};
    method.delivery_tag = tag;
    method.requeue = 1;
    return write(channel, AMQP_BASIC_NACK_METHOD, method);
}

}   // namespace gateway::fiks_io::amqp
