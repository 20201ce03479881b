#pragma once

// What is seen of a place: a machine and its port, of an address in the configuration. Pure.

#include "gateway/doctor/finding.hpp"
#include "gateway/doctor/ports.hpp"

#include <optional>

namespace gateway::doctor {

struct Place {
    std::string url;
    std::string host;
    std::uint16_t port = 443;
    bool tls = true;
    bool http = true;

    Place() = default;
    std::string name() const;   // "host:port"
};

/// http, https, amqp, amqps. Nothing for any other address.
std::optional<Place> read_place(const std::string& url);

/// How long each step may take. Together, and with a call after them, they fit in ten seconds.
inline constexpr std::chrono::milliseconds dns_time_max{2000};
inline constexpr std::chrono::milliseconds tcp_time_max{2000};
inline constexpr std::chrono::milliseconds tls_time_max{2000};
inline constexpr std::chrono::milliseconds clock_time_max{1500};

Step judge_dns(const Place& place, const core::Result<std::vector<core::IpAddress>>& found);
Step judge_tcp(const Place& place, const core::Result<core::IpAddress>& connected);
/// Yellow from 30 days before the end of any certificate that was shown.
Step judge_tls(const Place& place, const core::Result<http::TlsSight>& sight, core::Time now);
/// Yellow when the clocks differ by more than 5 seconds, red from 30: grants and tokens are refused
/// by then.
Step judge_clock(const Place& place, const core::Result<Heard>& heard, core::Time now);

}   // namespace gateway::doctor
