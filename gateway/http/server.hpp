#pragma once

// HTTP/1.1 server: plain or TLS 1.2+, over TCP or a Unix socket. Keep-alive, pipelining answered in
// order, limits on head, body, time; slow clients are cut off; an idle connection holds no buffers
// (10 000 of them fit in 100 MB).

#include "gateway/http/message.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway::http {

struct ServerOptions {
    std::string address = "127.0.0.1:0";   // "host:port", "[::1]:0", "unix:/path/admin.sock"
    std::string certificate_pem;           // text; empty: plain
    std::string key_pem;
    std::string client_ca_pem;   // empty: client certificates are not asked for
    std::size_t header_bytes_max = 16U << 10U;
    std::uint64_t body_bytes_max = 5ULL << 30U;
    std::size_t connections_max = 12'000;
    std::chrono::seconds header_time_max{
        15};   // from the first byte of a request to the end of its head
    std::chrono::seconds idle_time_max{75};
    std::uint64_t body_rate_min =
        1024;   // bytes a second averaged over each 10 s; slower is cut off
    std::chrono::seconds write_time_max{60};   // without progress
    std::string server_name = "sluse";
};

class Server {
public:
    /// `handler` and `clock` must outlive the server. Connections take turns over
    /// `session_executors`, each of a loop that one thread runs: nothing of a connection then waits
    /// for a lock. Without them each has a strand of `executor`.
    Server(boost::asio::any_io_executor executor, sdk::Clock& clock, ServerOptions options,
           Handler& handler, std::vector<boost::asio::any_io_executor> session_executors = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and begins to accept. `unavailable` when the address cannot be bound,
    /// `invalid_argument` for bad TLS files.
    Result<void> start();
    /// "http://127.0.0.1:41233" or "unix:/path".
    std::string url() const;
    std::uint16_t port() const;
    std::size_t connections() const;
    /// Stops accepting, lets requests under way finish until the deadline, then cuts. Safe twice.
    Task<void> stop(sdk::Deadline deadline);
    /// New certificates for new connections.
    Result<void> replace_certificate(std::string certificate_pem, std::string key_pem);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;   // sessions end after the server object in the worst case
};

}   // namespace gateway::http
