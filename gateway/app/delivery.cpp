#include "gateway/app/delivery.hpp"

#include "gateway/receipt/receiving.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace gateway::app {
namespace {

using core::MachineEvent;
using core::Work;

constexpr int write_tries_max = 5;
constexpr std::chrono::seconds write_again_after{1};

/// Nothing to call: only its time has run out.
bool only_expires(const ports::DeliveryRow& row, core::Time now) {
    const bool unsent =
        row.state == core::DeliveryState::queued || row.state == core::DeliveryState::pending;
    const bool to_be_sent = row.work == Work::send || row.work == Work::choose;
    return unsent && to_be_sent && !row.cancel_requested && row.expires_at &&
           *row.expires_at <= now;
}

/// What is left of a call that our own stop cut off.
MachineEvent cut_off(Work work) {
    switch (work) {
    case Work::look_up: return MachineEvent::lookup_failed;
    case Work::cancel: return MachineEvent::withdraw_failed;
    default: return MachineEvent::lost;
    }
}

const char* name(Work work) {
    switch (work) {
    case Work::look_up: return "look_up";
    case Work::cancel: return "cancel";
    case Work::receipts: return "receipts";
    default: return "send";
    }
}

const char* name(sdk::Verdict verdict) {
    switch (verdict) {
    case sdk::Verdict::accepted: return "accepted";
    case sdk::Verdict::pending: return "pending";
    case sdk::Verdict::rejected: return "rejected";
    case sdk::Verdict::try_later: return "try_later";
    case sdk::Verdict::not_found: return "not_found";
    case sdk::Verdict::unknown: break;
    }
    return "unknown";
}

}   // namespace

/// The way of one delivery. Every step that fails on our side leaves it to its lease: it is claimed
/// again.
sdk::Task<void> DeliveryCarrier::carry_through(ports::ClaimedDelivery claimed,
                                               dispatch::Place place) {
    GATEWAY_CRASH_POINT("dispatch.after_claim");
    auto cargo = unpack(std::move(claimed));   // unsealed; its connection found
    const auto opening = open(cargo);          // one call to the component, or an end without one
    if (opening.settle) {
        co_await end_without_call(cargo, *opening.settle);
        co_return;
    }
    if (!cargo.claimed.row.connection) {
        co_await choose_way(cargo);   // durable before anything else: sent at the next claim
        co_return;
    }
    const auto stop = co_await boost::asio::this_coro::cancellation_state;
    if (!place || stop.cancelled() != boost::asio::cancellation_type::none) {
        co_await give_back(std::move(cargo.claimed));
        co_return;
    }
    if (opening.work == Work::receipts) {
        co_await fetch_receipts(cargo, place);
        co_return;
    }
    if (!co_await find_documents(cargo)) {
        co_return;
    }
    if (stop.cancelled() != boost::asio::cancellation_type::none) {
        co_await give_back(std::move(cargo.claimed));   // nothing is begun any more
        co_return;
    }
    if (opening.work == Work::send) {
        if (!co_await record_intent(cargo)) {   // durable before anything leaves
            co_return;
        }
    }
    auto progress = progress_of(cargo);
    const auto recorder = std::make_shared<exchanges::Recorder>();
    auto outcome = co_await dispatch::attempt(services_, cargo, progress, opening.work, recorder);
    GATEWAY_CRASH_POINT("dispatch.after_attempt");
    if (outcome.has_error() && outcome.error().is(core::Errc::stale_fence)) {
        co_return;   // another holder carries it now: not a word more from us
    }
    auto traces = traces_of(cargo, opening.work, *recorder);
    traces.notes = progress.take_notes();
    if (outcome.has_error()) {
        sdk::Outcome unknown;
        co_await end(cargo, cut_off(opening.work), std::move(unknown), std::move(traces));
        co_return;
    }
    place.tell(outcome->target_at_fault);
    count(cargo, opening.work, *outcome);
    const auto event = receipt::event_of(*outcome, opening.work);
    co_await end(cargo, event, std::move(*outcome), std::move(traces));
}

