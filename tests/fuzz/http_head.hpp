#pragma once

// Heads of both directions and chunked bodies: how the bytes were cut on their way changes nothing.

#include "gateway/http/head_scanner.hpp"
#include "gateway/http/request_parser.hpp"
#include "gateway/http/response_parser.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace fuzz::http_head {

/// The body out of chunks, `step` more bytes each time; nothing when refused. Sets `ended`.
template <class Parser>
std::optional<std::string> body_of(Parser& parser, std::string_view in, std::size_t step,
                                   bool& ended) {
    std::string body;
    std::array<char, 64> out{};
    std::size_t begin = 0;
    std::size_t end = std::min(step, in.size());
    ended = false;
    while (!ended) {
        const auto told = parser.decode(in.substr(begin, end - begin), out);
        if (!told) {
            return std::nullopt;
        }
        promise(told->consumed <= end - begin, "no more is consumed than was given");
        promise(told->produced <= out.size(), "no more is produced than has room");
        body.append(out.data(), told->produced);
        begin += told->consumed;
        ended = told->done;
        if (told->consumed == 0 && told->produced == 0 && !ended) {
            if (end == in.size()) {
                break;
            }
            end = std::min(end + step, in.size());
        }
    }
    promise(body.size() <= in.size(), "a body is no longer than its chunks");
    return body;
}

template <class Parser>
void same_body(Parser& whole, Parser& cut, std::string_view rest) {
    bool whole_ended = false;
    bool cut_ended = false;
    const auto at_once = body_of(whole, rest, std::max<std::size_t>(rest.size(), 1), whole_ended);
    const auto in_steps = body_of(cut, rest, 1, cut_ended);
    promise(at_once == in_steps && whole_ended == cut_ended,
            "a chunked body is the same however it was cut");
}

inline void promise_fields(const gateway::sdk::Headers& headers) {
    promise(headers.size() <= gateway::http::header_fields_max, "fields are bounded");
    for (const auto& [name, value] : headers) {
        promise(!name.empty() && !has_control(name), "a field's name is a word");
        promise(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
                "a field's value is one line");
    }
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace http = gateway::http;
    const auto text = text_of(data, size);
    http::HeadScanner whole;
    http::HeadScanner cut;
    const auto state = whole.scan(text);
    auto step = http::HeadScanner::State::more;
    for (std::size_t end = 1; end <= size && step == http::HeadScanner::State::more; ++end) {
        step = cut.scan(text.substr(0, end));
    }
    promise(step == state, "a head ends the same however it was cut");
    if (state != http::HeadScanner::State::done) {
        return;
    }
    promise(whole.size() == cut.size() && whole.size() <= size, "a head's size is known");
    const auto head = text.substr(0, whole.size());
    const auto rest = text.substr(whole.size());
    http::RequestParser request;
    if (const auto read = request.parse_head(head)) {
        promise(!read->method.empty() && !read->target.empty(), "a request asks for something");
        promise(!has_control(read->method) && !has_control(read->target), "a request is one line");
        promise(!read->chunked || !read->content_length, "a body has one kind of length");
        promise_fields(read->headers);
        if (read->chunked) {
            http::RequestParser second;
            promise(second.parse_head(head).has_value(), "what was read once is read again");
            same_body(request, second, rest);
        }
    }
    http::ResponseParser response(false);
    if (const auto read = response.parse_head(head)) {
        promise(read->status >= 0 && read->status <= 999, "a status has three digits");
        promise_fields(read->headers);
        if (read->body == http::BodyKind::chunked) {
            http::ResponseParser second(false);
            promise(second.parse_head(head).has_value(), "what was read once is read again");
            same_body(response, second, rest);
        }
    }
}

}   // namespace fuzz::http_head
