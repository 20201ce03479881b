#pragma once

// A server of ours on a thread of its own and, against it, a client that writes and reads raw
// bytes: what no honest client library would send. Loopback and port 0 only.

#include "gateway/http/server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tests {

/// An io_context that runs on its own thread until the end.
class Loop {
public:
    explicit Loop(std::size_t threads = 1);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    boost::asio::io_context& io() { return io_; }

    /// Runs the coroutine there and waits for its value here.
    template <class T>
    T run(gateway::sdk::Task<T> task);
    void run(gateway::sdk::Task<void> task);

private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::vector<std::thread> threads_;
};

/// A blocking connection. Waits at most ten seconds of real time for anything, then gives up.
class RawConnection {
public:
    explicit RawConnection(int descriptor) : descriptor_(descriptor) {}
    /// Connects to loopback.
    static RawConnection to(std::uint16_t port);
    static RawConnection to_unix(const std::string& path);
    RawConnection(RawConnection&& other) noexcept;
    RawConnection& operator=(RawConnection&&) = delete;
    ~RawConnection();

    /// False when the peer has closed.
    bool send(std::string_view bytes) const;
    /// What is there; empty when the peer has closed or `wait` is over.
    std::string receive(std::chrono::milliseconds wait = std::chrono::seconds(10));
    /// Everything until the peer closes.
    std::string receive_all();
    /// Until `text` has come; everything so far.
    std::string receive_until(std::string_view text);
    bool closed() const { return closed_; }
    void finish_sending() const;
    void close();
    /// A small receive buffer, so that a peer that is not read stalls soon.
    void shrink() const;

private:
    int descriptor_ = -1;
    bool closed_ = false;
};

/// Listens on loopback for a test that plays the server byte by byte.
class RawListener {
public:
    RawListener();
    ~RawListener();
    std::uint16_t port() const { return port_; }
    RawConnection accept() const;

private:
    int descriptor_ = -1;
    std::uint16_t port_ = 0;
};

/// Resident bytes of this process.
std::size_t resident_bytes();

}   // namespace tests

#include <boost/asio/co_spawn.hpp>

#include <future>

namespace tests {

template <class T>
T Loop::run(gateway::sdk::Task<T> task) {
    std::promise<T> promise;
    auto future = promise.get_future();
    boost::asio::co_spawn(io_, std::move(task),
                          [&promise](const std::exception_ptr& error, T value) {
                              if (error) {
                                  promise.set_exception(error);
                              } else {
                                  promise.set_value(std::move(value));
                              }
                          });
    return future.get();
}

}   // namespace tests
