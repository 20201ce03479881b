#pragma once

#include "gateway/dispatch/traffic.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/sdk/task.hpp"

#include <optional>

namespace gateway::dispatch {

/// The carrying of one claimed delivery, from its lease to the end of its claim. Implemented in
/// app/delivery.cpp, which may name routes and receipts. Any strand.
class Carrier {
public:
    virtual ~Carrier() = default;
    /// Which connection it needs a place on; nothing when no call will be made (it cannot be
    /// carried, or only expires).
    virtual std::optional<core::ConnectionId> needs(const ports::ClaimedDelivery& claimed) = 0;
    /// `place` is empty when none is needed. Runs on a strand of its own. Ends the claim or leaves
    /// it to its lease.
    virtual sdk::Task<void> carry(ports::ClaimedDelivery claimed, Place place) = 0;
    /// Ends a claim that was never begun: unchanged and due again.
    virtual sdk::Task<void> give_back(ports::ClaimedDelivery claimed) = 0;
};

}   // namespace gateway::dispatch
