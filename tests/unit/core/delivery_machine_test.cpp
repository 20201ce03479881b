#include "gateway/core/delivery_machine.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace {

using namespace gateway::core;
using namespace std::chrono_literals;

DeliveryTraits altinn_like() {
    DeliveryTraits traits;
    traits.upstream_deduplicates = true;
    traits.answers_lookup = true;
    traits.receipts_arrive_later = true;
    traits.can_cancel = true;
    return traits;
}

Situation in(DeliveryState state, Work work) {
    Situation situation;
    situation.state = state;
    situation.work = work;
    return situation;
}

Step resumed(DeliveryTraits traits, Situation situation, MachineEvent event) {
    return DeliveryMachine(traits, situation).resume(event);
}

constexpr auto queued = DeliveryState::queued;
constexpr auto sending = DeliveryState::sending;
constexpr auto pending = DeliveryState::pending;
constexpr auto sent = DeliveryState::sent;
constexpr auto delivered = DeliveryState::delivered;

const std::vector<DeliveryState> every_state{queued,
                                             sending,
                                             pending,
                                             sent,
                                             delivered,
                                             DeliveryState::read,
                                             DeliveryState::failed,
                                             DeliveryState::expired,
                                             DeliveryState::cancelled,
                                             DeliveryState::held};

}   // namespace

TEST_CASE("machine: what was accepted waits for its first receipt when receipts come later") {
    const Step step = resumed(altinn_like(), in(sending, Work::send), MachineEvent::accepted);
    CHECK(step == Step{sent, Work::receipts, When::first_receipt, false, false, true});
    CHECK(resumed(altinn_like(), in(sending, Work::look_up), MachineEvent::found) == step);
}

TEST_CASE("machine: where receipts come by themselves they are expected, and nobody asks") {
    DeliveryTraits traits = altinn_like();
    traits.receipts_are_pushed = true;
    const Step step = resumed(traits, in(sending, Work::send), MachineEvent::accepted);
    CHECK(step == Step{sent, Work::none, When::never, false, false, true});
    CHECK(resumed(traits, in(sending, Work::look_up), MachineEvent::found) == step);
    for (const auto state : {sent, delivered, DeliveryState::read}) {
        const DeliveryMachine machine(traits, in(state, Work::receipts));
        CHECK(machine.open() == Opening{Work::none, MachineEvent::idle});
    }
    auto unwithdrawn = in(sent, Work::cancel);
    unwithdrawn.cancel_requested = true;
    CHECK(DeliveryMachine(traits, unwithdrawn).open() == Opening{Work::cancel, std::nullopt});
    CHECK(resumed(traits, unwithdrawn, MachineEvent::withdraw_refused) ==
          Step{sent, Work::none, When::never, false, true});
}

TEST_CASE("machine: what was accepted rests as sent when no receipt will come") {
    DeliveryTraits traits = altinn_like();
    traits.receipts_arrive_later = false;
    CHECK(resumed(traits, in(sending, Work::send), MachineEvent::accepted) ==
          Step{sent, Work::none, When::never, false, false});
}

TEST_CASE("machine: an acceptance for good is a delivery") {
    CHECK(resumed(altinn_like(), in(sending, Work::send), MachineEvent::accepted_for_good) ==
          Step{delivered, Work::none, When::never, false, false});
}

TEST_CASE("machine: progress is kept as pending and goes on soon") {
    CHECK(resumed(altinn_like(), in(sending, Work::send), MachineEvent::progressed) ==
          Step{pending, Work::send, When::soon, false, false});
}

TEST_CASE("machine: a refusal is final and a passing fault backs off") {
    CHECK(resumed(altinn_like(), in(sending, Work::send), MachineEvent::refused) ==
          Step{DeliveryState::failed, Work::none, When::never, false, false});
    CHECK(resumed(altinn_like(), in(sending, Work::send), MachineEvent::postponed) ==
          Step{queued, Work::send, When::backoff, true, false});
}

