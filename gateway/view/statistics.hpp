#pragma once

// How much of what a system sent went digitally, on paper, or nowhere. Pure.

#include "gateway/json/value.hpp"
#include "gateway/ports/store_types.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::view {

/// Each message once, by where its newest delivery stands.
struct SystemStatistics {
    core::TenantId tenant;
    core::SystemId system;
    std::uint64_t digital = 0;   // handed over to a mailbox or a portal
    std::uint64_t paper = 0;     // handed over to print
    std::uint64_t failed = 0;    // failed or expired
    std::uint64_t held = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t under_way = 0;

    SystemStatistics() = default;
    std::vector<std::pair<std::string_view, std::uint64_t>> outcomes() const;
};

/// By tenant and system, in their order.
std::vector<SystemStatistics> statistics_of(const std::vector<ports::MessageCount>& counts);
json::Value statistics_view(const std::vector<SystemStatistics>& statistics);

}   // namespace gateway::view
