#include "tests/support/http_harness.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tests {

Loop::Loop(std::size_t threads) : work_(boost::asio::make_work_guard(io_)) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { io_.run(); });
    }
}

Loop::~Loop() {
    work_.reset();
    io_.stop();
    for (auto& thread : threads_) {
        thread.join();
    }
}

void Loop::run(gateway::sdk::Task<void> task) {
    std::promise<void> promise;
    auto future = promise.get_future();
    boost::asio::co_spawn(io_, std::move(task), [&promise](const std::exception_ptr& error) {
        if (error) {
            promise.set_exception(error);
        } else {
            promise.set_value();
        }
    });
    future.get();
}

namespace {

int checked(int value, const char* what) {
    if (value < 0) {
        throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
    }
    return value;
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

}   // namespace

RawConnection RawConnection::to(std::uint16_t port) {
    RawConnection made(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    const sockaddr_in address = loopback(port);
    checked(
        ::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
        "connect");
    return made;
}

RawConnection RawConnection::to_unix(const std::string& path) {
    RawConnection made(checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy_n(path.data(), std::min(path.size(), sizeof(address.sun_path) - 1), address.sun_path);
    checked(
        ::connect(made.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
        "connect");
    return made;
}

RawConnection::RawConnection(RawConnection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), closed_(other.closed_) {}

RawConnection::~RawConnection() {
    close();
}

void RawConnection::close() {
    if (descriptor_ >= 0) {
        ::close(std::exchange(descriptor_, -1));
    }
}

void RawConnection::shrink() const {
    const int size = 4096;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

void RawConnection::finish_sending() const {
    ::shutdown(descriptor_, SHUT_WR);
}

bool RawConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::string RawConnection::receive(std::chrono::milliseconds wait) {
    pollfd entry{descriptor_, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(wait.count())) <= 0) {
        return {};
    }
    std::array<char, 65536> block{};
    const auto count = ::recv(descriptor_, block.data(), block.size(), 0);
    if (count <= 0) {
        closed_ = true;
        return {};
    }
    return {block.data(), static_cast<std::size_t>(count)};
}

std::string RawConnection::receive_all() {
    std::string all;
    for (;;) {
        std::string more = receive();
        if (more.empty()) {
            return all;
        }
        all += more;
    }
}

std::string RawConnection::receive_until(std::string_view text) {
    std::string all;
    while (all.find(text) == std::string::npos) {
        std::string more = receive();
        if (more.empty()) {
            return all;
        }
        all += more;
    }
    return all;
}

RawListener::RawListener()
    : descriptor_(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    checked(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), "bind");
    checked(::listen(descriptor_, 16), "listen");
    checked(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size), "name");
    port_ = ntohs(address.sin_port);
}

RawListener::~RawListener() {
    ::close(descriptor_);
}

RawConnection RawListener::accept() const {
    return RawConnection(checked(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC), "accept"));
}

std::size_t resident_bytes() {
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    unsigned long total = 0;
    unsigned long resident = 0;
    const int read = file == nullptr ? 0 : std::fscanf(file, "%lu %lu", &total, &resident);
    if (file != nullptr) {
        std::fclose(file);
    }
    return read == 2 ? resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}   // namespace tests
