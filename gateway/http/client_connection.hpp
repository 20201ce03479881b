#pragma once

// The client's side of one connection: sends a request, reads its answer, both at once while a body
// is being uploaded, so that a refusal that comes early is the answer and not a broken pipe.

#include "gateway/http/buffer.hpp"
#include "gateway/http/client.hpp"
#include "gateway/http/response_parser.hpp"
#include "gateway/http/stream.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::http {

/// "host", "host:8080", "[::1]:8080"; "localhost" for Unix sockets.
std::string host_header(const Endpoint& endpoint);

class Connection final : public ClientConnection {
public:
    Connection(std::unique_ptr<Stream> stream, sdk::Clock& clock, std::string host);

    sdk::Task<Result<sdk::HttpResponse>>
    exchange(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline) override;
    bool reusable() const override;
    sdk::Task<Result<sdk::HttpResponse>> open(sdk::HttpRequest& request, const std::string& target,
                                              sdk::Deadline deadline) override;
    sdk::Task<Result<std::string>> read_some(sdk::Deadline deadline) override;

private:
    sdk::Task<Result<sdk::HttpResponse>>
    exchange_now(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline);
    sdk::Task<Result<sdk::HttpResponse>>
    open_now(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline);
    /// Everything up to the end of the answer's head.
    sdk::Task<Result<void>> ask(sdk::HttpRequest& request, const std::string& target,
                                sdk::Deadline deadline);
    sdk::Task<Result<void>> ask_small(const sdk::HttpRequest& request, std::string head);
    sdk::Task<Result<void>> ask_large(sdk::HttpRequest& request, std::string head,
                                      sdk::Deadline deadline);
    /// Ends only when it failed, or was cancelled because the answer is there.
    sdk::Task<Result<void>> upload(sdk::ByteSource& source, std::string head, std::string first,
                                   bool ended, sdk::Deadline deadline);
    sdk::Task<Result<void>> upload_blocks(sdk::ByteSource& source, std::string head,
                                          std::string first, bool ended);
    sdk::Task<Result<void>> read_head();
    sdk::Task<Result<void>> read_one_head();
    sdk::Task<Result<std::size_t>> read_body(std::span<char> out);
    sdk::Task<Result<std::string>> read_block();
    sdk::Task<std::size_t> read(std::span<char> out, error_code& error);
    sdk::Task<error_code> write(std::string_view bytes);
    /// `unreachable` while no byte was taken, else `answer_lost`.
    core::Failure lost(std::string detail) const;
    sdk::HttpResponse response();

    std::unique_ptr<Stream> stream_;
    sdk::Clock& clock_;
    std::string host_;
    Buffer buffer_;
    std::unique_ptr<ResponseParser> parser_;
    ResponseHead head_;
    bool to_head_ = false;
    std::uint64_t left_ = 0;   // of a body by length
    bool body_done_ = true;
    bool attempted_ = false;   // a write began: perhaps something was sent
    bool sent_any_ = false;    // something was sent
    bool sent_all_ = false;
    bool usable_ = true;   // between exchanges: the last one ended cleanly
};

}   // namespace gateway::http
