#pragma once

// A running connection as its examination sees it.

#include "gateway/core/configuration.hpp"
#include "gateway/sdk/examination.hpp"

#include <memory>

namespace gateway::ports {

/// Kept alive by who holds it. Any strand may call; calls hop onto the connection's and back.
class Examined {
public:
    virtual ~Examined() = default;
    virtual const core::ConnectionConfig& configured() const = 0;
    virtual sdk::Needs needs(const core::TenantId& tenant) const = 0;
    /// From its own token source, or the one it borrows from; past every cache.
    virtual sdk::Task<sdk::TokenAnswer> fresh_token(sdk::TokenRequest request,
                                                    sdk::Deadline deadline) = 0;
    virtual sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) = 0;
};

class ExaminedConnections {
public:
    virtual ~ExaminedConnections() = default;
    /// Null: it does not run.
    virtual std::shared_ptr<Examined> examined(const core::ConnectionId& id) const = 0;
};

}   // namespace gateway::ports
