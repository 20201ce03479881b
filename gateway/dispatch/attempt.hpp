#pragma once

// One call to a component: bounded by its deadline, under the renewed lease, and whatever goes
// wrong becomes an Outcome.

#include "gateway/dispatch/cargo.hpp"
#include "gateway/dispatch/progress.hpp"

namespace gateway::dispatch {

/// How long an adapter may take to come back once its deadline has passed or it was cancelled.
inline constexpr std::chrono::seconds deadline_grace{5};

/// Sends, looks up or cancels. An exception or a missed deadline of `send` is an unknown outcome.
/// `stale_fence` when the lease was lost: write nothing more. `cancelled` when we are to stop: the
/// outcome is unknown and may still be written.
sdk::Task<sdk::Result<sdk::Outcome>> attempt(const Services& services, const Cargo& cargo,
                                             DurableProgress& progress, core::Work work);

/// What the component has to tell. Errors as of attempt(), or those of the adapter.
sdk::Task<sdk::Result<sdk::Receipts>> ask_for_receipts(const Services& services,
                                                       const Cargo& cargo);

}   // namespace gateway::dispatch
