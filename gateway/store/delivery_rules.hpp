#pragma once

// How a stored delivery changes, the same in every store: each store loads a record, applies one
// rule and saves it. Pure: no clock, no I/O. Times come with the commands.

#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store_types.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::store {

/// A wish to cancel: none, asked for since the last claim, or known to a holder.
enum class CancelWish : std::uint8_t { none = 0, asked = 1, given = 2 };

/// A delivery with what only the store knows of it.
struct DeliveryRecord {
    ports::DeliveryRow row;
    core::TenantId tenant;
    core::SystemId system;
    core::Fence fence;
    std::optional<core::Time> lease_until;   // set: claimed, and the claim has not been ended
    CancelWish cancel = CancelWish::none;
    std::string order_token;
    std::uint64_t number = 0;   // deliveries of a message and of an order key, oldest first
    std::uint64_t place = 0;    // in its order; a retry keeps the place of the delivery it replaces
    bool blocked = false;       // an earlier delivery of its order is still open

    DeliveryRecord() = default;
};

/// A new delivery as `accept` and `retry` write it: queued, to be sent when due.
DeliveryRecord opened(const ports::NewDelivery& delivery, core::TenantId tenant,
                      core::SystemId system, core::MessageId message, core::Time at);

/// Who waits for work looks again at least every five seconds (dispatch::ClaimLane): what is due
/// later than twice that is found so, and need not wake anybody.
bool is_soon_due(const ports::NewDelivery& delivery, core::Time at);

ports::Lane lane(const DeliveryRecord&);
/// When it can be claimed in its lane: when due, or when the lease of its holder ends. Nothing:
/// never, as it stands.
std::optional<core::Time> wake(const DeliveryRecord&);
/// When it expires unsent, also when its connection is excluded or an earlier one of its order
/// blocks it.
std::optional<core::Time> expiry(const DeliveryRecord&);
/// It has an order and is still open: later ones of the order wait for it.
bool keeps_place(const DeliveryRecord&);
bool holds_claim(const DeliveryRecord&, core::Fence);

/// Claims it with the next fence. True when an earlier holder vanished in the middle of an attempt.
bool claim(DeliveryRecord&, core::Time lease_until);
/// False (and nothing changed) when no attempt may follow any more.
bool begin(DeliveryRecord&, const ports::BeginAttempt&);
/// A receipt that came meanwhile is not undone.
void finish(DeliveryRecord&, const ports::FinishCommand&);
/// Whether what is to take over may be opened: `before` and `after` the rule above, of the newest
/// delivery of its message.
bool takes_over(const DeliveryRecord& before, const DeliveryRecord& after,
                const ports::FinishCommand&);
bool takes_over(const DeliveryRecord& before, const DeliveryRecord& after,
                const ports::ReceiptCommand&);
/// The delivery that takes over from `old`, in its place of the order.
DeliveryRecord opened_instead(const ports::NewDelivery& delivery, const DeliveryRecord& old,
                              core::Time at);
/// It stands in the order where the old one stood.
bool keeps_place_of(const DeliveryRecord& old, const DeliveryRecord& next);
/// True when the state moved.
bool receive(DeliveryRecord&, const ports::ReceiptCommand&);

struct CancelEffect {
    ports::CancelAnswer answer = ports::CancelAnswer::not_found;
    bool changed = false;   // false with `requested`: it had been asked for before
};
CancelEffect cancel(DeliveryRecord&, const ports::CancelCommand&);
/// False when it is under way, handed over, held or ended.
bool hold(DeliveryRecord&, core::Time at);
/// False when it is not held. An attempt whose outcome is unknown is looked up first.
bool release(DeliveryRecord&, core::Time at);
/// A corrected message has taken its place: it ends cancelled, and no retry opens it again.
void close_replaced(DeliveryRecord&, core::Time at, const core::MessageId& by);
/// For a retry. False when it has not ended and is not held.
bool close(DeliveryRecord&, core::Time at);

}   // namespace gateway::store
