#pragma once

// What storing data once has spared goes on counting over a restart: the counters begin where the
// store says, and what was counted since is added to the day it was counted on, about once a
// minute. A process that is killed loses what it counted since.

#include "gateway/ports/benefit_store.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"

#include <map>

namespace gateway::records {

/// Days that are kept apart; those before are one sum.
inline constexpr std::chrono::days benefit_days_kept{400};

/// One call at a time.
class BenefitFigures {
public:
    BenefitFigures(ports::BenefitStore& store, runtime::MetricsRegistry& metrics,
                   const sdk::Clock& clock, sdk::Log& log)
        : store_(store), metrics_(metrics), clock_(clock), log_(log) {}

    /// Once, before anything is counted that anybody reads.
    sdk::Task<void> read();
    /// What was counted since. Nothing is written when nothing was. What cannot be written is
    /// with the next.
    sdk::Task<void> write();

private:
    std::map<ports::BenefitKey, std::uint64_t> counted() const;

    ports::BenefitStore& store_;
    runtime::MetricsRegistry& metrics_;
    const sdk::Clock& clock_;
    sdk::Log& log_;
    bool read_ = false;
    std::map<ports::BenefitKey, std::uint64_t> written_;   // as the counters stood then
};

}   // namespace gateway::records
