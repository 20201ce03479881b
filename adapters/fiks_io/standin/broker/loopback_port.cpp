#include "adapters/fiks_io/standin/broker/loopback_port.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gateway::fiks_io::standin {

namespace {

class Socket {
public:
    explicit Socket(int file) : file_(file) {}
    ~Socket() { close(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int get() const { return file_; }
    void close() {
        if (file_ >= 0) {
            ::close(file_);
            file_ = -1;
        }
    }

private:
    int file_;
};

Socket tcp_socket() {
    return Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(std::string("no free port: ") + what + ": " + std::strerror(errno));
}

}   // namespace

std::uint16_t reserve_loopback_port() {
    const Socket listener = tcp_socket();
    const int on = 1;
    ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener.get(), plain, size) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), plain, &size) != 0) {
        fail("bind");
    }
    // A connection that this side closes first leaves the port in TIME_WAIT: who binds it by number
    // with SO_REUSEADDR, as Erlang does, gets it, and the kernel gives it to nobody else.
    const Socket client = tcp_socket();
    if (::connect(client.get(), plain, size) != 0) {
        fail("connect");
    }
    Socket server(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (server.get() < 0) {
        fail("accept");
    }
    server.close();
    return ntohs(address.sin_port);
}

bool somebody_listens(std::uint16_t port) {
    const Socket client = tcp_socket();
    const sockaddr_in address = loopback(port);
    return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
           0;
}

}   // namespace gateway::fiks_io::standin
