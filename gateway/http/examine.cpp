#include "gateway/http/examine.hpp"

#include "gateway/http/client_connection.hpp"
#include "gateway/http/tls.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>

namespace gateway::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::size_t addresses_max = 4;

asio::ip::address address_of(const core::IpAddress& ip) {
    if (!ip.is_v6) {
        asio::ip::address_v4::bytes_type bytes;
        std::copy_n(ip.bytes.begin(), bytes.size(), bytes.begin());
        return asio::ip::address_v4(bytes);
    }
    asio::ip::address_v6::bytes_type bytes;
    std::copy(ip.bytes.begin(), ip.bytes.end(), bytes.begin());
    return asio::ip::address_v6(bytes);
}

std::optional<core::IpAddress> ip_of(const sockaddr* raw) {
    core::IpAddress ip;
    if (raw->sa_family == AF_INET) {
        std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in*>(raw)->sin_addr, 4);
        return ip;
    }
    if (raw->sa_family == AF_INET6) {
        ip.is_v6 = true;
        std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(raw)->sin6_addr, 16);
        return ip;
    }
    return std::nullopt;
}

sdk::Task<Result<std::shared_ptr<Socket>>> open_to(core::IpAddress ip, std::uint16_t port) {
    auto executor = co_await asio::this_coro::executor;
    auto socket = std::make_shared<Socket>(executor);
    const asio::generic::stream_protocol::endpoint where(tcp::endpoint(address_of(ip), port));
    error_code error;
    socket->open(where.protocol(), error);
    if (!error) {
        co_await socket->async_connect(where, asio::redirect_error(asio::use_awaitable, error));
    }
    if (error == asio::error::operation_aborted) {
        throw boost::system::system_error(error);
    }
    if (error == asio::error::connection_refused) {
        co_return Failure(Errc::unreachable, error.message());
    }
    if (error == asio::error::timed_out) {
        co_return Failure(Errc::timed_out, error.message());
    }
    if (error) {
        co_return Failure(Errc::unavailable, error.message());
    }
    co_return socket;
}

}   // namespace

Result<std::vector<core::IpAddress>> resolve_blocking(const std::string& host, std::uint16_t port) {
    if (const auto literal = core::parse_ip_address(host)) {
        return std::vector<core::IpAddress>{*literal};
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* raw = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &raw);
    if (failed != 0) {
        const bool unknown = failed == EAI_NONAME || failed == EAI_NODATA;
        return Failure(unknown ? Errc::not_found : Errc::unavailable, ::gai_strerror(failed));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(raw, &::freeaddrinfo);
    std::vector<core::IpAddress> addresses;
    for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
        const auto ip = ip_of(one->ai_addr);
        const bool known =
            !ip || std::find(addresses.begin(), addresses.end(), *ip) != addresses.end();
        if (!known && addresses.size() < addresses_max) {
            addresses.push_back(*ip);
        }
    }
    if (addresses.empty()) {
        return Failure(Errc::not_found, "no address");
    }
    return addresses;
}

sdk::Task<Result<core::IpAddress>> try_addresses(std::vector<core::IpAddress> addresses,
                                                 std::uint16_t port, sdk::Clock& clock,
                                                 sdk::Deadline deadline) {
    Failure last(Errc::unavailable, "no address");
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto now = clock.steady();
        const auto share = (deadline.at - now) / static_cast<int>(addresses.size() - i);
        auto opening = open_to(addresses[i], port);
        const auto socket =
            co_await runtime::with_deadline(clock, sdk::Deadline(now + share), std::move(opening));
        if (socket) {
            co_return addresses[i];
        }
        last = socket.error();
    }
    co_return last;
}

sdk::Task<Result<TlsSight>> try_tls(TlsQuestion question, core::Time now) {
    auto socket = co_await open_to(question.address, question.port);
    if (!socket) {
        co_return socket.error();
    }
    co_return co_await look_at_tls(std::move(**socket), std::move(question.host),
                                   std::move(question.ca_pem), now);
}

sdk::Task<Result<sdk::HttpResponse>> try_answer(TlsQuestion question, bool tls, sdk::Clock& clock,
                                                sdk::Deadline deadline) {
    auto socket = co_await open_to(question.address, question.port);
    if (!socket) {
        co_return socket.error();
    }
    Endpoint endpoint;
    endpoint.scheme = tls ? "https" : "http";
    endpoint.host = question.host;
    endpoint.port = question.port;
    std::unique_ptr<Stream> stream;
    if (tls) {
        auto context = TlsContext::create(question.ca_pem, {}, {});
        if (!context) {
            co_return context.error();
        }
        auto secured = co_await connect_tls(std::move(**socket), *context, question.host);
        if (!secured) {
            co_return secured.error();
        }
        stream = std::move(*secured);
    } else {
        stream = make_plain_stream(std::move(**socket));
    }
    Connection connection(std::move(stream), clock, host_header(endpoint));
    sdk::HttpRequest request;
    request.headers.emplace_back("Connection", "close");
    co_return co_await connection.open(request, "/", deadline);
}

std::string text_of(const core::IpAddress& address) {
    return address_of(address).to_string();
}

}   // namespace gateway::http
