#pragma once

// Addresses of the Internet Protocol, as far as it matters whom we call. Pure; no look-up.
// Ranges that are not the public Internet: IANA's special-purpose address registries (RFC 6890 and
// what was added since).

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::core {

/// An IPv4 address is its four bytes and is never the same as one of IPv6 that embeds it.
struct IpAddress {
    bool is_v6 = false;
    std::array<std::uint8_t, 16> bytes{};   // the first four of IPv4

    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

/// Four decimal numbers without leading zeros, or RFC 4291 without a zone. Nothing else: no
/// hexadecimal, octal or short form.
std::optional<IpAddress> parse_ip_address(std::string_view text);

/// What begins with the same bits.
struct IpRange {
    IpAddress base;
    int bits = 0;

    bool contains(const IpAddress& address) const;
    friend bool operator==(const IpRange&, const IpRange&) = default;
};

/// "10.0.0.0/8", "fd00::/8", or one address. Bits beyond the prefix must be zero.
std::optional<IpRange> parse_ip_range(std::string_view text);

/// Belongs to the public Internet: not private, loopback, link-local, shared (CGNAT), multicast,
/// documentation, reserved, nor an IPv6 address that stands for one of IPv4 (mapped, 6to4, Teredo,
/// NAT64).
bool is_public(const IpAddress& address);
/// This machine itself: 127.0.0.0/8 or ::1.
bool is_loopback(const IpAddress& address);

}   // namespace gateway::core
