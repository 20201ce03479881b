// What has become of a file that was sent, or may have been: FileSender's questions.

#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_exchange.hpp"
#include "adapters/altinn_broker/broker_sender.hpp"

namespace gateway::altinn_broker {

using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr int transfer_unknown = 1;
constexpr std::chrono::hours gone_after{1};   // a replica at Altinn's side may lag behind

}   // namespace

sdk::Task<Outcome> FileSender::look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                       sdk::Deadline deadline) {
    const auto transfer = read_transfer(delivery);
    if (!transfer) {
        co_return Outcome(Verdict::rejected, "service.internal");   // checked at accept
    }
    const auto steps = Steps::read(progress.value());
    if (!steps || steps->id().empty()) {
        co_return Outcome(Verdict::not_found);
    }
    Build build = [&] { return plain(get_overview(settings_.access.base_url, steps->id())); };
    auto reply = co_await call(*transfer, std::move(build), sdk::Effect::none, deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    const auto overview = read_overview(*reply.response);
    if (!overview && reply.response->status != 404) {
        auto outcome = outcome_of_refusal(*reply.response);
        outcome.verdict = Verdict::try_later;   // says nothing about the file
        co_return outcome;
    }
    const bool there = overview && (overview->status == Status::processing ||
                                    overview->status == Status::published ||
                                    overview->status == Status::all_confirmed);
    Outcome outcome(there ? Verdict::accepted : Verdict::not_found);
    if (there) {
        outcome.code = "looked_up";
        outcome.upstream_reference = steps->id();
    }
    co_return outcome;
}

sdk::Task<core::Result<sdk::Receipts>> FileSender::poll(const core::Delivery& delivery,
                                                        sdk::Deadline deadline) {
    // Who is asked about has no content any more: its way's settings tell who sent.
    const auto with = json::parse(delivery.settings);
    std::string sender = with ? read_route(*with).sender : std::string();
    if (sender.empty()) {
        sender = delivery.tenant.value;
    }
    const std::string& id = delivery.upstream_reference;
    Build build = [&] { return plain(get_overview(settings_.access.base_url, id)); };
    auto token = token_of(settings_, sender);
    auto reply =
        co_await client_.call(std::move(token), std::move(build), sdk::Effect::none, deadline);
    if (!reply.response) {
        co_return core::Failure(core::Errc::unavailable, reply.outcome.code.value);
    }
    const auto now = host_.clock.now();
    if (reply.response->status == 404 && problem_number(*reply.response) == transfer_unknown &&
        now - delivery.accepted_at > gone_after) {
        sdk::Receipts gone;
        gone.items.emplace_back();
        gone.items.back().dedupe_id = id + ":gone";
        gone.items.back().at = now;
        gone.items.back().code = "altinn_broker.gone";
        co_return gone;
    }
    const auto overview = read_overview(*reply.response);
    if (!overview) {
        const auto outcome = outcome_of_refusal(*reply.response);
        co_return core::Failure(core::Errc::unavailable, outcome.code.value, outcome.upstream_text);
    }
    co_return receipts_of(*overview, delivery.accepted_at, now, settings_.follow_for);
}

}   // namespace gateway::altinn_broker
