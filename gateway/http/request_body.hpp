#pragma once

// A request's body on the wire, as a source: by length or in chunks, not slower than the limit, not
// larger.

#include "gateway/http/session.hpp"

namespace gateway::http {

/// Lives in the session's frame while the handler works.
class RequestBody final : public sdk::ByteSource {
public:
    RequestBody(Session& session, Buffer& buffer, RequestParser& parser, const RequestHead& head);

    /// `too_slow`, `too_large`, `malformed` (bad chunks), `closed`; once failed it stays failed.
    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) override;
    std::optional<std::uint64_t> size() const override { return size_; }

    /// All of it, when it is there with its head: nobody has to wait for it then.
    std::optional<std::string> take_at_hand(std::size_t bytes_max);

    bool done() const { return done_; }
    const std::optional<core::Failure>& failure() const { return failure_; }
    /// The client waits for "100 Continue" and was not told: nothing of the body may be on the
    /// wire.
    bool client_waits() const { return expects_continue_ && !done_; }
    /// Whether so little is left that reading past it is cheaper than a new connection.
    bool worth_draining() const;
    /// Reads past what is left. False: too much, or failed.
    sdk::Task<bool> drain();

private:
    sdk::Task<std::size_t> receive(std::span<char> out, error_code& error);
    std::size_t take_from_buffer(std::span<char> out);
    sdk::Task<core::Result<std::size_t>> read_length(std::span<char> out);
    sdk::Task<core::Result<std::size_t>> read_chunked(std::span<char> out);
    core::Failure fail(core::Errc code, const char* detail);
    core::Failure fail(const error_code& error);

    Session& session_;
    Buffer& buffer_;
    RequestParser& parser_;
    std::optional<std::uint64_t> size_;
    std::uint64_t left_ = 0;    // by length
    std::uint64_t taken_ = 0;   // in chunks
    bool done_ = false;
    bool expects_continue_ = false;
    std::optional<core::Failure> failure_;
    core::SteadyTime::duration window_left_;   // of waiting, in which the rate must be kept
    std::uint64_t window_bytes_ = 0;
    std::size_t since_turn_ = 0;
};

}   // namespace gateway::http