sdk::Task<void> DeliveryCarrier::carry(ports::ClaimedDelivery claimed, dispatch::Place place) {
    // Our own stop cuts off the call to the component, nothing else: what became of it is still
    // written.
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    const receipt::EventMaker events(services_.ids, claimed.row.message, nullptr,
                                     services_.clock.now());
    const auto configuration = services_.configuration.current();
    const auto id = claimed.row.id;
    ports::FinishCommand aside;
    {
        const receipt::Finishing with(claimed, configuration->dispatch, events);
        core::Situation situation;
        situation.state = claimed.row.state;
        situation.work = claimed.row.work;
        const core::DeliveryMachine machine(core::DeliveryTraits(), situation);
        sdk::Outcome outcome(sdk::Verdict::unknown, core::Code("service.internal"));
        aside = receipt::finish(with, MachineEvent::unusable,
                                machine.resume(MachineEvent::unusable), outcome);
    }
    try {
        co_await carry_through(std::move(claimed), std::move(place));
        co_return;
    } catch (const boost::system::system_error& error) {
        if (error.code() == boost::asio::error::operation_aborted) {
            throw;
        }
    } catch (const std::exception&) {
        // Told below; the text of a foreign exception may hold what the component said.
    }
    // A delivery that makes us throw would do so at every claim: a person must look at it.
    services_.log.write(sdk::Severity::error, "delivery_threw", {{"delivery", id.to_string()}});
    services_.metrics.count("sluse_delivery_exceptions_total", {});
    co_await write(std::move(aside));
}

std::optional<core::ConnectionId> DeliveryCarrier::needs(const ports::ClaimedDelivery& claimed) {
    if (only_expires(claimed.row, services_.clock.now()) || claimed.row.work == Work::none) {
        return std::nullopt;
    }
    const auto& connection = claimed.row.connection;
    if (!connection || services_.connections.find(*connection) == nullptr) {
        return std::nullopt;
    }
    return connection;
}

dispatch::Cargo DeliveryCarrier::unpack(ports::ClaimedDelivery claimed) const {
    auto cargo = dispatch::unpack(services_, std::move(claimed));
    const auto& row = cargo.claimed.row;
    if (row.connection) {
        const auto settings = row.settings;
        dispatch::find_carrier(services_, cargo, *row.connection, settings);
    }
    return cargo;
}

core::Opening DeliveryCarrier::open(const dispatch::Cargo& cargo) const {
    const auto now = services_.clock.now();
    const bool ended = core::is_terminal(cargo.claimed.row.state) ||
                       cargo.claimed.row.work == Work::none || only_expires(cargo.claimed.row, now);
    if (cargo.fault && !ended) {
        return {Work::none, MachineEvent::unusable};
    }
    return cargo.machine(now).open();
}

/// False when it ended here: a document is gone, or the store does not answer.
sdk::Task<bool> DeliveryCarrier::find_documents(dispatch::Cargo& cargo) {
    const auto found = co_await dispatch::find_documents(services_, cargo);
    if (found.has_error()) {
        co_return false;
    }
    if (cargo.fault) {
        co_await end_without_call(cargo, MachineEvent::unusable);
        co_return false;
    }
    co_return true;
}

/// False when no attempt may follow: the lease was lost, a receipt or a cancel came first, or the
/// store does not answer.
sdk::Task<bool> DeliveryCarrier::record_intent(dispatch::Cargo& cargo) {
    const auto& row = cargo.claimed.row;
    const auto with = finishing(cargo);
    ports::BeginAttempt command;
    command.key = cargo.store_key();
    command.fence = cargo.claimed.fence;
    command.at = services_.clock.now();
    command.connection = cargo.connection->id();
    command.settings = cargo.delivery.settings;
    command.counts = row.state != core::DeliveryState::pending;
    if (command.counts) {
        cargo.delivery.attempt = row.attempts + 1;
        core::Params params{{"attempt", std::to_string(cargo.delivery.attempt)}};
        command.events.push_back(with.events.make("attempt_started", {}, std::move(params)));
    }
    const auto begun = co_await services_.store.begin_attempt(std::move(command));
    if (begun.has_error()) {
        co_return false;
    }
    cargo.claimed.row.state = core::DeliveryState::sending;
    GATEWAY_CRASH_POINT("dispatch.after_intent");
    co_return true;
}

