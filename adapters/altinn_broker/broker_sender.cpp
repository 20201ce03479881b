#include "adapters/altinn_broker/broker_sender.hpp"

#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_exchange.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::altinn_broker {

using sdk::Outcome;
using sdk::Verdict;
using std::chrono::seconds;

namespace {

constexpr int transfer_unknown = 1;
constexpr int uploaded_before = 4;
constexpr int checksum_wrong = 9;
constexpr int actions_max = 40;   // of one attempt: beyond that it would be going in circles
constexpr std::chrono::minutes believed_missing_after{2};   // a call that was cut off may yet land
constexpr std::chrono::minutes search_before{10};           // clocks differ
constexpr seconds wait_for_upload{15};
constexpr std::size_t limits_max = 1000;
constexpr std::chrono::hours limit_life{1};

Outcome pending(seconds wait) {
    Outcome outcome(Verdict::pending);
    outcome.retry_after = wait;
    return outcome;
}

/// Content and settings were checked at accept: another shape now is a fault of ours, and no
/// waiting mends it.
Outcome unreadable() {
    return Outcome(Verdict::rejected, "service.internal");
}

Steps::Way way_of(const Settings& settings, std::uint64_t size) {
    if (size >= settings.resumable_from) {
        return Steps::Way::resumable;
    }
    return size <= settings.form_bytes_max ? Steps::Way::form : Steps::Way::raw;
}

/// Turned away at the door: nothing was begun.
bool turned_away(const sdk::HttpResponse& response) {
    return response.status == 429 || response.status == 503;
}

}   // namespace

sdk::Task<core::Result<sdk::HttpRequest>> plain(sdk::HttpRequest request) {
    co_return std::move(request);
}

sdk::Task<Outcome> FileSender::send(const core::Delivery& delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) {
    const auto transfer = read_transfer(delivery);
    if (!transfer) {
        co_return unreadable();
    }
    Steps steps(way_of(settings_, transfer->file().size));
    if (auto kept = Steps::read(progress.value())) {
        steps = std::move(*kept);   // what was begun goes on, whatever the configuration says now
    }
    steps.begin_attempt();
    Attempt attempt(*transfer, steps, progress, deadline);
    for (int done = 0; done < actions_max; ++done) {
        auto said = co_await perform(attempt);
        if (said) {
            co_return std::move(*said);
        }
    }
    co_return pending(wait_for_upload);
}

sdk::Task<FileSender::Said> FileSender::perform(Attempt& attempt) {
    switch (attempt.steps.next()) {
    case Steps::Do::make: co_return co_await make(attempt);
    case Steps::Do::send: co_return co_await send_form(attempt);
    case Steps::Do::find_made: co_return co_await find(attempt, true);
    case Steps::Do::find_sent: co_return co_await find(attempt, false);
    case Steps::Do::upload: co_return co_await upload(attempt);
    case Steps::Do::begin_tus: co_return co_await begin_tus(attempt);
    case Steps::Do::resume_tus: co_return co_await resume_tus(attempt);
    case Steps::Do::ask: co_return co_await ask(attempt);
    case Steps::Do::give_up: {
        const Outcome outcome(Verdict::rejected, "altinn_broker.upload_failed");
        co_return outcome;
    }
    case Steps::Do::finish: break;
    }
    Outcome outcome(Verdict::accepted);
    outcome.upstream_reference = attempt.steps.id();
    co_return outcome;
}

/// Nothing more may be done by who no longer holds the delivery.
sdk::Task<FileSender::Said> FileSender::remember(Attempt& attempt) {
    const auto kept = co_await attempt.progress.remember(attempt.steps.write());
    if (!kept) {
        co_return Outcome(Verdict::try_later, "attempt_interrupted");
    }
    co_return std::nullopt;
}

sdk::Task<FileSender::Said> FileSender::lost(Attempt& attempt) {
    attempt.steps.lost();
    attempt.progress.note("altinn_broker.made_anew", {});
    co_return co_await remember(attempt);
}

/// What the resource takes at most, where we may ask for it.
sdk::Task<FileSender::Said> FileSender::check_size(Attempt& attempt) {
    const Transfer& transfer = attempt.transfer;
    const std::string& resource = transfer.route.resource;
    const auto now = host_.clock.steady();
    const auto known = limits_.find(resource);
    std::uint64_t most = known == limits_.end() ? 0 : known->second.bytes_max;
    if (settings_.resource_limits && (known == limits_.end() || known->second.good_until <= now)) {
        Build build = [&] { return plain(get_resource(settings_.access.base_url, resource)); };
        auto token = owner_token(transfer.delivery->tenant.value);
        const auto reply = co_await client_.call(std::move(token), std::move(build),
                                                 sdk::Effect::none, attempt.deadline);
        // Another owner's resource tells us nothing: Altinn itself refuses what is too large then.
        const auto said = reply.response ? read_size_limit(*reply.response) : std::nullopt;
        most = said.value_or(0);
        if (limits_.size() >= limits_max) {
            limits_.clear();
        }
        limits_[resource] = Limit{most, now + limit_life};
    }
    if (most > 0 && transfer.file().size > most) {
        core::Params params{{"max", std::to_string(most)}};
        const Outcome outcome(Verdict::rejected, "altinn_broker.file_too_large", std::move(params));
        co_return outcome;
    }
    co_return std::nullopt;
}

