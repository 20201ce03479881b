#include "adapters/altinn_forms/forms_fetcher.hpp"

#include "adapters/altinn_forms/forms_exchange.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::altinn_forms {

using sdk::Severity;
using std::chrono::seconds;

namespace {

constexpr seconds call_time_max{60};
constexpr seconds download_time_max{3600};
constexpr seconds wait_first{10};
constexpr seconds wait_max{3600};
constexpr seconds scan_wait_max{600};
constexpr seconds outage_pause{15};            // what is wrong with Altinn is wrong for every form
constexpr int attempts_before_person = 6;      // of what should not be: with the waits, ten minutes
constexpr std::chrono::hours missing_for{1};   // a replica at Altinn's side may lag behind
constexpr std::chrono::hours scan_is_slow{24};
constexpr std::size_t oddity_bytes_max = 1U << 20U;

seconds back_off(int attempts, seconds most = wait_max) {
    auto wait = wait_first;
    for (int i = 0; i < attempts && wait < most; ++i) {
        wait *= 2;
    }
    return std::min(wait, most);
}

}   // namespace

void Fetcher::say(Severity severity, const char* event, const InstanceRef& instance,
                  core::Params params) {
    params.emplace_back("app", instance.app);
    params.emplace_back("instance", instance.guid);
    host_.log.write(severity, event, params);
}

sdk::Task<Fetcher::Taken> Fetcher::take(InstanceRef instance) {
    Taken taken;
    const auto line = co_await ledger_.find(instance.guid);
    if (!line) {
        taken.pause = outage_pause;   // our own store
        co_return taken;
    }
    if (!line->has_value() || !(*line)->waits()) {
        taken.settled = true;
        co_return taken;
    }
    Progress progress;
    Line now = **line;
    if (now.stage == Stage::open) {
        progress = co_await fetch(instance, now);
        now.attempts = 0;   // of the next stage
    }
    if (progress.step == Step::next) {
        progress = co_await confirm(instance, now);
    }
    if (progress.step == Step::later || progress.step == Step::all_later) {
        co_await postpone(instance.guid, progress.wait);
    }
    taken.settled = progress.step == Step::settled;
    if (progress.step == Step::all_later) {
        taken.pause = std::min(progress.wait, seconds(300));
    }
    co_return taken;
}

sdk::Task<void> Fetcher::postpone(const std::string& guid, seconds wait) {
    const auto kept = co_await ledger_.postpone(guid, host_.clock.now() + wait);
    if (!kept) {
        host_.log.write(Severity::warning, "altinn_forms.ledger_failed",
                        {{"error", kept.error().to_string()}});
    }
}

sdk::Task<Fetcher::Progress> Fetcher::move(const std::string& guid, Stage from, Stage to,
                                           Step then) {
    const auto moved = co_await ledger_.move(guid, from, to);
    if (!moved) {
        host_.log.write(Severity::warning, "altinn_forms.ledger_failed",
                        {{"error", moved.error().to_string()}});
        co_return Progress(Step::all_later, outage_pause);
    }
    co_return Progress(then);
}

/// No answer, or one that waiting may change.
Fetcher::Progress Fetcher::failed(const Reply& reply, const Line& line, const char* step) {
    const auto outcome = outcome_of(reply);
    host_.log.write(Severity::warning, "altinn_forms.not_taken",
                    {{"step", step}, {"code", outcome.code.value}});
    const auto wait = std::max(back_off(line.attempts), outcome.retry_after.value_or(seconds(0)));
    const bool everybody = !reply.response || outcome.verdict != sdk::Verdict::rejected ||
                           reply.response->status == 401;
    if (everybody) {
        return Progress(Step::all_later,
                        std::max(outage_pause, outcome.retry_after.value_or(wait)));
    }
    return Progress(Step::later, wait);
}

sdk::Task<Fetcher::Progress> Fetcher::fetch(const InstanceRef& asked, const Line& line) {
    FormsClient::Make make = [&] { return get_instance(settings_, asked); };
    const auto reply =
        co_await client_.call(std::move(make), sdk::Effect::none, host_.clock.in(call_time_max));
    if (!reply.response || reply.response->status != 200) {
        const auto outcome = outcome_of(reply);
        if (reply.response && (reply.response->status == 403 || reply.response->status == 404 ||
                               reply.response->status == 410)) {
            co_return co_await missing(asked, line, outcome);
        }
        co_return failed(reply, line, "instance");
    }
    const std::string& text = reply.response->body;
    const auto instance = read_instance(*reply.response, settings_);
    if (!instance || !(instance->ref == asked)) {
        if (line.attempts + 1 < attempts_before_person) {
            say(Severity::warning, "altinn_forms.unreadable", asked);
            co_return Progress(Step::later, back_off(line.attempts));
        }
        co_return co_await set_aside(asked, "altinn_forms.unreadable", core::Params(), text);
    }
    auto progress = co_await judge(*instance, line, text);
    if (progress.step != Step::next) {
        co_return progress;
    }
    std::vector<Fetched> files;
    progress = co_await gather(*instance, line, files, text);
    if (progress.step != Step::next) {
        co_return progress;
    }
    co_return co_await store(*instance, std::move(files), text);
}

