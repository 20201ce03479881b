#pragma once

// What an adapter said of an attempt becomes one command to the store: the new state, the next work
// and when, the lines of the timeline. Pure but for ids and the jitter of back-off, which come from
// Ids.

#include "gateway/core/configuration.hpp"
#include "gateway/core/delivery_machine.hpp"
#include "gateway/ports/mending.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/receipt/sealed_event.hpp"
#include "gateway/sdk/adapter.hpp"

namespace gateway::receipt {

/// The machine's word for an outcome of this work (send, look_up or cancel).
core::MachineEvent event_of(const sdk::Outcome& outcome, core::Work work);

/// The code of a row whose last attempt may have taken effect, while it waits to be sent again.
using ports::unknown_outcome_mark;

/// The delivery as it was claimed, and the rules it is carried by.
struct Finishing {
    const ports::ClaimedDelivery& claimed;
    const core::DispatchConfig& rules;
    std::chrono::seconds first_receipt_after{10};
    const crypto::Vault* vault = nullptr;
    EventMaker events;

    Finishing(const ports::ClaimedDelivery& what, const core::DispatchConfig& by, EventMaker with)
        : claimed(what), rules(by), events(with) {}
};

/// Ends the claim by the machine's step. `outcome` gives code, reference and what the component
/// said; for events without a call (expired, unusable, interrupted) it carries only the code.
ports::FinishCommand finish(const Finishing& with, core::MachineEvent event, const core::Step& step,
                            const sdk::Outcome& outcome);

/// Ends the claim and changes nothing: for another holder, at `due`.
ports::FinishCommand give_back(const ports::ClaimedDelivery& claimed, core::Time now,
                               core::Time due);

/// `wait` divided by the configured pace: 2 asks twice as often. At least 100 ms.
core::Duration at_pace(std::chrono::seconds wait, double pace);

}   // namespace gateway::receipt
