#pragma once

// How much of what a system sent went digitally, on paper, or nowhere. Pure.

#include "gateway/json/value.hpp"
#include "gateway/ports/benefit_store.hpp"
#include "gateway/ports/store_types.hpp"

#include <cstdint>
#include <optional>
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

/// Series of the counters that the benefit of storing data once is read from.
using Counted = std::vector<std::pair<core::Params, std::uint64_t>>;

/// What a system's look-ups cost, and did not: each key of a batch is one.
struct SystemBenefit {
    core::TenantId tenant;
    core::SystemId system;
    std::uint64_t answers = 0;
    std::uint64_t spared = 0;      // answered without asking a register
    std::uint64_t shared = 0;      // of those: another asked the same at the same moment
    std::uint64_t published = 0;   // of those: from a dataset that a system publishes
    std::uint64_t fetched = 0;     // a register was asked
    std::uint64_t stale = 0;    // of the spared: held for longer than it should, as nobody answered
    std::uint64_t failed = 0;   // it did not answer, and nothing was held
    std::uint64_t events = 0;   // life events told to it

    SystemBenefit() = default;
};

/// By tenant and system, in their order.
std::vector<SystemBenefit> benefits_of(const Counted& answers, const Counted& events);
/// The same of what the store has kept.
std::vector<SystemBenefit> benefits_of(const std::vector<ports::BenefitCount>& counts);
/// Of one tenant, or all; `since`: they count from there.
json::Value benefits_view(const std::vector<SystemBenefit>& benefits,
                          const std::optional<core::TenantId>& tenant, core::Time since);

}   // namespace gateway::view