/// Told of, and not there: perhaps not yet, perhaps not ours.
sdk::Task<Fetcher::Progress> Fetcher::missing(const InstanceRef& asked, const Line& line,
                                              const sdk::Outcome& outcome) {
    const bool long_enough = host_.clock.now() - line.since > missing_for;
    if (line.attempts + 1 < attempts_before_person || !long_enough) {
        say(Severity::warning, "altinn_forms.missing", asked, outcome.params);
        co_return Progress(Step::later, back_off(line.attempts));
    }
    json::Value known;
    known.set("app", asked.app).set("instance", asked.path());
    sdk::Oddity oddity;
    oddity.tenant = settings_.tenant;
    oddity.dedupe_id = "missing/" + asked.guid;
    oddity.code = outcome.code;
    oddity.params = outcome.params;
    oddity.media_type = "application/json";
    oddity.raw = json::write(known);
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        co_return Progress(Step::all_later, outage_pause);
    }
    co_return co_await move(asked.guid, Stage::open, Stage::gone, Step::settled);
}

/// Whether it is to be fetched, and can be now.
sdk::Task<Fetcher::Progress> Fetcher::judge(const Instance& instance, const Line& line,
                                            const std::string& text) {
    if (instance.hard_deleted) {
        say(Severity::warning, "altinn_forms.deleted", instance.ref);
        co_return co_await move(instance.ref.guid, Stage::open, Stage::gone, Step::settled);
    }
    if (!instance.ended) {
        const auto forgotten = co_await ledger_.forget(instance.ref.guid);
        co_return Progress(forgotten ? Step::settled : Step::all_later, outage_pause);
    }
    if (instance.confirmed(settings_.org)) {
        // Nothing of ours is confirmed before the ledger says "stored": somebody else took it.
        say(Severity::info, "altinn_forms.confirmed_elsewhere", instance.ref);
        co_return co_await move(instance.ref.guid, Stage::open, Stage::done, Step::settled);
    }
    std::uint64_t bytes = 0;
    bool too_large = instance.elements.size() > settings_.elements_max;
    bool pending = false;
    for (const auto& element : instance.elements) {
        const auto size = element.size.value_or(0);
        too_large = too_large || size > settings_.instance_bytes_max - bytes;
        bytes += too_large ? 0 : size;
        pending = pending || (!element.deleted && element.scan == Scan::pending);
    }
    if (too_large) {
        core::Params params{{"files", std::to_string(instance.elements.size())}};
        co_return co_await set_aside(instance.ref, "altinn_forms.too_large", std::move(params),
                                     text);
    }
    if (pending) {
        if (host_.clock.now() - line.since > scan_is_slow) {
            say(Severity::error, "altinn_forms.scan_overdue", instance.ref);
        }
        co_return Progress(Step::later, back_off(line.attempts, scan_wait_max));
    }
    co_return Progress(Step::next);
}

sdk::Task<Fetcher::Progress> Fetcher::gather(const Instance& instance, const Line& line,
                                             std::vector<Fetched>& files, const std::string& text) {
    std::uint64_t room = settings_.instance_bytes_max;
    for (const auto& element : instance.elements) {
        if (element.deleted || element.scan == Scan::infected) {
            continue;
        }
        const auto progress = co_await download(instance, line, element, room, files, text);
        if (progress.step != Step::next) {
            co_return progress;
        }
    }
    co_return Progress(Step::next);
}

sdk::Task<Fetcher::Progress> Fetcher::download(const Instance& instance, const Line& line,
                                               const Element& element, std::uint64_t& room,
                                               std::vector<Fetched>& files,
                                               const std::string& text) {
    const std::uint64_t most = element.size.value_or(room);
    auto sink = co_await host_.documents.create(settings_.tenant, most);
    if (!sink) {
        host_.log.write(Severity::warning, "altinn_forms.not_stored",
                        {{"error", sink.error().to_string()}});
        co_return Progress(Step::all_later, outage_pause);
    }
    sdk::DocumentSink& file = **sink;
    FormsClient::Make make = [&] {
        auto request = get_data(settings_, instance.ref, element.id);
        request.answer_sink = &file;
        return request;
    };
    const auto reply = co_await client_.call(std::move(make), sdk::Effect::none,
                                             host_.clock.in(download_time_max));
    const bool longer = !reply.response && reply.outcome.code.value == "upstream.answer_too_large";
    const bool answered = reply.response && reply.response->status == 200;
    if (longer || (answered && element.size && file.size() != *element.size)) {
        say(Severity::warning, "altinn_forms.wrong_length", instance.ref);
        if (line.attempts + 1 < attempts_before_person) {
            co_return Progress(Step::later, back_off(line.attempts));
        }
        co_return co_await set_aside(instance.ref, "altinn_forms.wrong_length", core::Params(),
                                     text);
    }
    if (!answered) {
        co_return failed(reply, line, "data");
    }
    auto document = co_await file.commit();
    if (!document) {
        host_.log.write(Severity::warning, "altinn_forms.not_stored",
                        {{"error", document.error().to_string()}});
        co_return Progress(Step::all_later, outage_pause);
    }
    room -= std::min(room, document->size);
    document->name = file_name_of(element);
    document->title = document->name;
    document->media_type = media_type_of(element);
    files.emplace_back(element, std::move(*document));
    co_return Progress(Step::next);
}

