#include "gateway/core/ip_address.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace gateway::core {
namespace {

constexpr int v4_bits = 32;
constexpr int v6_bits = 128;

std::optional<int> decimal(std::string_view text, int max) {
    const bool plain =
        !text.empty() && text.size() <= 3 && (text.size() == 1 || text[0] != '0') &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!plain) {
        return std::nullopt;
    }
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value <= max ? std::optional(value) : std::nullopt;
}

std::optional<IpAddress> parse_v4(std::string_view text) {
    IpAddress address;
    for (std::size_t i = 0; i < 4; ++i) {
        const auto end = i < 3 ? text.find('.') : text.size();
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto value = decimal(text.substr(0, end), 255);
        if (!value) {
            return std::nullopt;
        }
        address.bytes[i] = static_cast<std::uint8_t>(*value);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return address;
}

/// The 16-bit groups of one side of "::".
bool read_groups(std::string_view text, std::vector<std::uint16_t>& groups) {
    while (!text.empty()) {
        const auto colon = text.find(':');
        const auto part = text.substr(0, colon);
        if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
            const auto v4 = parse_v4(part);
            if (!v4) {
                return false;
            }
            groups.push_back(static_cast<std::uint16_t>(v4->bytes[0] << 8U | v4->bytes[1]));
            groups.push_back(static_cast<std::uint16_t>(v4->bytes[2] << 8U | v4->bytes[3]));
            return true;
        }
        std::uint16_t value = 0;
        const auto read = std::from_chars(part.data(), part.data() + part.size(), value, 16);
        if (part.empty() || part.size() > 4 || read.ec != std::errc{} ||
            read.ptr != part.data() + part.size()) {
            return false;
        }
        groups.push_back(value);
        if (colon == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(colon + 1);
        if (text.empty()) {
            return false;   // a colon and nothing after it
        }
    }
    return true;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
    std::vector<std::uint16_t> head;
    std::vector<std::uint16_t> tail;
    const auto gap = text.find("::");
    const bool is_short = gap != std::string_view::npos;
    if (!read_groups(text.substr(0, gap), head) ||
        (is_short && !read_groups(text.substr(gap + 2), tail))) {
        return std::nullopt;
    }
    const auto count = head.size() + tail.size();
    if (is_short ? count > 7 : count != 8) {
        return std::nullopt;
    }
    head.resize(8 - tail.size(), 0);
    head.insert(head.end(), tail.begin(), tail.end());
    IpAddress address;
    address.is_v6 = true;
    for (std::size_t i = 0; i < 8; ++i) {
        address.bytes[2 * i] = static_cast<std::uint8_t>(head[i] >> 8U);
        address.bytes[2 * i + 1] = static_cast<std::uint8_t>(head[i] & 255U);
    }
    return address;
}

bool any_contains(const std::vector<IpRange>& ranges, const IpAddress& address) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const IpRange& range) { return range.contains(address); });
}

std::vector<IpRange> ranges_of(std::initializer_list<std::string_view> texts) {
    std::vector<IpRange> ranges;
    for (const auto text : texts) {
        ranges.push_back(*parse_ip_range(text));
    }
    return ranges;
}

}   // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
}

bool IpRange::contains(const IpAddress& address) const {
    if (address.is_v6 != base.is_v6) {
        return false;
    }
    for (int bit = 0; bit < bits; ++bit) {
        const auto byte = static_cast<std::size_t>(bit / 8);
        const auto mask = 1U << static_cast<unsigned>(7 - bit % 8);
        if (((address.bytes[byte] ^ base.bytes[byte]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

std::optional<IpRange> parse_ip_range(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_ip_address(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    const int all = address->is_v6 ? v6_bits : v4_bits;
    const auto bits =
        slash == std::string_view::npos ? std::optional(all) : decimal(text.substr(slash + 1), all);
    if (!bits) {
        return std::nullopt;
    }
    IpRange range;
    range.base = *address;
    range.bits = *bits;
    for (int bit = *bits; bit < all; ++bit) {
        const auto mask = 1U << static_cast<unsigned>(7 - bit % 8);
        if ((address->bytes[static_cast<std::size_t>(bit / 8)] & mask) != 0) {
            return std::nullopt;
        }
    }
    return range;
}

bool is_public(const IpAddress& address) {
    static const auto not_v4 = ranges_of(
        {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
         "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
         "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
    static const auto unicast = *parse_ip_range("2000::/3");
    static const auto not_v6 = ranges_of({"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
    if (!address.is_v6) {
        return !any_contains(not_v4, address);
    }
    return unicast.contains(address) && !any_contains(not_v6, address);
}

bool is_loopback(const IpAddress& address) {
    if (!address.is_v6) {
        return address.bytes[0] == 127;
    }
    IpAddress self;
    self.is_v6 = true;
    self.bytes[15] = 1;
    return address == self;
}

}   // namespace gateway::core
