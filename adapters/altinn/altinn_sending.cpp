// The letter whose files go one by one: AltinnAdapter's actions for what Steps says is next.

#include "adapters/altinn/altinn_adapter.hpp"
#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/altinn/altinn_errors.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::altinn {

using sdk::Outcome;
using sdk::Verdict;
using std::chrono::seconds;

namespace {

constexpr int attachment_not_found = 2001;
constexpr int uploaded_before = 2005;
constexpr int deleted_at_altinn = 2006;
constexpr int belongs_to_a_letter = 2007;
constexpr int not_published = 1018;
constexpr int attachment_unknown = 1007;
constexpr int expires_too_soon = 1055;
constexpr seconds scan_pace_min{1};
constexpr seconds scan_pace_max{300};
constexpr seconds removal_pause{30};
constexpr std::size_t actions_per_document_max =
    16;   // of one attempt: beyond that it would be going in circles

/// The letter itself is untouched by what happened to a file: nothing unknown about it.
Outcome later(Outcome outcome) {
    if (outcome.verdict == Verdict::unknown) {
        outcome.verdict = Verdict::try_later;
    }
    return outcome;
}

std::string ledger_key(const core::Delivery& delivery) {
    return "held/" + delivery.id.to_string();
}

}   // namespace

sdk::Task<Outcome> AltinnAdapter::send_in_steps(const Letter& letter, sdk::Progress& progress,
                                                sdk::Deadline deadline) {
    Steps steps(letter.documents().size());
    if (auto kept = Steps::read(progress.value(), letter.documents().size())) {
        steps = std::move(*kept);
    }
    for (std::size_t lost = steps.forget_lost(); lost > 0; --lost) {
        progress.note("attachment_lost", {});
    }
    Attempt attempt(letter, steps, progress, deadline);
    for (std::size_t done = 0; done < actions_per_document_max * (letter.documents().size() + 1);
         ++done) {
        const auto action = steps.next();
        auto said = co_await perform(attempt, action);
        if (said) {
            co_return std::move(*said);
        }
    }
    Outcome outcome(Verdict::pending);
    outcome.retry_after = removal_pause;
    co_return outcome;
}

sdk::Task<AltinnAdapter::Said> AltinnAdapter::perform(Attempt& attempt, Steps::Action action) {
    switch (action.what) {
    case Steps::Do::make: co_return co_await make(attempt, action.index);
    case Steps::Do::upload: co_return co_await upload(attempt, action.index);
    case Steps::Do::ask: co_return co_await ask(attempt, action.index);
    case Steps::Do::remove: co_return co_await remove(attempt);
    case Steps::Do::send: co_return co_await finish(attempt);
    case Steps::Do::refuse: break;
    }
    const std::vector<std::string> none;
    co_await hold(*attempt.letter.delivery, none);
    co_return attempt.steps.refusal();
}

/// Nothing more may be done by who no longer holds the delivery.
sdk::Task<AltinnAdapter::Said> AltinnAdapter::remember(Attempt& attempt) {
    const auto kept = co_await attempt.progress.remember(attempt.steps.write());
    if (!kept) {
        co_return Outcome(Verdict::try_later, "attempt_interrupted");
    }
    co_return std::nullopt;
}

