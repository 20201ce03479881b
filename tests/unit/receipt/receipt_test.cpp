#include "gateway/json/value.hpp"
#include "gateway/receipt/receiving.hpp"
#include "gateway/runtime/ids.hpp"
#include "tests/support/manual_clock.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::MachineEvent;
using core::Work;
using sdk::Outcome;
using sdk::ReceiptKind;
using sdk::Verdict;

const std::vector<ReceiptKind> every_kind{
    ReceiptKind::sent,          ReceiptKind::delivered, ReceiptKind::read,
    ReceiptKind::confirmed,     ReceiptKind::returned,  ReceiptKind::refused,
    ReceiptKind::failed,        ReceiptKind::cancelled, ReceiptKind::notice_sent,
    ReceiptKind::notice_failed, ReceiptKind::other};

/// A claimed delivery and everything its end is made from.
struct Claim {
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 5);
    crypto::Vault vault{crypto::SecretKey(std::array<std::uint8_t, 32>{7})};
    ports::ClaimedDelivery claimed;
    core::DispatchConfig rules;
    std::optional<crypto::ContentKey> key;

    Claim() {
        claimed.tenant = core::TenantId("958935420");
        claimed.row.id = ids->next<core::DeliveryId>();
        claimed.row.message = ids->next<core::MessageId>();
        claimed.row.state = DeliveryState::sending;
        claimed.fence.value = 4;
        key.emplace(vault.new_key(*ids, claimed.row.message.to_bytes()).key);
    }
    receipt::Finishing with() {
        const receipt::EventMaker events(*ids, claimed.row.message, &*key, clock.now());
        receipt::Finishing finishing(claimed, rules, events);
        finishing.vault = &vault;
        return finishing;
    }
    core::Step step(MachineEvent event) {
        core::DeliveryTraits traits;
        traits.answers_lookup = true;
        traits.upstream_deduplicates = true;
        traits.receipts_arrive_later = true;
        core::Situation situation;
        situation.state = claimed.row.state;
        situation.work = claimed.row.work;
        situation.failures = claimed.row.failures;
        return core::DeliveryMachine(traits, situation).resume(event);
    }
    ports::FinishCommand finish(MachineEvent event, const Outcome& outcome) {
        return receipt::finish(with(), event, step(event), outcome);
    }
    std::string opened(const ports::NewEvent& event) {
        return key->open("event", claimed.row.message.to_bytes(), event.sealed_params).value();
    }
};

std::vector<std::string> names(const ports::FinishCommand& command) {
    std::vector<std::string> result;
    for (const auto& event : command.events) {
        result.push_back(event.name);
    }
    return result;
}

using Names = std::vector<std::string>;

}   // namespace

TEST_CASE("receipt: every verdict of every work has its word for the machine") {
    const auto of = [](Verdict verdict, Work work) {
        return receipt::event_of(Outcome(verdict), work);
    };
    CHECK(of(Verdict::accepted, Work::send) == MachineEvent::accepted);
    CHECK(of(Verdict::pending, Work::send) == MachineEvent::progressed);
    CHECK(of(Verdict::rejected, Work::send) == MachineEvent::refused);
    CHECK(of(Verdict::try_later, Work::send) == MachineEvent::postponed);
    CHECK(of(Verdict::unknown, Work::send) == MachineEvent::lost);
    CHECK(of(Verdict::not_found, Work::send) == MachineEvent::lost);
    CHECK(of(Verdict::accepted, Work::look_up) == MachineEvent::found);
    CHECK(of(Verdict::pending, Work::look_up) == MachineEvent::progressed);
    CHECK(of(Verdict::rejected, Work::look_up) == MachineEvent::refused);
    CHECK(of(Verdict::try_later, Work::look_up) == MachineEvent::lookup_failed);
    CHECK(of(Verdict::unknown, Work::look_up) == MachineEvent::lookup_failed);
    CHECK(of(Verdict::not_found, Work::look_up) == MachineEvent::not_found);
    CHECK(of(Verdict::accepted, Work::cancel) == MachineEvent::withdrawn);
    CHECK(of(Verdict::rejected, Work::cancel) == MachineEvent::withdraw_refused);
    CHECK(of(Verdict::not_found, Work::cancel) == MachineEvent::withdraw_refused);
    CHECK(of(Verdict::try_later, Work::cancel) == MachineEvent::withdraw_failed);
    CHECK(of(Verdict::unknown, Work::cancel) == MachineEvent::withdraw_failed);
    CHECK(of(Verdict::pending, Work::cancel) == MachineEvent::withdraw_failed);
    Outcome done(Verdict::accepted);
    done.delivered_already = true;
    CHECK(receipt::event_of(done, Work::send) == MachineEvent::accepted_for_good);
    CHECK(receipt::event_of(done, Work::look_up) == MachineEvent::accepted_for_good);
}

