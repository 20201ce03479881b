#include "adapters/altinn/altinn_adapter.hpp"

#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/altinn/altinn_errors.hpp"

#include <array>

namespace gateway::altinn {

using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr int too_late_to_purge = 1013;
constexpr int purged_before = 1014;
constexpr int sent_before = 1034;
constexpr int letter_unknown = 1001;
constexpr std::chrono::hours believed_missing_after{
    1};   // a replica at Altinn's side may lag behind

/// Content and settings were checked at accept: another shape now is a fault of ours, and no
/// waiting mends it.
Outcome unreadable() {
    return Outcome(Verdict::rejected, "service.internal");
}

sdk::Receipts letter_is_gone(const std::string& correspondence, core::Time now) {
    sdk::Receipt receipt;
    receipt.dedupe_id = correspondence + ":gone";
    receipt.at = now;
    receipt.code = "altinn.purged";
    sdk::Receipts receipts;
    receipts.items.push_back(std::move(receipt));
    return receipts;
}

}   // namespace

AltinnAdapter::AltinnAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      client_(settings_, host),
      poller_(settings_, host),
      system_users_(settings_.access, settings_.system_user, host) {}

sdk::Task<core::Result<void>> AltinnAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // tokens are fetched when the first letter goes
}

sdk::Task<void> AltinnAdapter::stop(sdk::Deadline) {
    co_await client_.stop();
    co_await poller_.stop();
    co_await system_users_.stop();
}

sdk::Task<sdk::ActAnswer> AltinnAdapter::act(sdk::Act act, sdk::Deadline deadline) {
    if (altinn_platform::SystemUsers::knows(act.name)) {
        co_return co_await system_users_.act(std::move(act), deadline);
    }
    co_return co_await sdk::Adapter::act(std::move(act), deadline);
}

sdk::Task<void> AltinnAdapter::receive() {
    co_await poller_.run();
}

sdk::Task<sdk::Health> AltinnAdapter::check_health(sdk::Deadline deadline) {
    co_return co_await client_.check_health(deadline);
}

sdk::Task<Outcome> AltinnAdapter::send(const core::Delivery& delivery, sdk::Progress& progress,
                                       sdk::Deadline deadline) {
    const auto letter = read_letter(delivery);
    if (!letter) {
        co_return unreadable();
    }
    if (letter->documents().empty()) {
        const auto exchange = send_json(*letter, {});
        co_return co_await send_at_once(*letter, exchange, progress, deadline);
    }
    // What was begun in steps goes on in steps, whatever the configuration says meanwhile.
    if (progress.value().empty() && fits_single_call(*letter, settings_)) {
        const auto exchange = send_multipart(*letter, settings_);
        co_return co_await send_at_once(*letter, exchange, progress, deadline);
    }
    co_return co_await send_in_steps(*letter, progress, deadline);
}

sdk::Task<Outcome> AltinnAdapter::send_at_once(const Letter& letter, const Exchange& exchange,
                                               sdk::Progress& progress, sdk::Deadline deadline) {
    auto reply = co_await client_.call(letter.delivery->tenant, exchange, deadline);
    co_return co_await conclude(*letter.delivery, letter.route.resource, std::move(reply), progress,
                                deadline);
}

/// What the answer to an initialise means, by whichever way it went.
sdk::Task<Outcome> AltinnAdapter::conclude(const core::Delivery& delivery,
                                           const std::string& resource, Reply reply,
                                           sdk::Progress& progress, sdk::Deadline deadline) {
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    const sdk::HttpResponse& response = *reply.response;
    if (problem_number(response) == sent_before) {
        auto found = co_await find(delivery, resource, deadline);
        if (found.verdict == Verdict::not_found) {
            co_return outcome_of_refusal(
                response);   // the key is used, and not by a letter we can see
        }
        if (found.verdict == Verdict::try_later) {
            found.verdict = Verdict::unknown;   // it is there: only its id is missing
        }
        co_return found;
    }
    if (response.status >= 400) {
        co_return outcome_of_refusal(response);
    }
    const auto made = read_initialised(response);
    if (!made) {
        co_return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
    }
    Outcome outcome(Verdict::accepted);
    outcome.upstream_reference = made->correspondence;
    if (made->status == "Reserved") {
        outcome.verdict = Verdict::rejected;
        outcome.code = "altinn.reserved";
    } else if (made->notice_failed) {
        progress.note("notice_failed", {});
    }
    co_return outcome;
}

