#include "tests/support/amqp_bytes.hpp"

#include <algorithm>
#include <stdexcept>

namespace tests::amqp {
namespace {

constexpr std::size_t head_bytes = 7;

std::string big_endian(std::uint64_t value, unsigned bytes) {
    std::string text;
    for (unsigned i = bytes; i > 0; --i) {
        text.push_back(static_cast<char>(value >> (8 * (i - 1)) & 0xFFU));
    }
    return text;
}

}   // namespace

std::string u8(unsigned value) {
    return big_endian(value, 1);
}
std::string u16(unsigned value) {
    return big_endian(value, 2);
}
std::string u32(std::uint32_t value) {
    return big_endian(value, 4);
}
std::string u64(std::uint64_t value) {
    return big_endian(value, 8);
}
std::string short_text(std::string_view text) {
    return u8(static_cast<unsigned>(text.size())).append(text);
}
std::string long_text(std::string_view text) {
    return u32(static_cast<std::uint32_t>(text.size())).append(text);
}
std::string text_value(std::string_view text) {
    return "S" + long_text(text);
}

std::string table(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string inner;
    for (const auto& [name, value] : entries) {
        inner += short_text(name) + value;
    }
    return long_text(inner);
}

std::string frame(unsigned type, unsigned channel, std::string_view payload) {
    return u8(type) + u16(channel) + long_text(payload) + "\xCE";
}

std::string method(unsigned channel, unsigned class_id, unsigned method_id,
                   std::string_view arguments) {
    return frame(1, channel, u16(class_id) + u16(method_id) + std::string(arguments));
}

std::string start(std::string_view mechanisms) {
    const std::string inner = table({{"consumer_cancel_notify", "t\x01"}});
    const std::string facts =
        table({{"product", text_value("Test broker")}, {"capabilities", "F" + inner}});
    return method(0, 10, 10, u8(0) + u8(9) + facts + long_text(mechanisms) + long_text("en_US"));
}
std::string tune(unsigned channel_max, std::uint32_t frame_max, unsigned heartbeat) {
    return method(0, 10, 30, u16(channel_max) + u32(frame_max) + u16(heartbeat));
}
std::string open_ok() {
    return method(0, 10, 41, short_text(""));
}
std::string channel_open_ok(unsigned channel) {
    return method(channel, 20, 11, long_text(""));
}
std::string qos_ok(unsigned channel) {
    return method(channel, 60, 11);
}
std::string consume_ok(unsigned channel, std::string_view tag) {
    return method(channel, 60, 21, short_text(tag));
}
std::string connection_close(unsigned code, std::string_view words) {
    return method(0, 10, 50, u16(code) + short_text(words) + u16(0) + u16(0));
}
std::string channel_close(unsigned channel, unsigned code, std::string_view words) {
    return method(channel, 20, 40, u16(code) + short_text(words) + u16(60) + u16(20));
}

std::string deliver(unsigned channel, const Told& told) {
    std::string bytes =
        method(channel, 60, 60,
               short_text(told.queue) + u64(told.tag) + u8(told.redelivered ? 1 : 0) +
                   short_text("") + short_text(told.queue));
    std::string entries;
    for (const auto& [name, value] : told.headers) {
        entries += short_text(name) + text_value(value);
    }
    entries += told.more;
    const unsigned flags = 0x2000U | (told.expiration.empty() ? 0U : 0x0100U);
    std::string head = u16(60) + u16(0) + u64(told.body.size()) + u16(flags) + long_text(entries);
    if (!told.expiration.empty()) {
        head += short_text(told.expiration);
    }
    bytes += frame(2, channel, head);
    for (std::size_t at = 0; at < told.body.size(); at += told.piece) {
        bytes += frame(3, channel, std::string_view(told.body).substr(at, told.piece));
    }
    return bytes;
}

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
    }
    return value;
}

std::string short_text_at(std::string_view bytes, std::size_t at) {
    return std::string(bytes.substr(at + 1, static_cast<unsigned char>(bytes.at(at))));
}

std::vector<Said> take_said(std::string& bytes) {
    std::vector<Said> all;
    if (bytes.starts_with("AMQP") && bytes.size() >= 8) {
        Said said;
        said.rest = bytes.substr(0, 8);
        all.push_back(std::move(said));
        bytes.erase(0, 8);
    }
    while (bytes.size() >= head_bytes) {
        const auto size = static_cast<std::size_t>(number(bytes, 3, 4));
        if (bytes.size() < size + head_bytes + 1) {
            break;
        }
        if (bytes[head_bytes + size] != '\xCE') {
            throw std::runtime_error("the client's frame has no end octet");
        }
        Said said;
        said.type = static_cast<unsigned>(number(bytes, 0, 1));
        said.channel = static_cast<unsigned>(number(bytes, 1, 2));
        said.rest = bytes.substr(head_bytes, size);
        if (said.type == 1) {
            said.class_id = static_cast<unsigned>(number(said.rest, 0, 2));
            said.method_id = static_cast<unsigned>(number(said.rest, 2, 2));
            said.rest.erase(0, 4);
        }
        all.push_back(std::move(said));
        bytes.erase(0, size + head_bytes + 1);
    }
    return all;
}

}   // namespace tests::amqp
