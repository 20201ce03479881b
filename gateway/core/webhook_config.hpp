#pragma once

// [webhooks] of sluse.toml: whom we call, how often, for how long.

#include "gateway/core/ip_address.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway::core {

struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    bool contains(std::uint16_t port) const { return first <= port && port <= last; }
    friend bool operator==(const PortRange&, const PortRange&) = default;
};

struct WebhookConfig {
    std::vector<IpRange> allow;   // beside the public Internet
    bool plain_http = false;      // http:// too
    std::vector<PortRange> ports{{443, 443}, {8443, 8443}};
    std::string ca_file;   // empty: the system's roots
    std::chrono::seconds call_time_max{15};
    /// The wait after each failed call of an event; the last one repeats.
    std::vector<std::chrono::seconds> retry{std::chrono::seconds(5),  std::chrono::minutes(5),
                                            std::chrono::minutes(30), std::chrono::hours(2),
                                            std::chrono::hours(5),    std::chrono::hours(10)};
    std::chrono::seconds retry_after_max{3'600};   // what a receiver may ask for
    std::chrono::hours give_up_after{24 * 5};      // of failing: disabled, or the event given up
    std::chrono::hours rotation_overlap{24};       // both secrets sign
    int in_flight_max = 64;
    int in_flight_per_endpoint_max = 4;
    int subscriptions_max = 20;   // of one system

    friend bool operator==(const WebhookConfig&, const WebhookConfig&) = default;
};

}   // namespace gateway::core
