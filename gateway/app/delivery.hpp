#pragma once

// The second half of a message's way: from the store to the component and back. The first half is
// intake.cpp.

#include "gateway/app/policy.hpp"
#include "gateway/core/delivery_machine.hpp"
#include "gateway/dispatch/attempt.hpp"
#include "gateway/dispatch/cargo.hpp"
#include "gateway/dispatch/carrier.hpp"
#include "gateway/receipt/finishing.hpp"

namespace gateway::app {

/// Carries claimed deliveries; keeps nothing between two. Any strand; outlives the dispatcher.
class DeliveryCarrier final : public dispatch::Carrier {
public:
    explicit DeliveryCarrier(dispatch::Services services)
        : services_(services),
          policy_(services.connections, services.clock, services.ids, services.log,
                  services.metrics) {}

    /// What a call leaves beside its outcome.
    struct CallTraces {
        std::vector<ports::NewEvent> notes;
        std::optional<ports::NewExchanges> exchanges;

        CallTraces() = default;
    };

    std::optional<core::ConnectionId> needs(const ports::ClaimedDelivery& claimed) override;
    sdk::Task<void> carry(ports::ClaimedDelivery claimed, dispatch::Place place) override;
    sdk::Task<void> give_back(ports::ClaimedDelivery claimed) override;

private:
    sdk::Task<void> carry_through(ports::ClaimedDelivery claimed, dispatch::Place place);
    dispatch::Cargo unpack(ports::ClaimedDelivery claimed) const;
    core::Opening open(const dispatch::Cargo& cargo) const;
    // delivery_choice.cpp
    sdk::Task<void> choose_way(dispatch::Cargo& cargo);
    sdk::Task<std::optional<route::Contact>> ask_for_contact(dispatch::Cargo& cargo);
    ports::FinishCommand decided(const dispatch::Cargo& cargo, const route::Decision& decision,
                                 const route::Trail& trail);
    ports::FinishCommand postponed(const dispatch::Cargo& cargo,
                                   const sdk::RegisterFailure& failure);

    sdk::Task<bool> find_documents(dispatch::Cargo& cargo);
    sdk::Task<bool> record_intent(dispatch::Cargo& cargo);
    sdk::Task<void> fetch_receipts(const dispatch::Cargo& cargo, dispatch::Place& place);
    bool is_unread(const dispatch::Cargo& cargo, core::DeliveryState state) const;
    sdk::Task<void> end_without_call(const dispatch::Cargo& cargo, core::MachineEvent event);
    sdk::Task<void> end(const dispatch::Cargo& cargo, core::MachineEvent event,
                        sdk::Outcome outcome, CallTraces traces);
    sdk::Task<void> write(ports::FinishCommand command);
    void warn_of_overdue(const ports::FinishCommand& command) const;
    dispatch::DurableProgress progress_of(const dispatch::Cargo& cargo);
    CallTraces traces_of(const dispatch::Cargo& cargo, core::Work work,
                         exchanges::Recorder& recorder) const;
    receipt::Finishing finishing(const dispatch::Cargo& cargo) const;
    void count(const dispatch::Cargo& cargo, core::Work work, const sdk::Outcome& outcome) const;

    dispatch::Services services_;
    Policy policy_;
};

}   // namespace gateway::app
