#include "gateway/http/response_parser.hpp"

#include "gateway/http/body_decoder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace gateway::http {

namespace beast = boost::beast;
using beast::http::field;
using boost::system::error_code;
using core::Errc;
using core::Failure;
using core::Result;

struct ResponseParser::Impl final : beast::http::basic_parser<false> {
    ResponseHead head;
    BodyOutput body;
    bool to_head = false;
    bool head_done = false;
    bool has_coding = false;
    bool has_length = false;
    std::size_t trailers = 0;

    void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int,
                         error_code&) override {}
    void on_response_impl(int status, beast::string_view, int, error_code&) override {
        head.status = status;
    }
    void on_field_impl(field id, beast::string_view name, beast::string_view value,
                       error_code& error) override {
        if (head_done) {   // trailers are read past
            if (++trailers > header_fields_max) {
                error = beast::http::error::header_limit;
            }
            return;
        }
        const std::string_view text(value.data(), value.size());
        if (head.headers.size() >= header_fields_max) {
            error = beast::http::error::header_limit;
            return;
        }
        if (id == field::transfer_encoding) {
            if (has_coding || has_length || !same_word(text, "chunked")) {
                error = beast::http::error::bad_transfer_encoding;
                return;
            }
            has_coding = true;
        } else if (id == field::content_length) {
            if (has_coding || !all_digits(text)) {
                error = beast::http::error::bad_content_length;
                return;
            }
            has_length = true;
        }
        head.headers.emplace_back(std::string(name.data(), name.size()), std::string(text));
    }
    void on_header_impl(error_code&) override { head_done = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {
        body.chunk_seen = true;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes,
                                   error_code& error) override {
        const std::size_t count = body.take(std::string_view(bytes.data(), bytes.size()));
        if (count < bytes.size()) {
            error = beast::http::error::need_buffer;
        }
        return count;
    }
    void on_finish_impl(error_code&) override {}
    static bool is_starved(const error_code& error) {
        return error == beast::http::error::need_more || error == beast::http::error::need_buffer;
    }
};

ResponseParser::ResponseParser(bool to_head) : impl_(std::make_unique<Impl>()) {
    impl_->to_head = to_head;
}
ResponseParser::~ResponseParser() = default;

Result<ResponseHead> ResponseParser::parse_head(std::string_view head) {
    error_code error;
    impl_->skip(impl_->to_head);
    impl_->header_limit(static_cast<std::uint32_t>(head.size() + 1));
    impl_->body_limit(boost::none);   // the caller counts
    impl_->put(boost::asio::buffer(head.data(), head.size()), error);
    if (error || !impl_->is_header_done()) {
        return Failure(Errc::bad_answer,
                       "not an HTTP answer: " + (error ? error.message() : "incomplete"));
    }
    ResponseHead parsed = std::move(impl_->head);
    const bool bodyless =
        impl_->to_head || parsed.status / 100 == 1 || parsed.status == 204 || parsed.status == 304;
    if (bodyless) {
        parsed.body = BodyKind::none;
    } else if (impl_->chunked()) {
        parsed.body = BodyKind::chunked;
    } else if (const auto length = impl_->content_length()) {
        parsed.length = *length;
        parsed.body = *length > 0 ? BodyKind::length : BodyKind::none;
    } else {
        parsed.body = BodyKind::until_close;
    }
    parsed.keep_alive = impl_->keep_alive() && parsed.body != BodyKind::until_close;
    return parsed;
}

Result<Decoded> ResponseParser::decode(std::string_view in, std::span<char> out) {
    error_code error;
    Decoded step = decode_step(*impl_, in, out, error);
    if (error) {
        return Failure(Errc::bad_answer, "bad chunks: " + error.message());
    }
    return step;
}

}   // namespace gateway::http
