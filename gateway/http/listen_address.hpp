#pragma once

// Binds "host:port", "[::1]:0" or "unix:/path".

#include "gateway/core/failure.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <cstdint>
#include <string>

namespace gateway::http {

struct ListenAddress {
    std::string host;   // as in a URL: "127.0.0.1", "[::1]"
    std::uint16_t port = 0;
    std::string unix_path;

    ListenAddress() = default;
};

/// Opens, binds, listens. Names are resolved here, at start, and block. A Unix socket gets mode
/// 0600; one left behind by a program that died is replaced, one that answers is not.
/// `invalid_argument` for what is no address, else `unavailable`.
core::Result<ListenAddress>
listen(boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>& acceptor,
       const std::string& address);

}   // namespace gateway::http