sdk::Task<Outcome> AltinnAdapter::find(const core::Delivery& delivery, const std::string& resource,
                                       sdk::Deadline deadline) {
    const auto exchange = find_by_key(resource, delivery.upstream_key);
    auto reply = co_await client_.call(delivery.tenant, exchange, deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    if (reply.response->status >= 400) {
        auto outcome = outcome_of_refusal(*reply.response);
        outcome.verdict =
            Verdict::try_later;   // a look-up that is refused says nothing about the letter
        co_return outcome;
    }
    const auto ids = read_ids(*reply.response);
    if (!ids) {
        co_return sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::none);
    }
    if (ids->empty()) {
        co_return Outcome(Verdict::not_found);
    }
    Outcome outcome(Verdict::accepted, "looked_up");
    outcome.upstream_reference = ids->front();
    co_return outcome;
}

sdk::Task<Outcome> AltinnAdapter::look_up(const core::Delivery& delivery, sdk::Progress&,
                                          sdk::Deadline deadline) {
    const auto letter = read_letter(delivery);
    if (!letter) {
        co_return unreadable();
    }
    auto outcome = co_await find(delivery, letter->route.resource, deadline);
    if (outcome.verdict == Verdict::accepted) {
        const std::vector<std::string> none;
        co_await hold(delivery, none);   // they belong to the letter now
    }
    co_return outcome;
}

sdk::Task<core::Result<sdk::Receipts>> AltinnAdapter::poll_receipts(const core::Delivery& delivery,
                                                                    sdk::Deadline deadline) {
    Exchange exchange = get_overview(delivery.upstream_reference);
    if (settings_.notice_details) {
        exchange = get_details(delivery.upstream_reference);
    }
    auto reply = co_await client_.call(delivery.tenant, exchange, deadline);
    if (!reply.response) {
        co_return core::Failure(core::Errc::unavailable, reply.outcome.code.value);
    }
    const auto now = host_.clock.now();
    if (reply.response->status == 404 && problem_number(*reply.response) == letter_unknown &&
        now - delivery.accepted_at > believed_missing_after) {
        co_return letter_is_gone(delivery.upstream_reference, now);
    }
    if (reply.response->status >= 400) {
        const auto outcome = outcome_of_refusal(*reply.response);
        co_return core::Failure(core::Errc::unavailable, outcome.code.value, outcome.upstream_text);
    }
    auto receipts = read_receipts(*reply.response, settings_, delivery.accepted_at, now);
    if (!receipts) {
        co_return core::Failure(core::Errc::bad_answer, "overview",
                                sdk::peer_text(reply.response->body));
    }
    co_return std::move(*receipts);
}

sdk::Task<Outcome> AltinnAdapter::cancel(const core::Delivery& delivery, sdk::Deadline deadline) {
    if (!delivery.upstream_reference.empty()) {
        co_return co_await withdraw(delivery, delivery.upstream_reference, deadline);
    }
    const auto letter = read_letter(delivery);
    if (!letter) {
        co_return unreadable();
    }
    auto found = co_await find(delivery, letter->route.resource, deadline);
    if (found.verdict == Verdict::accepted) {
        co_return co_await withdraw(delivery, found.upstream_reference, deadline);
    }
    if (found.verdict == Verdict::not_found) {
        co_await delete_held(delivery, deadline);
        co_return Outcome(Verdict::accepted);
    }
    co_return found;
}

/// Altinn lets the sender purge until the letter is published.
sdk::Task<Outcome> AltinnAdapter::withdraw(const core::Delivery& delivery,
                                           const std::string& correspondence,
                                           sdk::Deadline deadline) {
    const auto exchange = purge(correspondence);
    auto reply = co_await client_.call(delivery.tenant, exchange, deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    const sdk::HttpResponse& response = *reply.response;
    Outcome withdrawn(Verdict::accepted);
    withdrawn.upstream_reference = correspondence;
    const int number = problem_number(response);
    if (response.status == 200 || number == purged_before ||
        (response.status == 404 && number != 0)) {
        co_return withdrawn;
    }
    if (number == too_late_to_purge || response.status >= 400) {
        co_return outcome_of_refusal(response);
    }
    co_return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 1> all = [] {
        std::array<sdk::Capability, 1> made;
        made[0].message_type = "letter/v1";
        made[0].deduplicates = sdk::Deduplicates::upstream;   // idempotentKey, for ever
        made[0].answers_lookup = true;
        made[0].receipts_arrive_later = true;
        made[0].can_cancel = true;
        made[0].attempt_time_max = std::chrono::seconds(100);
        made[0].first_receipt_after = std::chrono::seconds(3);
        made[0].limits.document_bytes_max = 50'000'000'000;
        made[0].limits.documents_max = 100;
        return made;
    }();
    return all;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<AltinnAdapter>(std::move(*settings), host));
}

}   // namespace gateway::altinn