sdk::Task<void> DeliveryCarrier::fetch_receipts(const dispatch::Cargo& cargo,
                                                dispatch::Place& place) {
    const auto recorder = std::make_shared<exchanges::Recorder>();
    auto answer = co_await dispatch::ask_for_receipts(services_, cargo, recorder);
    auto traces = traces_of(cargo, Work::receipts, *recorder);
    if (answer.has_error()) {
        if (answer.error().is(core::Errc::stale_fence)) {
            co_return;
        }
        if (answer.error().is(core::Errc::cancelled)) {
            co_await give_back(cargo.claimed);
            co_return;
        }
        place.tell(true);
        auto unanswered = receipt::finish_unanswered(finishing(cargo), std::nullopt);
        unanswered.exchanges = std::move(traces.exchanges);
        co_await write(std::move(unanswered));
        co_return;
    }
    place.tell(false);
    const auto with = finishing(cargo);
    auto state = cargo.claimed.row.state;
    if (answer->items.size() > receipt::receipts_max) {
        answer->items.resize(receipt::receipts_max);
        answer->ask_again = std::chrono::seconds(1);
    }
    GATEWAY_CRASH_POINT("receipt.before_apply");
    for (const auto& item : answer->items) {
        auto command = receipt::command_of(with, item);
        if (cargo.vault != nullptr) {
            receipt::add_keys(command, *cargo.vault, item);
        }
        policy_.follow(cargo, item, command);   // what takes over, should it fail now
        const auto applied = co_await services_.store.apply_receipt(command);
        if (applied.has_error()) {
            co_return;
        }
        policy_.count(cargo, command, *applied);
        state = applied->state;
    }
    GATEWAY_CRASH_POINT("receipt.after_apply");
    auto command = receipt::finish_receipts(with, state, answer->ask_again);
    command.exchanges = std::move(traces.exchanges);
    if (is_unread(cargo, state)) {
        policy_.apply_unread(cargo, command);
    }
    co_await write(std::move(command));
}

/// Its rule has come due, and nobody has told of an opening.
bool DeliveryCarrier::is_unread(const dispatch::Cargo& cargo, core::DeliveryState state) const {
    const auto& due = cargo.claimed.row.unread_at;
    return due && *due <= services_.clock.now() && state == core::DeliveryState::delivered;
}

sdk::Task<void> DeliveryCarrier::end_without_call(const dispatch::Cargo& cargo,
                                                  MachineEvent event) {
    const auto& row = cargo.claimed.row;
    if (event == MachineEvent::idle) {
        auto command = receipt::finish_receipts(finishing(cargo), row.state, std::nullopt);
        if (is_unread(cargo, row.state)) {
            policy_.apply_unread(cargo, command);
        }
        co_await write(std::move(command));
        co_return;
    }
    if (event == MachineEvent::unusable && core::is_handed_over(row.state) &&
        row.work == Work::receipts) {
        co_await write(receipt::finish_unanswered(finishing(cargo), std::nullopt));
        co_return;
    }
    sdk::Outcome outcome;
    if (cargo.fault && event == MachineEvent::unusable) {
        outcome.code = cargo.fault->code;
        outcome.params = cargo.fault->params;
    }
    CallTraces none;
    co_await end(cargo, event, std::move(outcome), std::move(none));
}

sdk::Task<void> DeliveryCarrier::end(const dispatch::Cargo& cargo, MachineEvent event,
                                     sdk::Outcome outcome, CallTraces traces) {
    const auto step = cargo.machine(services_.clock.now()).resume(event);
    auto command = receipt::finish(finishing(cargo), event, step, outcome);
    policy_.follow(cargo, event, outcome, command);   // what takes over, should it end here
    command.events.insert(command.events.begin(), std::make_move_iterator(traces.notes.begin()),
                          std::make_move_iterator(traces.notes.end()));
    command.exchanges = std::move(traces.exchanges);
    co_await write(std::move(command));
}

