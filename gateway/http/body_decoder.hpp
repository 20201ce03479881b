#pragma once

// Shared by the two files that derive from Beast's parser: where body bytes go, step by step. Not
// for other files.

#include "gateway/http/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace gateway::http {

/// Takes body bytes into a span until it is full; says how many it took.
struct BodyOutput {
    std::span<char> out;
    std::size_t produced = 0;
    bool chunk_seen = false;

    std::size_t take(std::string_view bytes) {
        const std::size_t count = std::min(bytes.size(), out.size() - produced);
        std::copy_n(bytes.data(), count, out.data() + produced);
        produced += count;
        return count;
    }
    /// An empty body's last chunk has begun and cannot be whole: "0", a line end, and not yet the
    /// empty line. Beast 1.81, shown it and then one byte more, fails its own assertion that there
    /// are five.
    bool awaits_last_chunk(std::string_view in) const {
        const std::size_t end = in.find('\r');
        return !chunk_seen && in.size() < 5 && in.starts_with('0') &&
               end != std::string_view::npos && in.substr(end).starts_with("\r\n");
    }
};

/// One step of decoding a chunked body, the same for requests and answers: as much of `in` as fits
/// `out`. The error is the caller's to name; running out of bytes or of room is none.
template <class Parser>
Decoded decode_step(Parser& parser, std::string_view in, std::span<char> out,
                    boost::system::error_code& error) {
    Decoded step;
    if (!parser.is_done()) {
        parser.eager(true);
        parser.body.out = out;
        parser.body.produced = 0;
        if (!in.empty() && !parser.body.awaits_last_chunk(in)) {
            step.consumed = parser.put(boost::asio::buffer(in.data(), in.size()), error);
        }
        step.produced = parser.body.produced;
        if (Parser::is_starved(error)) {
            error = {};
        }
    }
    step.done = parser.is_done();
    return step;
}

inline bool same_word(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

inline bool all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}   // namespace gateway::http
