#pragma once

// Channel policy for stored deliveries: which way one goes, what takes over when it has ended, and
// what the letter's duties make of a receipt. Decides; what it decides is written by who asks.

#include "gateway/dispatch/cargo.hpp"
#include "gateway/route/choose.hpp"
#include "gateway/sdk/outcome.hpp"

#include <optional>
#include <vector>

namespace gateway::app {

/// Keeps nothing between two calls. Any strand; what it is made of outlives it.
class Policy {
public:
    Policy(const ports::Connections& connections, sdk::Clock& clock, sdk::Ids& ids, sdk::Log& log,
           sdk::Metrics& metrics)
        : connections_(connections), clock_(clock), ids_(ids), log_(log), metrics_(metrics) {}

    /// For the delivery at hand; the cargo outlives the question.
    route::Question question(const dispatch::Cargo& cargo) const;

    /// The delivery that takes over from this one, which ends for that cause. Nothing when no other
    /// way may be used, or the message's time is up: then `told` says of each way why not.
    std::optional<ports::TakeOver> next_way(const dispatch::Cargo& cargo, route::Cause cause,
                                            std::vector<ports::NewEvent>& told) const;

    /// Adds to a claim's end what policy has to say of it: a fall-back after a refusal or a choice
    /// that gave up, the time of the unread rule.
    void follow(const dispatch::Cargo& cargo, core::MachineEvent event, const sdk::Outcome& outcome,
                ports::FinishCommand& command) const;
    /// The same of a receipt: fall-back, unread rule, and the alarm of a notice that was owed.
    void follow(const dispatch::Cargo& cargo, const sdk::Receipt& receipt,
                ports::ReceiptCommand& command) const;
    /// The letter's unread rule has come due: the copy on paper, or why there is none.
    void apply_unread(const dispatch::Cargo& cargo, ports::FinishCommand& command) const;

    /// What came of a receipt, for metrics and log.
    void count(const dispatch::Cargo& cargo, const ports::ReceiptCommand& command,
               const ports::ReceiptAnswer& answer) const;

private:
    std::optional<core::Time> unread_at(const dispatch::Cargo& cargo, core::Time from) const;
    ports::NewEvent event(std::string name, core::Code code, core::Params params) const;

    const ports::Connections& connections_;
    sdk::Clock& clock_;
    sdk::Ids& ids_;
    sdk::Log& log_;
    sdk::Metrics& metrics_;
};

}   // namespace gateway::app
