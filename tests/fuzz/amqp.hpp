#pragma once

// What comes from a broker of AMQP. First byte: how far the session is and how the rest is cut.

#include "adapters/fiks_io/amqp/amqp_session.hpp"
#include "gateway/json/utf8.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::amqp {

namespace session = gateway::fiks_io::amqp;

inline constexpr gateway::core::SteadyTime now{std::chrono::hours(1)};

/// Everything up to a consumed queue, as a broker says it.
inline std::string_view until_consumed() {
    static constexpr char bytes[] =
        "\x01\x00\x00\x00\x00\x00\x19\x00\x0A\x00\x0A\x00\x09\x00\x00\x00\x00"
        "\x00\x00\x00\x05PLAIN\x00\x00\x00\x02"
        "en\xCE"
        "\x01\x00\x00\x00\x00\x00\x0C\x00\x0A\x00\x1E\x00\x10\x00\x02\x00\x00\x00\x3C\xCE"
        "\x01\x00\x00\x00\x00\x00\x05\x00\x0A\x00\x29\x00\xCE";
    return {bytes, sizeof(bytes) - 1};
}

/// What a session made of the bytes, in a few words for comparison.
struct Seen {
    std::string words;
    std::string bodies;
    bool ended = false;
};

inline Seen feed(std::string_view bytes, bool warm, std::size_t piece) {
    session::Login login;
    login.user = "u";
    session::SessionLimits limits;
    limits.body_bytes_max = 4096;
    session::Session one(login, limits, now);
    if (warm) {
        one.take_bytes(until_consumed(), now);
        promise(one.consume("q", 1).has_value(), "a session that is logged in consumes");
    }
    Seen seen;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        one.take_bytes(bytes.substr(at, piece), now);
        while (const auto event = one.next_event()) {
            promise(!seen.ended, "nothing comes after the end");
            if (const auto* part = std::get_if<session::BodyPart>(&*event)) {
                seen.bodies += part->bytes;
                continue;
            }
            seen.words += std::to_string(event->index());
            seen.ended = std::holds_alternative<session::Ended>(*event);
            if (const auto* began = std::get_if<session::MessageBegan>(&*event)) {
                promise(began->too_large == (began->head.body_bytes > limits.body_bytes_max),
                        "what is too large is said to be");
                one.acknowledge(began->tag);
            }
        }
    }
    static_cast<void>(one.take_output(now));
    promise(one.ended() == seen.ended, "the end is told");
    return seen;
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    if (text.empty()) {
        return;
    }
    const bool warm = (text[0] & 1) != 0;
    const std::string_view bytes = text.substr(1);
    const auto whole = feed(bytes, warm, bytes.size() + 1);
    for (const std::size_t piece : {std::size_t(1), std::size_t(7)}) {
        const auto cut = feed(bytes, warm, piece);
        promise(cut.words == whole.words && cut.bodies == whole.bodies,
                "what is read does not depend on how the bytes came");
    }
    static_cast<void>(session::read_method(bytes));
    if (const auto head = session::read_head(bytes)) {
        promise(head->headers.size() + head->odd.size() <= bytes.size(), "headers are bounded");
    }
}

}   // namespace fuzz::amqp
