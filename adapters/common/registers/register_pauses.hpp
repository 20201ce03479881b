#pragma once

// After a failure the register is left alone for a while, so that a queue of look-ups does
// not hammer it; who asks meanwhile is told the failure again. Pure.

#include "adapters/common/registers/lane.hpp"
#include "gateway/sdk/outcome.hpp"
#include "gateway/sdk/register.hpp"

#include <map>
#include <optional>

namespace gateway::registers {

/// Used on the adapter's strand.
class Pauses {
public:
    /// A failure that passes is the register's and holds for all; any other is the lane's own.
    void begin(const Lane& lane, const sdk::RegisterFailure& failure, core::SteadyTime now);
    /// The failure that is still waited for, with the time that is left.
    std::optional<sdk::RegisterFailure> find(const Lane& lane, core::SteadyTime now) const;
    /// The register answered the lane: what is no longer waited for is forgotten.
    void end(const Lane& lane, core::SteadyTime now);
    /// Degraded by any failure since the last answer, waited for or not; else ready.
    sdk::Health health() const;

private:
    struct Pause {
        sdk::RegisterFailure failure;
        core::SteadyTime ends_at{};
    };
    std::optional<Pause> of_all_;
    std::map<Lane, Pause> of_lanes_;   // bounded: the one that ends first goes
};

}   // namespace gateway::registers