TEST_CASE("machine: a lost answer is looked up where the component can be asked") {
    const Step look{sending, Work::look_up, When::backoff, true, false};
    CHECK(resumed(altinn_like(), in(sending, Work::send), MachineEvent::lost) == look);
    CHECK(resumed(altinn_like(), in(sending, Work::send), MachineEvent::interrupted) == look);
    CHECK(resumed(altinn_like(), in(sending, Work::look_up), MachineEvent::lookup_failed) == look);
}

TEST_CASE("machine: a lost answer is repeated only where somebody deduplicates, else held") {
    DeliveryTraits traits;
    traits.upstream_deduplicates = true;
    CHECK(resumed(traits, in(sending, Work::send), MachineEvent::lost) ==
          Step{queued, Work::send, When::backoff, true, false});
    traits.upstream_deduplicates = false;
    CHECK(resumed(traits, in(sending, Work::send), MachineEvent::lost) ==
          Step{DeliveryState::held, Work::none, When::never, false, false});
}

TEST_CASE("machine: what is not found is sent again only when that cannot double it") {
    DeliveryTraits traits = altinn_like();
    const Step again{queued, Work::send, When::backoff, true, false};
    CHECK(resumed(traits, in(sending, Work::look_up), MachineEvent::not_found) == again);
    traits.upstream_deduplicates = false;
    CHECK(resumed(traits, in(sending, Work::look_up), MachineEvent::not_found).state ==
          DeliveryState::held);
    traits.lookup_is_final = true;
    CHECK(resumed(traits, in(sending, Work::look_up), MachineEvent::not_found) == again);
}

TEST_CASE(
    "machine: an interrupted attempt is cleared up before a cancel, an expiry or a new attempt") {
    Situation situation = in(sending, Work::send);
    situation.was_interrupted = true;
    situation.cancel_requested = true;
    situation.is_expired = true;
    CHECK(DeliveryMachine(altinn_like(), situation).open() == Opening{Work::look_up, std::nullopt});
    DeliveryTraits silent = altinn_like();
    silent.answers_lookup = false;
    CHECK(DeliveryMachine(silent, situation).open() ==
          Opening{Work::none, MachineEvent::interrupted});
}

TEST_CASE("machine: what nobody can look up is asked back when it is to be cancelled, not held") {
    DeliveryTraits silent = altinn_like();
    silent.answers_lookup = false;
    silent.upstream_deduplicates = false;
    Situation situation = in(sending, Work::send);
    situation.cancel_requested = true;
    const Step ask_back{sending, Work::cancel, When::now, false, false};
    for (const auto event :
         {MachineEvent::lost, MachineEvent::interrupted, MachineEvent::not_found}) {
        CHECK(resumed(silent, situation, event) == ask_back);
    }
    situation.work = Work::cancel;
    CHECK(DeliveryMachine(silent, situation).open() == Opening{Work::cancel, std::nullopt});
    CHECK(resumed(silent, situation, MachineEvent::withdraw_refused) ==
          Step{DeliveryState::held, Work::none, When::never, false, true});
    CHECK(resumed(silent, situation, MachineEvent::withdrawn).state == DeliveryState::cancelled);
    silent.can_cancel = false;
    CHECK(resumed(silent, situation, MachineEvent::lost).state == DeliveryState::held);
    CHECK(DeliveryMachine(silent, situation).open() ==
          Opening{Work::none, MachineEvent::withdraw_refused});
}

TEST_CASE("machine: a wish to cancel goes before expiry and before the work") {
    for (const auto state : {queued, pending, sent, delivered}) {
        Situation situation = in(state, Work::send);
        situation.cancel_requested = true;
        situation.is_expired = true;
        CHECK(DeliveryMachine(altinn_like(), situation).open() ==
              Opening{Work::cancel, std::nullopt});
        DeliveryTraits traits = altinn_like();
        traits.can_cancel = false;
        CHECK(DeliveryMachine(traits, situation).open() ==
              Opening{Work::none, MachineEvent::withdraw_refused});
    }
    CHECK(DeliveryMachine(altinn_like(), in(sent, Work::cancel)).open().work == Work::cancel);
}