TEST_CASE("receipt: an acceptance keeps the reference sealed and findable, and sets the watch") {
    Claim claim;
    Outcome outcome(Verdict::accepted);
    outcome.upstream_reference = "c0ffee";
    const auto command = claim.finish(MachineEvent::accepted, outcome);
    CHECK(command.state == DeliveryState::sent);
    CHECK(command.work == Work::receipts);
    CHECK(command.due == claim.clock.now() + 10s);
    CHECK(command.overdue_at == claim.clock.now() + claim.rules.receipt_overdue);
    CHECK(command.fence == claim.claimed.fence);
    CHECK(command.sealed_upstream_reference.find("c0ffee") == std::string::npos);
    CHECK(claim.key
              ->open("upstream", claim.claimed.row.message.to_bytes(),
                     command.sealed_upstream_reference)
              .value() == "c0ffee");
    REQUIRE(command.tokens.size() == 1);
    CHECK(command.tokens[0].token == claim.vault.token(crypto::TokenKind::upstream_id, "c0ffee"));
    CHECK(names(command) == Names{"sent"});
}

TEST_CASE("receipt: what the component said is sealed, cut at 4 KiB and made valid text") {
    Claim claim;
    Outcome outcome(Verdict::rejected, core::Code("upstream.refused"), {{"status", "400"}});
    outcome.upstream_text = std::string(4095, 'x') + "\xC3\xA5" + "more";
    const auto command = claim.finish(MachineEvent::refused, outcome);
    CHECK(command.code.value == "upstream.refused");
    CHECK(command.params == outcome.params);
    REQUIRE(names(command) == Names{"failed"});
    const auto said = json::parse(claim.opened(command.events[0])).value()["upstream"].as_string();
    CHECK(said == std::string(4095, 'x'));
    CHECK(receipt::clipped_utf8("a\xFF\xC3", 10) == "a??");
    CHECK(receipt::clipped_utf8("\xED\xA0\x80", 10) == "???");
    CHECK(receipt::clipped_utf8("\xF0\x9F\x93\xAC", 4) == "\xF0\x9F\x93\xAC");
    CHECK(receipt::clipped_utf8("\xF0\x9F\x93\xAC", 3).empty());
    CHECK(receipt::clipped_utf8("\xE0\x80\x80\xC0\xAF", 9) == "?????");
}

TEST_CASE("receipt: a failure that nobody gave a reason for is grouped by what it is") {
    Claim claim;
    const auto refused = claim.finish(MachineEvent::refused, Outcome(Verdict::rejected));
    CHECK(refused.code.value == "failed");
    CHECK(claim.finish(MachineEvent::expired, Outcome()).code.value == "expired");
    CHECK(claim.finish(MachineEvent::unusable, Outcome()).code.value == "held");
    CHECK(claim.finish(MachineEvent::postponed, Outcome(Verdict::try_later)).code.empty());
    sdk::Receipt item;
    item.kind = ReceiptKind::returned;
    CHECK(receipt::command_of(claim.with(), item).code.value == "returned");
    item.kind = ReceiptKind::failed;
    CHECK(receipt::command_of(claim.with(), item).code.value == "failed");
    item.kind = ReceiptKind::notice_failed;
    CHECK(receipt::command_of(claim.with(), item).code.value == "notice_failed");
}

TEST_CASE("receipt: a postponement says until when unless the component gave a reason") {
    Claim claim;
    const auto silent = claim.finish(MachineEvent::postponed, Outcome(Verdict::try_later));
    REQUIRE(names(silent) == Names{"attempt_postponed"});
    CHECK(silent.events[0].params == core::Params{{"until", core::to_rfc3339(*silent.due)}});
    CHECK(silent.failures == 1);
    const auto told = claim.finish(
        MachineEvent::postponed, Outcome(Verdict::try_later, core::Code("upstream.rate_limited")));
    CHECK(told.events[0].code.value == "upstream.rate_limited");
    CHECK(told.events[0].params.empty());
}

