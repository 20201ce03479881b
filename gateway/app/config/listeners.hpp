#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::app {

struct ListenAddress {
    std::string host;   // an address, or "localhost"; IPv6 without brackets
    std::uint16_t port = 0;

    ListenAddress() = default;
};

/// "127.0.0.1:8080", "[::1]:0", "localhost:8080"; nothing when it has another form.
std::optional<ListenAddress> parse_listen_address(std::string_view text);
/// Reached from this machine alone.
bool is_loopback_host(std::string_view host);
/// The host of "http://host:port/path"; empty when there is none.
std::string host_of_url(std::string_view url);

}   // namespace gateway::app
