#pragma once

// Where what adapters receive is kept: behind every connection's sdk::Inbound.

#include "gateway/core/ids.hpp"
#include "gateway/sdk/receiver.hpp"

#include <optional>
#include <set>
#include <string>

namespace gateway::ports {

/// Who handed it over.
struct Handover {
    core::ConnectionId connection;
    std::set<core::TenantId> tenants;   // whom the connection serves
    std::string adapter;

    Handover() = default;
    Handover(core::ConnectionId which, std::set<core::TenantId> served, std::string by)
        : connection(std::move(which)), tenants(std::move(served)), adapter(std::move(by)) {}
};

/// Durable before it returns. Errors are the store's; `unavailable` when a tenant's key is away.
/// Any strand may call.
class Inbound {
public:
    virtual ~Inbound() = default;
    /// `unknown` when none of the tenants has such a delivery, or another connection carried it.
    virtual sdk::Task<sdk::Result<sdk::Kept>> receipt(Handover from, sdk::ReceiptNews news) = 0;
    /// `unavailable` also while a document of it cannot be looked through and policy is to wait.
    virtual sdk::Task<sdk::Result<sdk::InboundKept>> message(Handover from,
                                                             sdk::InboundMessage message) = 0;
    virtual sdk::Task<sdk::Result<std::optional<core::DeliveryId>>>
    delivery_of(Handover from, std::string upstream_reference) = 0;
    virtual sdk::Task<sdk::Result<sdk::Kept>> quarantine(Handover from, sdk::Oddity oddity) = 0;
};

}   // namespace gateway::ports