sdk::Task<AltinnAdapter::Said> AltinnAdapter::make(Attempt& attempt, std::size_t index) {
    const core::Delivery& delivery = *attempt.letter.delivery;
    attempt.steps.making(index);
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn.before_attachment");
    const auto exchange = make_attachment(attempt.letter, settings_, index);
    auto reply = co_await client_.call(delivery.tenant, exchange, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn.attachment_made");
    if (!reply.response) {
        if (reply.outcome.verdict == Verdict::unknown) {
            co_return later(std::move(reply.outcome));   // remembered as under way: lost
        }
        attempt.steps.not_made(index);
        if (reply.outcome.verdict == Verdict::rejected) {
            co_return co_await refuse(attempt, reply.outcome);
        }
        static_cast<void>(co_await remember(attempt));
        co_return std::move(reply.outcome);
    }
    const sdk::HttpResponse& response = *reply.response;
    if (response.status >= 400) {
        const auto outcome = outcome_of_refusal(response);
        if (outcome.verdict == Verdict::rejected) {
            attempt.steps.not_made(index);
            co_return co_await refuse(attempt, outcome);
        }
        if (response.status == 429 || response.status == 503) {
            attempt.steps.not_made(index);   // turned away at the door
            static_cast<void>(co_await remember(attempt));
        }
        co_return outcome;
    }
    const auto id = read_attachment_id(response);
    if (!id) {
        co_return sdk::outcome_of_bad_answer(response, sdk::Effect::none);
    }
    attempt.steps.made(index, *id);
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn.attachment_known");
    const auto held = attempt.steps.held_ids();
    co_await hold(delivery, held);
    co_return std::nullopt;
}

sdk::Task<AltinnAdapter::Said> AltinnAdapter::upload(Attempt& attempt, std::size_t index) {
    const core::Delivery& delivery = *attempt.letter.delivery;
    attempt.steps.uploading(index);
    if (auto stopped = co_await remember(attempt)) {
        co_return stopped;
    }
    GATEWAY_CRASH_POINT("altinn.before_upload");
    const auto exchange = upload_attachment(attempt.steps.id(index), delivery.documents[index]);
    auto reply = co_await client_.call(delivery.tenant, exchange, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn.attachment_uploaded");
    if (!reply.response) {
        if (reply.outcome.verdict == Verdict::rejected) {
            co_return co_await refuse(attempt, reply.outcome);
        }
        co_return later(std::move(reply.outcome));   // the next attempt asks how far it came
    }
    const sdk::HttpResponse& response = *reply.response;
    const int number = problem_number(response);
    if (number == attachment_not_found || number == deleted_at_altinn) {
        co_return co_await replace(attempt, index, false);
    }
    if (response.status >= 400 && number != uploaded_before) {
        const auto outcome = outcome_of_refusal(response);
        if (outcome.verdict == Verdict::rejected) {
            co_return co_await refuse(attempt, outcome);
        }
        co_return outcome;
    }
    if (response.status < 400 && !read_attachment(response)) {
        co_return sdk::outcome_of_bad_answer(response, sdk::Effect::none);
    }
    attempt.steps.uploaded(index, host_.clock.now());
    attempt.progress.note("attachment_uploaded", {});
    co_return co_await remember(attempt);
}

sdk::Task<AltinnAdapter::Said> AltinnAdapter::ask(Attempt& attempt, std::size_t index) {
    const auto exchange = get_attachment(attempt.steps.id(index));
    auto reply = co_await client_.call(attempt.letter.delivery->tenant, exchange, attempt.deadline);
    if (!reply.response) {
        if (reply.outcome.verdict == Verdict::rejected) {
            co_return co_await refuse(attempt, reply.outcome);
        }
        co_return std::move(reply.outcome);
    }
    co_return co_await judge(attempt, index, *reply.response);
}

/// How far an attachment has come at Altinn.
sdk::Task<AltinnAdapter::Said> AltinnAdapter::judge(Attempt& attempt, std::size_t index,
                                                    const sdk::HttpResponse& response) {
    const bool upload_unsure = attempt.steps.stage(index) == Steps::Stage::uploading;
    if (response.status == 404) {
        co_return co_await replace(attempt, index, false);
    }
    if (response.status >= 400) {
        const auto outcome = outcome_of_refusal(response);
        if (outcome.verdict == Verdict::rejected) {
            co_return co_await refuse(attempt, outcome);
        }
        co_return outcome;
    }
    const auto overview = read_attachment(response);
    if (!overview) {
        co_return sdk::outcome_of_bad_answer(response, sdk::Effect::none);
    }
    switch (overview->status) {
    case AttachmentStatus::published:
        GATEWAY_CRASH_POINT("altinn.attachment_published");
        attempt.steps.published(index);
        attempt.progress.note("attachment_published", {});
        co_return co_await remember(attempt);
    case AttachmentStatus::expired:
    case AttachmentStatus::purged: co_return co_await replace(attempt, index, false);
    case AttachmentStatus::failed: {
        if (upload_unsure) {
            co_return co_await replace(attempt, index,
                                       true);   // the transfer broke off: nothing was scanned
        }
        Outcome outcome(Verdict::rejected, "altinn.scan_rejected");
        outcome.upstream_text = sdk::peer_text(overview->text);
        attempt.progress.note("attachment_rejected", {});
        co_return co_await refuse(attempt, outcome);
    }
    case AttachmentStatus::initialized:
        if (upload_unsure) {
            attempt.steps.not_uploaded(index);
            co_return co_await remember(attempt);
        }
        break;
    case AttachmentStatus::processing:
    case AttachmentStatus::other: break;
    }
    if (upload_unsure) {
        attempt.steps.uploaded(index, host_.clock.now());
        if (auto stopped = co_await remember(attempt)) {
            co_return stopped;
        }
    }
    auto waiting = wait_for_scan(attempt);
    static_cast<void>(co_await remember(attempt));
    co_return waiting;
}

AltinnAdapter::Said AltinnAdapter::wait_for_scan(Attempt& attempt) {
    const auto now = host_.clock.now();
    if (attempt.steps.note_slow_scan(now)) {
        attempt.progress.note("altinn.attachment_scan_slow", {});
    }
    Outcome outcome(Verdict::pending);
    const auto waited = std::chrono::duration_cast<seconds>(now - attempt.steps.scanning_since());
    outcome.retry_after = std::clamp(waited / 4, scan_pace_min, scan_pace_max);
    return outcome;
}

/// An attachment that cannot be used any more is made anew.
sdk::Task<AltinnAdapter::Said> AltinnAdapter::replace(Attempt& attempt, std::size_t index,
                                                      bool delete_it) {
    if (!attempt.steps.lost_at_altinn(index, delete_it)) {
        const Outcome outcome(Verdict::rejected, "altinn.attachment_expired");
        co_return co_await refuse(attempt, outcome);
    }
    co_return co_await remember(attempt);
}

sdk::Task<AltinnAdapter::Said> AltinnAdapter::refuse(Attempt& attempt, const Outcome& outcome) {
    attempt.steps.refuse(outcome);
    co_return co_await remember(attempt);
}

/// An attachment that no letter will use. One that cannot be deleted in a few tries is left to
/// expire.
sdk::Task<AltinnAdapter::Said> AltinnAdapter::remove(Attempt& attempt) {
    const auto exchange = delete_attachment(attempt.steps.first_unwanted());
    const auto reply =
        co_await client_.call(attempt.letter.delivery->tenant, exchange, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn.attachment_deleted");
    bool passes = !reply.response && reply.outcome.verdict != Verdict::rejected;
    bool gone = false;
    if (reply.response) {
        const int number = problem_number(*reply.response);
        gone = reply.response->status < 300 || reply.response->status == 404 ||
               number == deleted_at_altinn || number == belongs_to_a_letter;
        passes = !gone && outcome_of_refusal(*reply.response).verdict != Verdict::rejected;
    }
    if (passes && !attempt.steps.removal_failed()) {
        if (auto stopped = co_await remember(attempt)) {
            co_return stopped;
        }
        Outcome outcome(Verdict::pending);
        outcome.retry_after = removal_pause;
        co_return outcome;
    }
    attempt.steps.removed();
    attempt.progress.note(gone ? core::Code("attachment_deleted") : core::Code("attachment_lost"),
                          {});
    co_return co_await remember(attempt);
}

/// All attachments are there: the letter itself.
sdk::Task<AltinnAdapter::Said> AltinnAdapter::finish(Attempt& attempt) {
    const core::Delivery& delivery = *attempt.letter.delivery;
    GATEWAY_CRASH_POINT("altinn.before_letter");
    const auto exchange = send_json(attempt.letter, attempt.steps.ids());
    auto reply = co_await client_.call(delivery.tenant, exchange, attempt.deadline);
    GATEWAY_CRASH_POINT("altinn.letter_made");
    const int number = reply.response ? problem_number(*reply.response) : 0;
    if (number == not_published && attempt.steps.not_ready()) {
        auto waiting = wait_for_scan(attempt);
        if (auto stopped = co_await remember(attempt)) {
            co_return stopped;
        }
        co_return waiting;
    }
    const bool useless = number == expires_too_soon || number == attachment_unknown;
    if (useless && attempt.steps.make_all_anew()) {
        co_return co_await remember(attempt);
    }
    auto outcome = co_await conclude(delivery, attempt.letter.route.resource, std::move(reply),
                                     attempt.progress, attempt.deadline);
    if (outcome.verdict == Verdict::rejected && outcome.upstream_reference.empty()) {
        co_return co_await refuse(attempt, outcome);
    }
    if (!outcome.upstream_reference.empty()) {
        const std::vector<std::string> none;
        co_await hold(delivery, none);
    }
    co_return outcome;
}

/// The ids at Altinn that no letter owns yet, kept where a cancel finds them, which is not told of
/// the progress. A miss costs an attachment that expires by itself.
sdk::Task<void> AltinnAdapter::hold(const core::Delivery& delivery,
                                    const std::vector<std::string>& ids) {
    if (delivery.documents.empty()) {
        co_return;
    }
    const auto entry = co_await host_.state.get(ledger_key(delivery));
    if (!entry || (entry->version == 0 && ids.empty())) {
        co_return;
    }
    std::string value;
    if (!ids.empty()) {
        json::Value list = json::Value::array();
        for (const auto& id : ids) {
            list.push(id);
        }
        value = json::write(list);
    }
    static_cast<void>(
        co_await host_.state.put(ledger_key(delivery), std::move(value), entry->version));
}

sdk::Task<void> AltinnAdapter::delete_held(const core::Delivery& delivery, sdk::Deadline deadline) {
    const auto entry = co_await host_.state.get(ledger_key(delivery));
    if (!entry || entry->value.empty()) {
        co_return;
    }
    const auto ids = json::parse(entry->value);
    if (!ids) {
        co_return;
    }
    for (const auto& id : ids->items()) {
        const auto exchange = delete_attachment(id.as_string());
        static_cast<void>(co_await client_.call(delivery.tenant, exchange, deadline));
    }
    const std::vector<std::string> none;
    co_await hold(delivery, none);
}

}   // namespace gateway::altinn
