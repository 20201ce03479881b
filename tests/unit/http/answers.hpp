#pragma once

// The handler of these tests: what it does is in the path.

#include "tests/support/http_harness.hpp"
#include "tests/support/manual_clock.hpp"

#include <atomic>
#include <string>

namespace tests {

namespace http = gateway::http;
namespace sdk = gateway::sdk;
namespace core = gateway::core;

/// `size` bytes 'x', without holding them.
class Endless final : public sdk::ByteSource {
public:
    Endless(std::uint64_t size, bool tells_size)
        : left_(size), tells_size_(tells_size), size_(size) {}
    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override;
    std::optional<std::uint64_t> size() const override {
        return tells_size_ ? std::optional(size_) : std::nullopt;
    }

private:
    std::uint64_t left_;
    bool tells_size_;
    std::uint64_t size_;
};

/// Counts and forgets.
class Counter final : public sdk::ByteSink {
public:
    sdk::Task<sdk::Result<void>> write(std::span<const char> bytes) override {
        count += bytes.size();
        co_return sdk::Result<void>();
    }
    std::uint64_t count = 0;
};

class Answers final : public http::Handler {
public:
    explicit Answers(sdk::Clock& clock) : clock_(clock) {}
    sdk::Task<http::Response> handle(http::Request& request) override;
    http::Response refuse(int status, std::string_view code, std::string_view language) override;

    std::atomic<int> handled{0};
    std::atomic<int> waiting{0};     // in /wait or /live
    std::atomic<int> cancelled{0};   // of those, ended by cancellation
    std::atomic<std::uint64_t> received{0};
    std::atomic<bool> release{false};   // lets /wait answer at the next turn of its clock

private:
    sdk::Clock& clock_;
};

/// A server with those answers on a thread of its own.
class TestServer {
public:
    TestServer(sdk::Clock& clock, http::ServerOptions options, std::size_t threads = 1);
    ~TestServer();
    RawConnection connect() const { return RawConnection::to(server->port()); }
    /// One request, everything until the server closes.
    std::string ask(std::string_view bytes) const;

    Loop loop;
    sdk::Clock& clock;
    Answers answers;
    std::unique_ptr<http::Server> server;
};

/// Turns the clock in steps of a second until something comes or the peer closes.
std::string receive_turning(RawConnection& connection, ManualClock& clock, int seconds_max);

inline bool starts(const std::string& text, std::string_view with) {
    return text.starts_with(with);
}

}   // namespace tests
