#pragma once

// After a failure the register is left alone for a while, so that a queue of letters does not
// hammer it; who asks meanwhile is told the failure again. Pure.

#include "gateway/sdk/register.hpp"

#include <map>
#include <optional>

namespace gateway::krr {

/// Used on the adapter's strand.
class Pauses {
public:
    /// A failure that passes is the register's and holds for all; any other is the tenant's own.
    void begin(const core::TenantId& tenant, const sdk::RegisterFailure& failure,
               core::SteadyTime now);
    /// The failure that is still waited for, with the time that is left.
    std::optional<sdk::RegisterFailure> find(const core::TenantId& tenant,
                                             core::SteadyTime now) const;
    /// The register answered the tenant: what is no longer waited for is forgotten.
    void end(const core::TenantId& tenant, core::SteadyTime now);
    /// Any failure since the last answer, waited for or not.
    const sdk::RegisterFailure* trouble() const;

private:
    struct Pause {
        sdk::RegisterFailure failure;
        core::SteadyTime ends_at{};
    };
    std::optional<Pause> of_all_;
    std::map<core::TenantId, Pause> of_tenants_;   // those the connection serves
};

}   // namespace gateway::krr
