#pragma once

// AMQP 0-9-1 as a broker writes and reads it, by hand from the specification: nothing here is
// shared with the client.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::amqp {

std::string u8(unsigned value);
std::string u16(unsigned value);
std::string u32(std::uint32_t value);
std::string u64(std::uint64_t value);
std::string short_text(std::string_view text);
std::string long_text(std::string_view text);

/// A value of a table with its kind: 'S' and the like.
std::string text_value(std::string_view text);
std::string table(const std::vector<std::pair<std::string, std::string>>& entries);

std::string frame(unsigned type, unsigned channel, std::string_view payload);
std::string method(unsigned channel, unsigned class_id, unsigned method_id,
                   std::string_view arguments = {});

// What a broker says.
std::string start(std::string_view mechanisms = "PLAIN AMQPLAIN");
std::string tune(unsigned channel_max = 2047, std::uint32_t frame_max = 131'072,
                 unsigned heartbeat = 60);
std::string open_ok();
std::string channel_open_ok(unsigned channel);
std::string qos_ok(unsigned channel);
std::string consume_ok(unsigned channel, std::string_view tag);
std::string connection_close(unsigned code, std::string_view words);
std::string channel_close(unsigned channel, unsigned code, std::string_view words);
/// The message whole: basic.deliver, its head, its body in frames of at most `piece`.
struct Told {
    std::string queue;
    std::uint64_t tag = 1;
    bool redelivered = false;
    std::vector<std::pair<std::string, std::string>> headers;   // values of text
    std::string more;         // further entries of the table, encoded
    std::string expiration;   // empty: none
    std::string body;
    std::size_t piece = 131'064;
};
std::string deliver(unsigned channel, const Told& told);

/// What a client said.
struct Said {
    unsigned type = 0;
    unsigned channel = 0;
    unsigned class_id = 0;   // of methods
    unsigned method_id = 0;
    std::string rest;   // arguments; the payload where it is no method

    bool is(unsigned which_class, unsigned which_method) const {
        return type == 1 && class_id == which_class && method_id == which_method;
    }
};
/// Takes the whole frames out of `bytes`, and the protocol header that opens a connection (type 0).
std::vector<Said> take_said(std::string& bytes);
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size);
/// The short text at `at`.
std::string short_text_at(std::string_view bytes, std::size_t at);

}   // namespace tests::amqp
