#include "gateway/http/connect.hpp"

#include "gateway/http/tls.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include <netinet/in.h>

namespace gateway::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using core::Errc;
using core::Failure;
using core::Result;

namespace {

using Address = asio::generic::stream_protocol::endpoint;

constexpr std::size_t addresses_max = 8;
constexpr std::chrono::seconds one_address_time_min{2};

/// A look-up that may outlive its caller: the system's resolver cannot be interrupted.
struct LookUp {
    explicit LookUp(const asio::any_io_executor& executor)
        : resolver(executor), done(executor, 1) {}

    tcp::resolver resolver;
    asio::experimental::channel<void(error_code, tcp::resolver::results_type)> done;
};

sdk::Task<Result<std::vector<Address>>> look_up(const Endpoint& endpoint) {
    std::vector<Address> addresses;
    if (endpoint.scheme == "unix") {
        if (endpoint.host.empty() || endpoint.host.size() > 107) {
            co_return Failure(Errc::invalid_argument, "a Unix socket's path has 1 to 107 bytes");
        }
        addresses.emplace_back(asio::local::stream_protocol::endpoint(endpoint.host));
        co_return addresses;
    }
    error_code error;
    const auto literal = asio::ip::make_address(endpoint.host, error);
    if (!error) {
        addresses.emplace_back(tcp::endpoint(literal, endpoint.port));
        co_return addresses;
    }
    auto executor = co_await asio::this_coro::executor;
    auto lookup = std::make_shared<LookUp>(executor);
    lookup->resolver.async_resolve(
        endpoint.host, std::to_string(endpoint.port),
        [lookup](const error_code& failed, tcp::resolver::results_type found) {
            lookup->done.try_send(failed, std::move(found));
        });
    const auto found =
        co_await lookup->done.async_receive(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) {
        throw boost::system::system_error(error);
    }
    for (const auto& one : found) {
        if (addresses.size() < addresses_max) {
            addresses.emplace_back(one.endpoint());
        }
    }
    if (error || addresses.empty()) {
        co_return Failure(Errc::unreachable, "the name " + endpoint.host + " has no address");
    }
    co_return addresses;
}

std::optional<core::IpAddress> ip_of(const Address& address) {
    core::IpAddress ip;
    const auto* raw = reinterpret_cast<const char*>(address.data());
    if (address.protocol().family() == AF_INET) {
        std::memcpy(ip.bytes.data(), raw + offsetof(sockaddr_in, sin_addr), 4);
        return ip;
    }
    if (address.protocol().family() == AF_INET6) {
        ip.is_v6 = true;
        std::memcpy(ip.bytes.data(), raw + offsetof(sockaddr_in6, sin6_addr), 16);
        return ip;
    }
    return std::nullopt;
}

/// One forbidden address among those of a name forbids the name: who chooses its addresses would
/// otherwise choose the order in which we try them.
bool may_reach(const std::vector<Address>& addresses, const MayConnect& may_connect,
               std::uint16_t port) {
    return !may_connect || std::all_of(addresses.begin(), addresses.end(), [&](const auto& one) {
        const auto ip = ip_of(one);
        return ip && may_connect(*ip, port);
    });
}

sdk::Task<Result<std::vector<core::IpAddress>>> find_now(Endpoint endpoint) {
    const auto found = co_await look_up(endpoint);
    if (!found) {
        co_return found.error();
    }
    std::vector<core::IpAddress> addresses;
    for (const auto& one : *found) {
        if (const auto ip = ip_of(one)) {
            addresses.push_back(*ip);
        }
    }
    co_return addresses;
}

sdk::Task<Result<std::shared_ptr<Socket>>> connect_one(Address address) {
    auto executor = co_await asio::this_coro::executor;
    auto socket = std::make_shared<Socket>(executor);
    error_code error;
    socket->open(address.protocol(), error);
    if (!error) {
        co_await socket->async_connect(address, asio::redirect_error(asio::use_awaitable, error));
    }
    if (error == asio::error::operation_aborted) {
        throw boost::system::system_error(error);
    }
    if (error) {
        co_return Failure(Errc::unreachable, error.message());
    }
    co_return socket;
}

sdk::Task<Result<std::unique_ptr<Stream>>> reach_now(Endpoint endpoint,
                                                     std::shared_ptr<TlsContext> tls,
                                                     sdk::Clock& clock, sdk::Deadline deadline,
                                                     MayConnect may_connect) {
    const auto addresses = co_await look_up(endpoint);
    if (!addresses) {
        co_return addresses.error();
    }
    if (!may_reach(*addresses, may_connect, endpoint.port)) {
        co_return Failure(Errc::unauthorised, "an address that may not be called");
    }
    Result<std::shared_ptr<Socket>> connected = Failure(Errc::unreachable);
    for (std::size_t i = 0; i < addresses->size(); ++i) {
        // A dead address must not eat the time of the next.
        const auto now = clock.steady();
        const auto share = (deadline.at - now) / static_cast<int>(addresses->size() - i);
        const auto wait = std::max<core::SteadyTime::duration>(share, one_address_time_min);
        const sdk::Deadline own(std::min(deadline.at, now + wait));
        auto work = connect_one((*addresses)[i]);
        connected = co_await runtime::with_deadline(clock, own, std::move(work));
        if (connected) {
            break;
        }
    }
    if (!connected) {
        co_return connected.error();
    }
    if (endpoint.scheme != "https") {
        co_return make_plain_stream(std::move(**connected));
    }
    if (!tls) {
        co_return Failure(Errc::invalid_argument, "https without a TLS context");
    }
    co_return co_await connect_tls(std::move(**connected), std::move(tls), endpoint.host);
}

}   // namespace

sdk::Task<Result<std::unique_ptr<Stream>>> reach(Endpoint endpoint, std::shared_ptr<TlsContext> tls,
                                                 sdk::Clock& clock, sdk::Deadline deadline,
                                                 MayConnect may_connect) {
    auto work =
        reach_now(std::move(endpoint), std::move(tls), clock, deadline, std::move(may_connect));
    co_return co_await runtime::with_deadline(clock, deadline, std::move(work));
}

sdk::Task<Result<std::vector<core::IpAddress>>> find_addresses(Endpoint endpoint, sdk::Clock& clock,
                                                               sdk::Deadline deadline) {
    auto work = find_now(std::move(endpoint));
    co_return co_await runtime::with_deadline(clock, deadline, std::move(work));
}

}   // namespace gateway::http
