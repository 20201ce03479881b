#include "gateway/app/settling.hpp"

#include "gateway/app/inbound_content.hpp"
#include "gateway/core/delivery_machine.hpp"
#include "gateway/json/value.hpp"
#include "gateway/runtime/crash_point.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/strand.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace gateway::app {

using core::Errc;
using core::Failure;

namespace {

constexpr std::size_t under_way_max = 32;
constexpr std::chrono::seconds call_time_max{60};
// A claim that was cut off is taken up again after this: longer than any call.
constexpr std::chrono::seconds claim_time{120};
constexpr std::chrono::seconds look_pace{2};
// After a look that found nothing, however much is told meanwhile: most commits settle nothing.
constexpr std::chrono::milliseconds breath{20};
constexpr std::size_t copies_max = 20;   // of one item, as routes may have
const core::RetryPolicy again{std::chrono::seconds(2), std::chrono::hours(1)};

sdk::Task<core::Result<sdk::Outcome>> as_result(sdk::Task<sdk::Outcome> call) {
    co_return co_await std::move(call);
}

}   // namespace

void Settling::start() {
    group_.spawn_on(boost::asio::make_strand(executor_), run());
}

sdk::Task<void> Settling::run() {
    std::size_t most = 1;   // a look that finds nothing costs little; one that does, goes on
    for (;;) {
        const auto seen = parts_.news.count();
        const Look found = co_await look(most);
        if (found == Look::told) {
            most = under_way_max;
            continue;
        }
        if (found == Look::found_nothing) {
            most = 1;
            co_await parts_.clock.sleep_until(parts_.clock.steady() + breath);
        }
        co_await parts_.news.wait(parts_.clock, seen, parts_.clock.in(look_pace));
    }
}

sdk::Task<bool> Settling::tell_due() {
    const Look found = co_await look(under_way_max);
    co_return found == Look::told;
}

sdk::Task<Settling::Look> Settling::look(std::size_t most) {
    const auto busy = under_way_.load();
    if (busy >= under_way_max) {
        co_return Look::no_place;
    }
    ports::SettlementClaim claim;
    claim.now = parts_.clock.now();
    claim.again_at = claim.now + claim_time;
    claim.limit = std::min(most, under_way_max - busy);
    for (std::size_t i = 0; i < claim.limit * copies_max; ++i) {
        claim.event_ids.push_back(parts_.ids.next<core::EventId>());
    }
    auto due = co_await parts_.store.claim_settlements(std::move(claim));
    if (due.has_error()) {
        co_return Look::found_nothing;
    }
    for (auto& settlement : *due) {
        if (settlement.overdue_now) {
            say_overdue(settlement);
        }
        ++under_way_;
        if (!group_.spawn_on(boost::asio::make_strand(executor_), tell(std::move(settlement)))) {
            --under_way_;
        }
    }
    co_return due->empty() ? Look::found_nothing : Look::told;
}

void Settling::say_overdue(const ports::Settlement& settlement) const {
    parts_.log.write(sdk::Severity::error, "inbox_overdue",
                     {{"connection", settlement.connection.value},
                      {"type", settlement.type},
                      {"item", settlement.id.to_string()}});
    parts_.metrics.count("sluse_inbox_overdue_total",
                         {{"connection", settlement.connection.value}, {"type", settlement.type}});
}

sdk::Task<sdk::Outcome> Settling::call(const ports::Settlement& settlement) {
    const auto connection = parts_.connections.find(settlement.connection);
    if (connection == nullptr) {
        co_return sdk::Outcome(sdk::Verdict::try_later);
    }
    std::optional<crypto::ContentKey> key;
    if (const auto vault = parts_.vaults.find(settlement.tenant)) {
        const auto unwrapped = vault->unwrap(settlement.wrapped_key, settlement.id.to_bytes());
        if (unwrapped.has_value()) {
            key = *unwrapped;
        }
    } else {
        co_return sdk::Outcome(sdk::Verdict::try_later);   // the tenant's key is away
    }
    // What does not open is told without: the component must have its answer.
    const auto* opener = key ? &*key : nullptr;
    const auto content =
        opened_inbound(opener, "content", settlement.id, settlement.sealed_content);
    const auto answer = opened_inbound(opener, "answer", settlement.id, settlement.sealed_answer);
    sdk::InboundSettled what;
    what.item = settlement.id;
    what.tenant = settlement.tenant;
    what.type = settlement.type;
    what.dedupe_id = settlement.dedupe_key;
    what.memo = content["memo"].as_string();
    what.settlement = settlement_of(settlement.kind);
    what.at = settlement.at;
    what.system = settlement.system;
    what.reason = answer["reason"].as_string();
    what.answer = answer["answer"];
    what.quarantined = settlement.quarantined;
    what.code = settlement.code;
    const auto deadline = parts_.clock.in(call_time_max);
    auto told = as_result(connection->settled(std::move(what), deadline));
    const auto outcome = co_await runtime::with_deadline(parts_.clock, deadline, std::move(told));
    co_return outcome.has_value() ? *outcome : sdk::Outcome(sdk::Verdict::unknown);
}

sdk::Task<void> Settling::tell(ports::Settlement settlement) {
    struct UnderWay {
        explicit UnderWay(std::atomic<std::size_t>& counter) : count(counter) {}
        ~UnderWay() { --count; }
        UnderWay(const UnderWay&) = delete;
        UnderWay& operator=(const UnderWay&) = delete;
        std::atomic<std::size_t>& count;
    };
    const UnderWay under_way(under_way_);
    const auto outcome = co_await call(settlement);
    GATEWAY_CRASH_POINT("inbox.told");
    const bool refused = outcome.verdict == sdk::Verdict::rejected;
    ports::SettlementDone done;
    done.tenant = settlement.tenant;
    done.id = settlement.id;
    if (refused) {
        parts_.log.write(sdk::Severity::error, "inbox_answer_refused",
                         {{"connection", settlement.connection.value},
                          {"code", outcome.code.value},
                          {"item", settlement.id.to_string()}});
    }
    const bool known = refused || outcome.verdict == sdk::Verdict::accepted;
    if (!known) {
        done.again_at =
            parts_.clock.now() + core::backoff(again, settlement.failures,
                                               parts_.ids.random_number(), outcome.retry_after);
    }
    const char* result = "later";
    if (known) {
        result = refused ? "refused" : "told";
    }
    parts_.metrics.count("sluse_inbox_settlements_total",
                         {{"connection", settlement.connection.value}, {"result", result}});
    const auto kept = co_await parts_.store.finish_settlement(std::move(done));
    static_cast<void>(kept);   // told again when its claim runs out
}

}   // namespace gateway::app
