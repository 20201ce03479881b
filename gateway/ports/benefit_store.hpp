#pragma once

// What storing data once has spared, in figures that outlive the process: for each tenant, system,
// dataset and day. Plain numbers, nobody's data. Errors as in ports/store.hpp.

#include "gateway/core/assert.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/task.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::ports {

/// The counters they are figures of, as metrics show them; labels tenant and system, and of an
/// answer `dataset` and `how` it came: held, stale, published, shared, fetched, failed; of a life
/// event `event`.
inline constexpr std::string_view answers_counter = "sluse_records_answers_total";
inline constexpr std::string_view life_events_counter = "sluse_life_events_total";
/// Stands for `how` of a life event.
inline constexpr std::string_view told_event = "told";

struct BenefitKey {
    core::TenantId tenant;
    core::SystemId system;
    std::string what;   // the dataset, or the event
    std::string how;

    BenefitKey() = default;
    friend auto operator<=>(const BenefitKey&, const BenefitKey&) = default;
};

struct BenefitCount {
    BenefitKey key;
    std::uint64_t count = 0;

    BenefitCount() = default;
    BenefitCount(BenefitKey which, std::uint64_t number) : key(std::move(which)), count(number) {}
    friend bool operator==(const BenefitCount&, const BenefitCount&) = default;
};

struct BenefitSums {
    std::vector<BenefitCount> counts;             // by key
    std::optional<std::chrono::sys_days> first;   // the first day there is anything of

    BenefitSums() = default;
};

class BenefitStore {
public:
    virtual ~BenefitStore() = default;

    /// Adds to the day's figures. Days before `apart` are then one sum at the first day.
    virtual sdk::Task<sdk::Result<void>> add_benefits(std::chrono::sys_days day,
                                                      std::vector<BenefitCount> counts,
                                                      std::chrono::sys_days apart) = 0;
    /// Sums over these days, both included; nothing: from the first, to the last.
    virtual sdk::Task<sdk::Result<BenefitSums>>
    benefits(std::optional<std::chrono::sys_days> from,
             std::optional<std::chrono::sys_days> until) = 0;
};

/// Every store keeps them too.
inline BenefitStore& benefit_store_of(Store& store) {
    auto* const benefits = dynamic_cast<BenefitStore*>(&store);
    GATEWAY_ASSERT(benefits != nullptr);
    return *benefits;
}

}   // namespace gateway::ports