TEST_CASE("receipt: an unknown outcome marks the row, so that it is never called expired") {
    Claim claim;
    const auto lost = claim.finish(MachineEvent::lost,
                                   Outcome(Verdict::unknown, core::Code("upstream.answer_lost")));
    CHECK(lost.code.value == receipt::unknown_outcome_mark);
    CHECK(lost.events[0].code.value == "upstream.answer_lost");
    CHECK(claim.finish(MachineEvent::interrupted, Outcome()).code.value ==
          receipt::unknown_outcome_mark);
    CHECK(names(claim.finish(MachineEvent::interrupted, Outcome())) ==
          Names{"attempt_interrupted"});
}

TEST_CASE("receipt: waiting that repeats itself is told once") {
    Claim claim;
    const Outcome waiting(Verdict::pending, core::Code("altinn.attachment_scan_slow"));
    const auto first = claim.finish(MachineEvent::progressed, waiting);
    CHECK(names(first) == Names{"attempt_progressed"});
    claim.claimed.row.code = first.code;
    claim.claimed.row.params = first.params;
    CHECK(claim.finish(MachineEvent::progressed, waiting).events.empty());
    claim.claimed.row.code = core::Code(receipt::unknown_outcome_mark);
    CHECK(claim.finish(MachineEvent::lookup_failed, Outcome(Verdict::try_later)).events.empty());
}

TEST_CASE("receipt: a cancel leaves the reason of the state alone") {
    Claim claim;
    claim.claimed.row.state = DeliveryState::queued;
    claim.claimed.row.code = core::Code(receipt::unknown_outcome_mark);
    const auto refused = claim.finish(MachineEvent::withdraw_refused,
                                      Outcome(Verdict::rejected, core::Code("altinn.corr_01013")));
    CHECK(refused.cancel_answered);
    CHECK(refused.code.value == receipt::unknown_outcome_mark);
    CHECK(refused.events.at(0).code.value == "altinn.corr_01013");
    const auto silent = claim.finish(MachineEvent::withdraw_failed, Outcome(Verdict::unknown));
    CHECK_FALSE(silent.cancel_answered);
    CHECK(silent.work == Work::cancel);
    CHECK(silent.events.empty());
    CHECK(silent.code.value == receipt::unknown_outcome_mark);
}

TEST_CASE("receipt: a message that cannot be opened ends without sealed words") {
    Claim claim;
    const receipt::EventMaker keyless(*claim.ids, claim.claimed.row.message, nullptr,
                                      claim.clock.now());
    const receipt::Finishing with(claim.claimed, claim.rules, keyless);
    Outcome outcome(Verdict::unknown, core::Code("delivery.message_unreadable"));
    outcome.upstream_text = "secret";
    const auto command =
        receipt::finish(with, MachineEvent::unusable, claim.step(MachineEvent::unusable), outcome);
    CHECK(command.state == DeliveryState::held);
    CHECK(command.code.value == "delivery.message_unreadable");
    REQUIRE(names(command) == Names{"held"});
    CHECK(command.events[0].sealed_params.empty());
}

TEST_CASE("receipt: a claim given back changes nothing but when it is due") {
    Claim claim;
    claim.claimed.row.failures = 3;
    claim.claimed.row.work = Work::look_up;
    claim.claimed.row.code = core::Code("attempt_unknown");
    const auto command =
        receipt::give_back(claim.claimed, claim.clock.now(), claim.clock.now() + 1s);
    CHECK(command.state == claim.claimed.row.state);
    CHECK(command.work == Work::look_up);
    CHECK(command.failures == 3);
    CHECK(command.code == claim.claimed.row.code);
    CHECK(command.due == claim.clock.now() + 1s);
    CHECK(command.events.empty());
}

TEST_CASE(
    "receipt: every kind of news has a name, and moves the state only where it proves something") {
    std::map<ReceiptKind, std::optional<DeliveryState>> reached{
        {ReceiptKind::sent, DeliveryState::sent},
        {ReceiptKind::delivered, DeliveryState::delivered},
        {ReceiptKind::read, DeliveryState::read},
        {ReceiptKind::confirmed, DeliveryState::read},
        {ReceiptKind::returned, DeliveryState::failed},
        {ReceiptKind::refused, DeliveryState::failed},
        {ReceiptKind::failed, DeliveryState::failed},
        {ReceiptKind::cancelled, DeliveryState::cancelled},
        {ReceiptKind::notice_sent, std::nullopt},
        {ReceiptKind::notice_failed, std::nullopt},
        {ReceiptKind::other, std::nullopt}};
    for (const auto kind : every_kind) {
        CHECK(receipt::reached_by(kind) == reached.at(kind));
        CHECK_FALSE(receipt::event_name(kind).empty());
    }
    CHECK(receipt::cause_of(ReceiptKind::returned) == core::FailureCause::returned);
    CHECK(receipt::cause_of(ReceiptKind::refused) == core::FailureCause::refused);
    CHECK(receipt::cause_of(ReceiptKind::failed) == core::FailureCause::none);
}