sdk::Task<Fetcher::Progress> Fetcher::store(const Instance& instance, std::vector<Fetched> files,
                                            const std::string& text) {
    std::vector<Element> withheld;
    for (const auto& element : instance.elements) {
        if (!element.deleted && element.scan == Scan::infected) {
            withheld.push_back(element);
        }
    }
    if (!withheld.empty()) {
        say(Severity::error, "altinn_forms.infected", instance.ref,
            {{"files", std::to_string(withheld.size())}});
        host_.metrics.count("sluse_altinn_forms_infected_total", {{"app", instance.ref.app}},
                            withheld.size());
    }
    auto message = inbound_of(instance, std::move(files), withheld, settings_);
    const bool systems_answer = settings_.confirm == Confirm::acknowledged;
    if (systems_answer) {
        message.receipt_owner = sdk::ReceiptOwner::system;
        message.answer_by = host_.clock.now() + settings_.answer_within;
    }
    GATEWAY_CRASH_POINT("altinn_forms.before_store");
    const auto kept = co_await host_.inbound.message(std::move(message));
    if (!kept) {
        const auto& error = kept.error();
        say(Severity::warning, "altinn_forms.not_stored", instance.ref,
            {{"error", error.to_string()}});
        if (error.is(core::Errc::invalid_argument) || error.is(core::Errc::too_large)) {
            co_return co_await set_aside(instance.ref, "altinn_forms.not_accepted", core::Params(),
                                         text);
        }
        co_return Progress(Step::all_later, outage_pause);
    }
    GATEWAY_CRASH_POINT("altinn_forms.after_store");
    host_.metrics.count("sluse_altinn_forms_total", {{"app", instance.ref.app}}, 1);
    if (systems_answer) {
        co_return co_await move(instance.ref.guid, Stage::open, Stage::handed, Step::settled);
    }
    co_return co_await move(instance.ref.guid, Stage::open, Stage::stored, Step::next);
}

sdk::Task<Fetcher::Progress> Fetcher::confirm(const InstanceRef& instance, const Line& line) {
    GATEWAY_CRASH_POINT("altinn_forms.before_confirm");
    FormsClient::Make make = [&] { return confirm_complete(settings_, instance); };
    const auto reply =
        co_await client_.call(std::move(make), sdk::Effect::none,   // twice does no harm
                              host_.clock.in(call_time_max));
    if (reply.response && (reply.response->status == 404 || reply.response->status == 410)) {
        say(Severity::warning, "altinn_forms.gone_before_confirmed", instance);
        co_return co_await move(instance.guid, Stage::stored, Stage::done, Step::settled);
    }
    if (!reply.response || reply.response->status != 200) {
        co_return failed(reply, line, "complete");
    }
    const auto answer = altinn_forms::read_instance(*reply.response, settings_);
    if (!answer || !answer->confirmed(settings_.org)) {
        co_return failed(reply, line, "complete");
    }
    GATEWAY_CRASH_POINT("altinn_forms.after_confirm");
    co_return co_await move(instance.guid, Stage::stored, Stage::done, Step::settled);
}

/// Kept whole for a person, and not confirmed: Altinn goes on holding it.
sdk::Task<Fetcher::Progress> Fetcher::set_aside(const InstanceRef& instance, const char* code,
                                                core::Params params, const std::string& text) {
    sdk::Oddity oddity;
    oddity.tenant = settings_.tenant;
    oddity.dedupe_id = "aside/" + instance.guid;
    oddity.code = code;
    oddity.params = std::move(params);
    oddity.media_type = "application/json";
    oddity.raw = text.substr(0, oddity_bytes_max);
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    if (!kept) {
        co_return Progress(Step::all_later, outage_pause);
    }
    host_.metrics.count("sluse_altinn_forms_set_aside_total", {{"code", code}}, 1);
    co_return co_await move(instance.guid, Stage::open, Stage::set_aside, Step::settled);
}

}   // namespace gateway::altinn_forms
