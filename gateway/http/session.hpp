#pragma once

// One accepted connection, from handshake to close. While it waits for a request it holds no
// buffer. Its waits are bounded by the server's sweep: a wait notes its deadline, the sweep cancels
// what is late, the session then answers or closes.

#include "gateway/http/buffer.hpp"
#include "gateway/http/request_parser.hpp"
#include "gateway/http/response_head.hpp"
#include "gateway/http/server.hpp"
#include "gateway/http/stream.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace gateway::http {

class Session;

/// A connection whose bytes always come at once lets others on the thread have their turn after
/// this many.
constexpr std::size_t turn_bytes = 1U << 20U;

/// What sessions share with their server; held by each of them, because a session may end after its
/// server object.
struct ServerShared {
    ServerShared(boost::asio::any_io_executor where, sdk::Clock& time, ServerOptions limits,
                 Handler& answers)
        : executor(std::move(where)), clock(time), options(std::move(limits)), handler(answers) {}

    boost::asio::any_io_executor executor;
    sdk::Clock& clock;
    ServerOptions options;
    Handler& handler;
    std::atomic<bool> stopping{false};

    std::mutex mutex;   // for the list alone, never held across a co_await
    std::list<Session*> sessions;
    std::function<void()>
        on_last_ended;   // called without the lock, when the list has become empty
};

/// What the server itself answers; status 0 closes without a word.
struct Refusal {
    int status = 0;
    const char* code = "";

    Refusal() = default;
    Refusal(int answer, const char* why) : status(answer), code(why) {}
};

/// On the session's strand, but for due().
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(std::shared_ptr<ServerShared> server, std::unique_ptr<Stream> stream,
            boost::asio::any_io_executor strand);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Runs until the connection ends, and keeps the session alive until then.
    void start();

    /// Whether check() would have something to do. Any thread.
    bool due(core::SteadyTime now) const;
    const boost::asio::any_io_executor& strand() const { return strand_; }
    /// Ends a wait that is late; cancels the answer under way when its peer has gone.
    void check();
    /// The server stops: a session between two requests ends.
    void stop_if_idle();
    /// Ends whatever it does.
    void cut();

private:
    friend class RequestBody;
    enum class Phase : std::uint8_t { idle, reading, answering };

    sdk::Task<void> run();
    /// Requests as long as their bytes are there. False: close.
    sdk::Task<bool> serve_burst();
    sdk::Task<bool> serve_one(Buffer& buffer);
    sdk::Task<bool> read_head(Buffer& buffer, RequestParser& parser, RequestHead& head);
    bool accept_head(RequestHead& head, Request& request);
    sdk::Task<void> refuse(std::string_view language);
    sdk::Task<bool> send(Response& response, std::string_view method, bool http11, bool& close);
    sdk::Task<bool> send_stream(Response& response, Framing framing, std::uint64_t length);
    /// Says goodbye; reads for a while what the peer still sends, so that our answer is not lost to
    /// a reset.
    sdk::Task<void> say_goodbye(bool all_read);

    // Bounded waits: `error` is asio::error::timed_out when late.
    sdk::Task<std::size_t> read(std::span<char> out, core::SteadyTime deadline, error_code& error);
    /// What try_read() would have to wait for.
    sdk::Task<std::size_t> read_later(std::span<char> out, core::SteadyTime deadline,
                                      error_code& error);
    sdk::Task<bool> write(std::string_view bytes);
    /// What goes without waiting, and leaves the rest in `bytes`: nothing when it has to wait for
    /// room, false when the connection failed.
    std::optional<bool> write_now(std::string_view& bytes);
    /// A small answer at once; what of it has to wait is in `rest` then.
    std::optional<bool> write_joined(const ResponseFacts& facts, const Response& response,
                                     std::string& rest);
    void wait_begins(core::SteadyTime deadline);
    void wait_ended(error_code& error);
    core::SteadyTime in(core::Duration wait) const { return server_->clock.steady() + wait; }
    void refuse_with(int status, const char* code) { refusal_ = Refusal(status, code); }

    std::shared_ptr<ServerShared> server_;
    std::unique_ptr<Stream> stream_;
    boost::asio::any_io_executor strand_;
    boost::asio::cancellation_signal signal_;
    std::list<Session*>::iterator place_;
    std::atomic<std::int64_t> deadline_{0};          // of the wait under way; 0: none
    std::atomic<std::int64_t> answering_since_{0};   // 0: not answering
    Phase phase_ = Phase::idle;
    bool late_ = false;
    bool cut_ = false;
    Refusal refusal_;
    std::string peer_address_;
    std::optional<std::uint32_t> peer_uid_;
};

}   // namespace gateway::http
