#include "gateway/http/request_parser.hpp"

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

namespace {
constexpr std::size_t usual_fields = 12;   // more than most have
}   // namespace

struct RequestParser::Impl final : beast::http::basic_parser<true> {
    RequestHead head;
    BodyOutput body;
    bool head_done = false;
    bool has_host = false;
    bool has_length = false;
    bool has_coding = false;
    std::size_t trailers = 0;
    Errc refusal = Errc::malformed;

    Impl() { head.headers.reserve(usual_fields); }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, error_code&) override {
        head.method.assign(method.data(), method.size());
        head.target.assign(target.data(), target.size());
        head.http11 = version >= 11;
    }

    void refuse(error_code& error, Errc why = Errc::malformed) {
        refusal = why;
        error = beast::http::error::bad_field;
    }

    void on_field_impl(field id, beast::string_view name, beast::string_view value,
                       error_code& error) override {
        if (head_done) {   // trailers are read past
            if (++trailers > header_fields_max) {
                refuse(error);
            }
            return;
        }
        const std::string_view text(value.data(), value.size());
        if (head.headers.size() >= header_fields_max) {
            return refuse(error, Errc::too_large);
        }
        if (id == field::content_length) {
            if (has_length || has_coding || !all_digits(text)) {
                return refuse(error);
            }
            has_length = true;
        } else if (id == field::transfer_encoding) {
            if (has_length || has_coding || !head.http11) {
                return refuse(error);
            }
            has_coding = true;
            if (!same_word(text, "chunked")) {
                return refuse(error, Errc::unsupported);
            }
        } else if (id == field::host) {
            if (has_host) {
                return refuse(error);
            }
            has_host = true;
        } else if (id == field::expect) {
            (same_word(text, "100-continue") ? head.expects_continue : head.expects_other) = true;
        }
        head.headers.emplace_back(std::string(name.data(), name.size()), std::string(text));
    }

    void on_header_impl(error_code& error) override {
        head_done = true;
        if (head.http11 && !has_host) {
            refuse(error);
        }
    }

    void on_response_impl(int, beast::string_view, int, error_code&) override {}
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

RequestParser::RequestParser() : impl_(std::make_unique<Impl>()) {}
RequestParser::~RequestParser() = default;

Result<RequestHead> RequestParser::parse_head(std::string_view head) {
    error_code error;
    impl_->header_limit(static_cast<std::uint32_t>(head.size() + 1));
    impl_->body_limit(boost::none);   // the caller counts
    impl_->put(boost::asio::buffer(head.data(), head.size()), error);
    if (error || !impl_->is_header_done()) {
        return Failure(impl_->refusal, error ? error.message() : "an incomplete head");
    }
    RequestHead parsed = std::move(impl_->head);
    parsed.chunked = impl_->chunked();
    if (const auto length = impl_->content_length()) {
        parsed.content_length = *length;
    }
    parsed.keep_alive = parsed.http11 && impl_->keep_alive();
    parsed.expects_continue = parsed.expects_continue && parsed.http11;
    return parsed;
}

Result<Decoded> RequestParser::decode(std::string_view in, std::span<char> out) {
    error_code error;
    Decoded step = decode_step(*impl_, in, out, error);
    if (error) {
        return Failure(Errc::malformed, error.message());
    }
    return step;
}

}   // namespace gateway::http
