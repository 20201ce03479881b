#include "gateway/http/listen_address.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <charconv>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::http {

namespace asio = boost::asio;
using boost::system::error_code;
using core::Errc;
using core::Failure;
using core::Result;
using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

namespace {

constexpr int backlog = 4096;

Failure cannot_bind(const std::string& address, const error_code& error) {
    return Failure(Errc::unavailable, "cannot listen on " + address + ": " + error.message());
}

error_code bind_and_listen(Acceptor& acceptor, const Acceptor::endpoint_type& endpoint,
                           bool is_unix) {
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (error) {
        return error;
    }
    if (is_unix) {
        ::fchmod(acceptor.native_handle(), 0600);   // Linux gives the file the socket's mode
    } else {
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    }
    acceptor.bind(endpoint, error);
    if (!error) {
        acceptor.listen(backlog, error);
    }
    if (error) {
        error_code ignored;
        acceptor.close(ignored);
    }
    return error;
}

/// Removes the socket file of a program that is no more.
void remove_dead_socket(const std::string& path, const asio::local::stream_protocol::endpoint& at) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0 || !S_ISSOCK(facts.st_mode)) {
        return;
    }
    asio::io_context unused;
    asio::local::stream_protocol::socket probe(unused);
    error_code error;
    probe.connect(at, error);
    if (error == asio::error::connection_refused) {
        ::unlink(path.c_str());
    }
}

Result<ListenAddress> listen_unix(Acceptor& acceptor, const std::string& path) {
    ListenAddress bound;
    bound.unix_path = path;
    if (path.empty() || path.size() > 107) {
        return Failure(Errc::invalid_argument, "a Unix socket's path has 1 to 107 bytes");
    }
    const asio::local::stream_protocol::endpoint endpoint(path);
    remove_dead_socket(path, endpoint);
    if (const auto error = bind_and_listen(acceptor, endpoint, true)) {
        return cannot_bind(path, error);
    }
    return bound;
}

}   // namespace

Result<ListenAddress> listen(Acceptor& acceptor, const std::string& address) {
    if (address.starts_with("unix:")) {
        return listen_unix(acceptor, address.substr(5));
    }
    const std::size_t colon = address.rfind(':');
    std::uint16_t port = 0;
    const char* end = address.data() + address.size();
    if (colon == std::string::npos || colon == 0 ||
        std::from_chars(address.data() + colon + 1, end, port).ptr != end ||
        colon + 1 == address.size()) {
        return Failure(Errc::invalid_argument, "an address is \"host:port\" or \"unix:/path\"");
    }
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    asio::io_context unused;
    asio::ip::tcp::resolver resolver(unused);
    error_code error;
    const auto found = resolver.resolve(host, std::to_string(port), error);
    if (error || found.empty()) {
        return cannot_bind(address, error);
    }
    const asio::ip::tcp::endpoint endpoint = found.begin()->endpoint();
    error = bind_and_listen(acceptor, endpoint, false);
    if (error) {
        return cannot_bind(address, error);
    }
    ListenAddress bound;
    const auto local = acceptor.local_endpoint(error);
    asio::ip::tcp::endpoint exact;
    exact.resize(local.size());
    std::memcpy(exact.data(), local.data(), local.size());
    bound.port = exact.port();
    const std::string text = exact.address().to_string();
    bound.host = exact.address().is_v6() ? "[" + text + "]" : text;
    return bound;
}

}   // namespace gateway::http