TEST_CASE("receipt: news is told at its own time, but never in the future") {
    Claim claim;
    sdk::Receipt item;
    item.kind = ReceiptKind::read;
    item.dedupe_id = "x";
    item.at = claim.clock.now() - 1h;
    auto command = receipt::command_of(claim.with(), item);
    CHECK(command.at == item.at);
    CHECK(command.events.at(0).at == item.at);
    CHECK(command.events.at(0).name == "read");
    CHECK(command.code.value == "read");
    CHECK(command.fence == claim.claimed.fence);
    item.at = claim.clock.now() + 1h;
    CHECK(receipt::command_of(claim.with(), item).at == claim.clock.now());
    item.dedupe_id.clear();
    CHECK(receipt::command_of(claim.with(), item).dedupe_id == "read@" + core::to_rfc3339(item.at));
}

TEST_CASE("receipt: asking goes on at the configured pace until nothing more will come") {
    Claim claim;
    claim.claimed.row.state = DeliveryState::sent;
    claim.rules.receipt_pace = 2;
    const auto again = receipt::finish_receipts(claim.with(), DeliveryState::sent, 60s);
    CHECK(again.work == Work::receipts);
    CHECK(again.due == claim.clock.now() + 30s);
    const auto over =
        receipt::finish_receipts(claim.with(), DeliveryState::delivered, std::nullopt);
    CHECK(over.work == Work::none);
    CHECK_FALSE(over.due);
    CHECK(receipt::finish_receipts(claim.with(), DeliveryState::read, 60s).work == Work::receipts);
    CHECK(receipt::finish_receipts(claim.with(), DeliveryState::failed, 60s).work == Work::none);
    CHECK(receipt::at_pace(1s, 1000) == 100ms);
    CHECK(receipt::at_pace(1s, 0) == 1000s);
    CHECK(receipt::at_pace(1s, -3) == 1000s);
}

TEST_CASE("receipt: an overdue receipt is said once, and looked for on time") {
    Claim claim;
    claim.claimed.row.state = DeliveryState::sent;
    claim.claimed.row.overdue_at = claim.clock.now() + 20s;
    const auto before = receipt::finish_receipts(claim.with(), DeliveryState::sent, 60s);
    CHECK(before.due == claim.clock.now() + 20s);
    CHECK(before.events.empty());
    claim.clock.advance(20s);
    const auto late = receipt::finish_receipts(claim.with(), DeliveryState::sent, 60s);
    CHECK(names(late) == Names{"overdue"});
    CHECK(late.overdue_said);
    const auto unanswered = receipt::finish_unanswered(claim.with(), std::nullopt);
    CHECK(names(unanswered) == Names{"overdue"});
    CHECK(unanswered.failures == 1);
    const auto came = receipt::finish_receipts(claim.with(), DeliveryState::delivered, 60s);
    CHECK(came.events.empty());
    CHECK_FALSE(came.overdue_said);   // what came has taken the watch away, or set another
    claim.claimed.row.state = DeliveryState::delivered;
    const auto next = receipt::finish_receipts(claim.with(), DeliveryState::delivered, 60s);
    CHECK(names(next) == Names{"overdue"});
    CHECK(next.overdue_said);
}

TEST_CASE("receipt: an acceptance may say when its first receipt is overdue, a receipt the next") {
    Claim claim;
    sdk::Outcome accepted(sdk::Verdict::accepted);
    accepted.receipt_due = 90s;
    core::Step step;
    step.state = DeliveryState::sent;
    step.receipt_expected = true;
    const auto finished =
        receipt::finish(claim.with(), core::MachineEvent::accepted, step, accepted);
    CHECK(finished.overdue_at == claim.clock.now() + 90s);
    sdk::Receipt receipt;
    receipt.kind = sdk::ReceiptKind::delivered;
    receipt.next_due = 24h;
    CHECK(receipt::command_of(claim.with(), receipt).overdue_at == claim.clock.now() + 24h);
    receipt.next_due.reset();
    CHECK_FALSE(receipt::command_of(claim.with(), receipt).overdue_at);
}