sdk::Task<FileSender::Said> FileSender::make(Attempt& attempt) {
    if (auto too_large = co_await check_size(attempt)) {
        co_return too_large;
    }
    attempt.steps.making(host_.clock.now());
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn_broker.before_make");
    const std::string body = describe(attempt.transfer, settings_.without_scan);
    Build build = [&] { return plain(make_transfer(settings_.access.base_url, body)); };
    auto reply =
        co_await call(attempt.transfer, std::move(build), sdk::Effect::possible, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn_broker.made");
    if (!reply.response) {
        if (reply.outcome.verdict != Verdict::unknown) {
            attempt.steps.not_made();
            static_cast<void>(co_await remember(attempt));
        }
        co_return std::move(reply.outcome);
    }
    if (reply.response->status >= 400) {
        const auto outcome = outcome_of_refusal(*reply.response);
        if (outcome.verdict == Verdict::rejected || turned_away(*reply.response)) {
            attempt.steps.not_made();
            static_cast<void>(co_await remember(attempt));
        }
        co_return outcome;
    }
    const auto id = read_transfer_id(*reply.response);
    if (!id) {
        co_return sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::possible);
    }
    attempt.steps.made(*id);
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn_broker.id_known");
    co_return std::nullopt;
}

sdk::Task<FileSender::Said> FileSender::send_form(Attempt& attempt) {
    if (auto too_large = co_await check_size(attempt)) {
        co_return too_large;
    }
    attempt.steps.sending(host_.clock.now());
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn_broker.before_form");
    const std::string boundary = "sluse-" + attempt.transfer.delivery->id.to_string();
    Build build = [&] { return form(attempt.transfer, boundary); };
    auto reply =
        co_await call(attempt.transfer, std::move(build), sdk::Effect::possible, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn_broker.form_sent");
    if (!reply.response) {
        if (reply.outcome.verdict != Verdict::unknown) {
            attempt.steps.not_made();
            static_cast<void>(co_await remember(attempt));
        }
        co_return std::move(reply.outcome);
    }
    const sdk::HttpResponse& response = *reply.response;
    if (problem_number(response) == checksum_wrong) {
        co_return co_await lost(attempt);   // damaged on its way: that transfer is dead
    }
    if (response.status >= 400) {
        const auto outcome = outcome_of_refusal(response);
        if (outcome.verdict == Verdict::rejected || turned_away(response)) {
            attempt.steps.not_made();
            static_cast<void>(co_await remember(attempt));
        }
        co_return outcome;
    }
    const auto id = read_transfer_id(response);
    if (!id) {
        co_return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
    }
    attempt.steps.made(*id);
    attempt.steps.uploaded();
    co_return co_await remember(attempt);
}

/// A transfer whose making was not answered, by its reference: among what we made around that time.
sdk::Task<FileSender::Said> FileSender::find(Attempt& attempt, bool only_empty) {
    const Transfer& transfer = attempt.transfer;
    const auto now = host_.clock.steady();
    const auto slot = budget_.reserve_before(now, attempt.deadline.at);
    if (!slot) {
        co_return pending(SearchBudget::window);
    }
    co_await host_.clock.sleep_until(*slot);
    const auto since = attempt.steps.since();
    Build build = [&] {
        return plain(search_made(settings_.access.base_url, transfer.route.resource,
                                 since - search_before, since + search_before, only_empty));
    };
    // Without an answer it is as unknown as before.
    auto reply = co_await call(transfer, std::move(build), sdk::Effect::possible, attempt.deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    const auto ids = read_ids(*reply.response);
    if (!ids) {
        Outcome outcome = outcome_of_refusal(*reply.response);
        if (reply.response->status == 429) {
            const auto wait = outcome.retry_after.value_or(SearchBudget::window);
            budget_.pause(host_.clock.steady() + wait);
        }
        outcome.verdict = Verdict::try_later;   // a search that is refused says nothing of the file
        co_return outcome;
    }
    for (const auto& id : *ids) {
        Build overview = [&] { return plain(get_overview(settings_.access.base_url, id)); };
        auto answer =
            co_await call(transfer, std::move(overview), sdk::Effect::none, attempt.deadline);
        if (!answer.response) {
            co_return std::move(answer.outcome);
        }
        const auto known = read_overview(*answer.response);
        if (!known && answer.response->status != 404) {
            co_return outcome_of_refusal(*answer.response);
        }
        if (known && known->reference == transfer.reference()) {
            attempt.steps.made(id);
            if (!only_empty) {
                attempt.steps.uploading(host_.clock.now());   // then ask how far it came
            }
            attempt.progress.note("altinn_broker.found_again", {});
            co_return co_await remember(attempt);
        }
    }
    // What was made and not uploaded no recipient sees. What went in one call may yet come up.
    if (!only_empty && host_.clock.now() - since < believed_missing_after) {
        co_return pending(seconds(30));
    }
    attempt.steps.not_made();
    co_return co_await remember(attempt);
}

sdk::Task<FileSender::Said> FileSender::upload(Attempt& attempt) {
    attempt.steps.uploading(host_.clock.now());
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn_broker.before_upload");
    Build build = [&] { return whole(attempt.transfer, attempt.steps.id()); };
    auto reply =
        co_await call(attempt.transfer, std::move(build), sdk::Effect::possible, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn_broker.uploaded");
    if (!reply.response) {
        if (reply.outcome.verdict != Verdict::unknown) {
            attempt.steps.not_uploaded();
            static_cast<void>(co_await remember(attempt));
        }
        co_return std::move(reply.outcome);   // the next attempt asks how far it came
    }
    const sdk::HttpResponse& response = *reply.response;
    const int number = problem_number(response);
    if (number == uploaded_before) {
        co_return co_await ask(attempt);
    }
    if (number == checksum_wrong || number == transfer_unknown) {
        co_return co_await lost(attempt);
    }
    if (response.status >= 400) {
        co_return outcome_of_refusal(response);
    }
    if (!read_transfer_id(response)) {
        co_return sdk::outcome_of_bad_answer(response, sdk::Effect::possible);
    }
    attempt.steps.uploaded();
    co_return co_await remember(attempt);
}

/// How far a transfer has come at Altinn.
sdk::Task<FileSender::Said> FileSender::ask(Attempt& attempt) {
    Build build = [&] {
        return plain(get_overview(settings_.access.base_url, attempt.steps.id()));
    };
    auto reply =
        co_await call(attempt.transfer, std::move(build), sdk::Effect::none, attempt.deadline);
    if (!reply.response) {
        co_return std::move(reply.outcome);
    }
    if (reply.response->status == 404) {
        co_return co_await lost(attempt);
    }
    if (reply.response->status >= 400) {
        co_return outcome_of_refusal(*reply.response);
    }
    const auto overview = read_overview(*reply.response);
    if (!overview) {
        co_return sdk::outcome_of_bad_answer(*reply.response, sdk::Effect::none);
    }
    switch (overview->status) {
    case Status::initialized: attempt.steps.not_uploaded(); co_return co_await remember(attempt);
    case Status::upload_started:
        if (attempt.steps.stage() == Steps::Stage::uploading &&
            host_.clock.now() - attempt.steps.since() < believed_missing_after) {
            co_return pending(wait_for_upload);
        }
        co_return co_await lost(attempt);   // broke off, and cannot be taken up again
    case Status::cancelled:
    case Status::purged:
    case Status::failed: co_return co_await lost(attempt);
    default: break;
    }
    attempt.steps.uploaded();
    co_return co_await remember(attempt);
}

sdk::Task<altinn_platform::Reply> FileSender::call(const Transfer& transfer, Build build,
                                                   sdk::Effect effect, sdk::Deadline deadline) {
    auto token = token_of(settings_, transfer.sender);
    co_return co_await client_.call(std::move(token), std::move(build), effect, deadline);
}

sdk::Task<core::Result<sdk::HttpRequest>> FileSender::whole(const Transfer& transfer,
                                                            const std::string& id) {
    auto request = upload_raw(settings_.access.base_url, id);
    auto source = co_await host_.documents.open(transfer.delivery->tenant, transfer.file().sha256);
    if (!source) {
        co_return source.error();
    }
    request.stream = std::move(*source);
    co_return std::move(request);
}

sdk::Task<core::Result<sdk::HttpRequest>> FileSender::form(const Transfer& transfer,
                                                           const std::string& boundary) {
    auto request = upload_form(settings_.access.base_url, boundary);
    auto source = co_await host_.documents.open(transfer.delivery->tenant, transfer.file().sha256);
    if (!source) {
        co_return source.error();
    }
    auto chain = std::make_unique<sdk::ChainSource>();
    chain->add(
        std::make_unique<sdk::StringSource>(form_head(transfer, settings_.without_scan, boundary)));
    chain->add(std::move(*source));
    chain->add(std::make_unique<sdk::StringSource>(form_tail(boundary)));
    request.stream = std::move(chain);
    co_return std::move(request);
}

}   // namespace gateway::altinn_broker