/// A full disk may be mended while the lease lasts. Any other failure leaves the delivery to its
/// lease.
sdk::Task<void> DeliveryCarrier::write(ports::FinishCommand command) {
    const auto id = command.key.delivery;
    for (int tries = 1;; ++tries) {
        const auto written = co_await services_.store.finish(command);
        if (written.has_value()) {
            GATEWAY_CRASH_POINT("dispatch.after_finish");
            warn_of_overdue(command);
            co_return;
        }
        if (!written.error().is(core::Errc::storage_full) || tries == write_tries_max) {
            core::Params fields{{"delivery", id.to_string()},
                                {"error", written.error().to_string()}};
            services_.log.write(sdk::Severity::warning, "finish_failed", fields);
            co_return;
        }
        co_await services_.clock.sleep_until(services_.clock.steady() + write_again_after);
    }
}

void DeliveryCarrier::warn_of_overdue(const ports::FinishCommand& command) const {
    const auto is_overdue = [](const ports::NewEvent& event) { return event.name == "overdue"; };
    if (std::any_of(command.events.begin(), command.events.end(), is_overdue)) {
        services_.log.write(sdk::Severity::warning, "receipt_overdue",
                            {{"delivery", command.key.delivery.to_string()}});
        services_.metrics.count("sluse_receipts_overdue_total", {});
    }
}

sdk::Task<void> DeliveryCarrier::give_back(ports::ClaimedDelivery claimed) {
    const auto now = services_.clock.now();
    co_await write(receipt::give_back(claimed, now, now));
}

dispatch::DurableProgress DeliveryCarrier::progress_of(const dispatch::Cargo& cargo) {
    const auto owner = cargo.claimed.row.message;
    const auto& key = *cargo.key;
    auto seal = [&ids = services_.ids, key, owner](std::string_view purpose,
                                                   std::string_view plain) {
        return key.seal(ids, purpose, owner.to_bytes(), plain);
    };
    auto event_of = [this, owner](core::Code code, core::Params params) {
        const receipt::EventMaker events(services_.ids, owner, nullptr, services_.clock.now());
        return events.make("attempt_progressed", std::move(code), std::move(params));
    };
    return {services_.store, cargo.store_key(), cargo.claimed.fence,
            cargo.progress,  std::move(seal),   std::move(event_of)};
}

/// Sealed with the message's key: it goes when the content does.
DeliveryCarrier::CallTraces DeliveryCarrier::traces_of(const dispatch::Cargo& cargo, Work work,
                                                       exchanges::Recorder& recorder) const {
    CallTraces traces;
    const auto passed = recorder.end();
    auto sealed = finishing(cargo).events.seal("exchanges", passed);
    if (sealed.empty()) {
        return traces;   // nothing passed
    }
    traces.exchanges.emplace();
    traces.exchanges->attempt = std::max(cargo.claimed.row.attempts, cargo.delivery.attempt);
    traces.exchanges->work = work;
    traces.exchanges->sealed = std::move(sealed);
    return traces;
}

receipt::Finishing DeliveryCarrier::finishing(const dispatch::Cargo& cargo) const {
    const receipt::EventMaker events(services_.ids, cargo.claimed.row.message,
                                     cargo.key ? &*cargo.key : nullptr, services_.clock.now());
    receipt::Finishing with(cargo.claimed, cargo.configuration->dispatch, events);
    with.vault = cargo.vault.get();
    if (cargo.capability != nullptr) {
        with.first_receipt_after = cargo.capability->first_receipt_after;
    }
    return with;
}

void DeliveryCarrier::count(const dispatch::Cargo& cargo, Work work,
                            const sdk::Outcome& outcome) const {
    services_.metrics.count("sluse_outcomes_total", {{"connection", cargo.connection->id().value},
                                                     {"work", name(work)},
                                                     {"verdict", name(outcome.verdict)}});
}

}   // namespace gateway::app