TEST_CASE("machine: only what is not yet handed over expires") {
    for (const auto state : {queued, pending}) {
        Situation situation = in(state, Work::send);
        situation.is_expired = true;
        CHECK(DeliveryMachine(altinn_like(), situation).open() ==
              Opening{Work::none, MachineEvent::expired});
    }
    Situation handed_over = in(sent, Work::receipts);
    handed_over.is_expired = true;
    CHECK(DeliveryMachine(altinn_like(), handed_over).open().work == Work::receipts);
}

TEST_CASE("machine: what expires while its outcome is unknown is held, never called expired") {
    Situation situation = in(queued, Work::send);
    situation.is_expired = true;
    situation.outcome_unknown = true;
    const DeliveryMachine machine(altinn_like(), situation);
    CHECK(machine.open() == Opening{Work::none, MachineEvent::undecided});
    CHECK(machine.resume(MachineEvent::undecided).state == DeliveryState::held);
}

TEST_CASE("machine: due work is done as it stands") {
    CHECK(DeliveryMachine(altinn_like(), in(queued, Work::send)).open().work == Work::send);
    CHECK(DeliveryMachine(altinn_like(), in(pending, Work::send)).open().work == Work::send);
    CHECK(DeliveryMachine(altinn_like(), in(sent, Work::receipts)).open().work == Work::receipts);
    CHECK(DeliveryMachine(altinn_like(), in(sending, Work::look_up)).open().work == Work::look_up);
    CHECK(DeliveryMachine(altinn_like(), in(sent, Work::none)).open().settle == MachineEvent::idle);
}

TEST_CASE("machine: a terminal or held delivery is left alone whatever the work says") {
    for (const auto state : every_state) {
        if (!is_terminal(state) && state != DeliveryState::held) {
            continue;
        }
        Situation situation = in(state, Work::send);
        situation.cancel_requested = true;
        const DeliveryMachine machine(altinn_like(), situation);
        CHECK(machine.open() == Opening{Work::none, MachineEvent::idle});
        CHECK(machine.resume(MachineEvent::idle).state == state);
        CHECK(machine.resume(MachineEvent::idle).work == Work::none);
    }
}

TEST_CASE("machine: what was read is asked about further while a confirmation may come") {
    auto read = in(DeliveryState::read, Work::receipts);
    CHECK(DeliveryMachine(altinn_like(), read).open().work == Work::receipts);
    read.cancel_requested = true;   // which reading it has answered
    CHECK(DeliveryMachine(altinn_like(), read).open().work == Work::receipts);
}

TEST_CASE("machine: a cancel the component agreed to ends the delivery") {
    CHECK(resumed(altinn_like(), in(sent, Work::cancel), MachineEvent::withdrawn) ==
          Step{DeliveryState::cancelled, Work::none, When::never, false, true});
}

TEST_CASE("machine: a refused cancel leaves the state and goes on with its former work") {
    const auto refused = MachineEvent::withdraw_refused;
    CHECK(resumed(altinn_like(), in(queued, Work::cancel), refused) ==
          Step{queued, Work::send, When::now, false, true});
    CHECK(resumed(altinn_like(), in(pending, Work::cancel), refused) ==
          Step{pending, Work::send, When::now, false, true});
    CHECK(resumed(altinn_like(), in(sent, Work::cancel), refused) ==
          Step{sent, Work::receipts, When::soon, false, true});
    CHECK(resumed(altinn_like(), in(sending, Work::cancel), refused).work == Work::look_up);
    DeliveryTraits silent = altinn_like();
    silent.receipts_arrive_later = false;
    CHECK(resumed(silent, in(sent, Work::cancel), refused) ==
          Step{sent, Work::none, When::never, false, true});
}

