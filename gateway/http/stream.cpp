#include "gateway/http/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace gateway::http {

namespace asio = boost::asio;

namespace {

short poll_now(int descriptor, short events) {
    pollfd entry{descriptor, events, 0};
    return ::poll(&entry, 1, 0) > 0 ? entry.revents : short{0};
}

class PlainStream final : public Stream {
public:
    explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

    sdk::Task<void> wait_readable(error_code& error) override {
        return socket_.async_wait(Socket::wait_read,
                                  asio::redirect_error(asio::use_awaitable, error));
    }
    sdk::Task<std::size_t> read_some(std::span<char> out, error_code& error) override {
        return socket_.async_read_some(asio::buffer(out.data(), out.size()),
                                       asio::redirect_error(asio::use_awaitable, error));
    }
    sdk::Task<std::size_t> write_some(std::span<const char> bytes, error_code& error) override {
        return socket_.async_write_some(asio::buffer(bytes.data(), bytes.size()),
                                        asio::redirect_error(asio::use_awaitable, error));
    }
    std::size_t try_read(std::span<char> out, error_code& error) override {
        return socket_.read_some(asio::buffer(out.data(), out.size()), error);
    }
    std::size_t try_write(std::span<const char> bytes, error_code& error) override {
        return socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    }
    sdk::Task<void> accept_handshake(error_code& error) override {
        error.clear();
        co_return;
    }
    sdk::Task<void> finish() override {
        error_code ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
        co_return;
    }
    bool tls() const override { return false; }
    std::string peer_certificate() const override { return {}; }

private:
    Socket& socket() override { return socket_; }
    const Socket& socket() const override { return socket_; }

    Socket socket_;
};

}   // namespace

void Stream::cancel() noexcept {
    error_code ignored;
    socket().cancel(ignored);
}

void Stream::close() noexcept {
    error_code ignored;
    socket().close(ignored);
}

bool Stream::peer_gone() const noexcept {
    const int descriptor = const_cast<Socket&>(socket()).native_handle();
    return descriptor < 0 ||
           (poll_now(descriptor, POLLRDHUP) & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

bool Stream::readable_now() const noexcept {
    const int descriptor = const_cast<Socket&>(socket()).native_handle();
    return descriptor < 0 || poll_now(descriptor, POLLIN | POLLRDHUP) != 0;
}

std::string Stream::peer_address() const {
    error_code error;
    const auto endpoint = socket().remote_endpoint(error);
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* address = nullptr;
    const auto* generic = reinterpret_cast<const sockaddr*>(endpoint.data());
    if (error || (generic->sa_family != AF_INET && generic->sa_family != AF_INET6)) {
        return {};
    }
    if (generic->sa_family == AF_INET) {
        address = &reinterpret_cast<const sockaddr_in*>(generic)->sin_addr;
    } else {
        address = &reinterpret_cast<const sockaddr_in6*>(generic)->sin6_addr;
    }
    if (::inet_ntop(generic->sa_family, address, text.data(), text.size()) == nullptr) {
        return {};
    }
    return text.data();
}

std::optional<std::uint32_t> Stream::peer_uid() const {
    error_code error;
    const auto endpoint = socket().local_endpoint(error);
    if (error || reinterpret_cast<const sockaddr*>(endpoint.data())->sa_family != AF_UNIX) {
        return std::nullopt;
    }
    ucred peer{};
    socklen_t size = sizeof(peer);
    const int descriptor = const_cast<Socket&>(socket()).native_handle();
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return std::nullopt;
    }
    return peer.uid;
}

bool would_block(const error_code& error) noexcept {
    return error == asio::error::would_block || error == asio::error::try_again;
}

void prepare(Socket& socket) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    const int on = 1;
    // Fails on Unix sockets, where there is nothing to hurry.
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
    prepare(socket);
    return std::make_unique<PlainStream>(std::move(socket));
}

}   // namespace gateway::http
