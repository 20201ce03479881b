#pragma once

// One call to a component: bounded by its deadline, under the renewed lease, and whatever goes
// wrong becomes an Outcome.

#include "gateway/dispatch/cargo.hpp"
#include "gateway/dispatch/progress.hpp"
#include "gateway/exchanges/recorder.hpp"

namespace gateway::dispatch {

/// How long an adapter may take to come back once its deadline has passed or it was cancelled.
inline constexpr std::chrono::seconds deadline_grace{5};
/// How long a register may take; a delivery that waits for it is tried again later.
inline constexpr std::chrono::seconds register_time_max{20};

/// Sends, looks up or cancels. An exception or a missed deadline of `send` is an unknown outcome.
/// `stale_fence` when the lease was lost: write nothing more. `cancelled` when we are to stop: the
/// outcome is unknown and may still be written. What passes between here and the component is told
/// to `recorder`, also of a call that did not end well.
sdk::Task<sdk::Result<sdk::Outcome>> attempt(const Services& services, const Cargo& cargo,
                                             DurableProgress& progress, core::Work work,
                                             std::shared_ptr<exchanges::Recorder> recorder);

/// The person's entry in a register of the tenant's, and why it could not be had. Errors as of
/// attempt(); a register that does not answer in time or throws is a passing failure.
sdk::Task<sdk::Result<sdk::RegisterAnswer>>
ask_register(const Services& services, const Cargo& cargo, std::string dataset, std::string key);

/// What the component has to tell. Errors as of attempt(), or those of the adapter.
sdk::Task<sdk::Result<sdk::Receipts>>
ask_for_receipts(const Services& services, const Cargo& cargo,
                 std::shared_ptr<exchanges::Recorder> recorder);

}   // namespace gateway::dispatch