TEST_CASE("machine: a cancel without an answer is tried again, after hand-over only so often") {
    Situation situation = in(sent, Work::cancel);
    const auto failed = MachineEvent::withdraw_failed;
    CHECK(resumed(altinn_like(), situation, failed) ==
          Step{sent, Work::cancel, When::backoff, true, false});
    situation.failures = cancel_tries_max - 1;
    CHECK(resumed(altinn_like(), situation, failed).cancel_answered);
    CHECK(resumed(altinn_like(), situation, failed).work == Work::receipts);
    DeliveryTraits pushes = altinn_like();
    pushes.receipts_are_pushed = true;   // nobody else would ever tell what became of it
    CHECK(resumed(pushes, situation, failed).work == Work::cancel);
    situation.state = queued;
    CHECK(resumed(altinn_like(), situation, failed).work == Work::cancel);
    situation.is_expired = true;
    CHECK(resumed(altinn_like(), situation, failed).state == DeliveryState::expired);
    CHECK(resumed(altinn_like(), situation, failed).cancel_answered);
    situation.outcome_unknown = true;
    CHECK(resumed(altinn_like(), situation, failed).state == DeliveryState::held);
}

TEST_CASE("machine: what nobody can carry is held, but a handed-over delivery keeps its state") {
    const auto unusable = MachineEvent::unusable;
    CHECK(resumed(altinn_like(), in(queued, Work::send), unusable) ==
          Step{DeliveryState::held, Work::none, When::never, false, false});
    CHECK(resumed(altinn_like(), in(sending, Work::send), unusable) ==
          Step{DeliveryState::held, Work::look_up, When::never, false, false});
    CHECK(resumed(altinn_like(), in(sent, Work::receipts), unusable) ==
          Step{sent, Work::receipts, When::backoff, true, false});
}

TEST_CASE("machine: no event moves a delivery to expired or cancelled after an unknown outcome") {
    for (const auto event : {MachineEvent::lost, MachineEvent::interrupted,
                             MachineEvent::lookup_failed, MachineEvent::not_found}) {
        for (const bool deduplicates : {true, false}) {
            for (const bool lookup : {true, false}) {
                DeliveryTraits traits = altinn_like();
                traits.upstream_deduplicates = deduplicates;
                traits.answers_lookup = lookup;
                const auto state = resumed(traits, in(sending, Work::look_up), event).state;
                CHECK((state == queued || state == sending || state == DeliveryState::held));
                CHECK((state != queued || deduplicates));
            }
        }
    }
}

TEST_CASE("machine: back-off doubles up to its ceiling, with jitter over the upper half") {
    const RetryPolicy policy{2s, 1h};
    CHECK(backoff(policy, 0, 0) == 1s);
    CHECK(backoff(policy, 0, 1'000) == 2s);
    CHECK(backoff(policy, 3, 0) == 8s);
    CHECK(backoff(policy, 40, 0) == 30min);
    CHECK(backoff(policy, 1'000'000, 0) == 30min);
    CHECK(backoff(policy, -3, 0) == 1s);
    for (std::uint64_t random = 0; random < 10'000; random += 7) {
        const auto wait = backoff(policy, 4, random);
        CHECK((wait >= 16s && wait <= 32s));
    }
    CHECK(backoff(policy, 2, ~0ULL) <= 8s);
}

TEST_CASE("machine: a component's Retry-After is a minimum and has a ceiling") {
    const RetryPolicy policy{2s, 1h};
    CHECK(backoff(policy, 0, 0, 30s) == 30s);
    CHECK(backoff(policy, 0, 0, 24h) == 1h);
    CHECK(backoff(policy, 20, 0, 5s) == 30min);
    CHECK(backoff(policy, 0, 0, 0s) == 1s);
    CHECK(backoff(policy, 0, 0, -5s) == 1s);
    CHECK(backoff(policy, 0, 0, std::nullopt) == 1s);
}
