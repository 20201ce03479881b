#pragma once

// Where what adapters receive is kept: behind every connection's sdk::Inbound.

#include "gateway/core/ids.hpp"
#include "gateway/sdk/receiver.hpp"

#include <set>

namespace gateway::ports {

/// Who handed it over.
struct Handover {
    core::ConnectionId connection;
    std::set<core::TenantId> tenants;   // whom the connection serves

    Handover() = default;
    Handover(core::ConnectionId which, std::set<core::TenantId> served)
        : connection(std::move(which)), tenants(std::move(served)) {}
};

/// Durable before it returns. Errors are the store's; `unavailable` when a tenant's key is away.
/// Any strand may call.
class Inbound {
public:
    virtual ~Inbound() = default;
    /// `unknown` when none of the tenants has such a delivery, or another connection carried it.
    virtual sdk::Task<sdk::Result<sdk::Kept>> receipt(Handover from, sdk::ReceiptNews news) = 0;
    virtual sdk::Task<sdk::Result<sdk::Kept>> quarantine(Handover from, sdk::Oddity oddity) = 0;
};

}   // namespace gateway::ports
