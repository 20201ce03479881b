#include "adapters/altinn_forms/forms_receiver.hpp"

#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::altinn_forms {

using sdk::CallbackAnswer;
using sdk::Severity;
using std::chrono::seconds;

namespace {

constexpr std::chrono::milliseconds look_for_hints{250};
constexpr std::size_t batch = 50;   // then the lists and the feed have their turn
constexpr seconds look_for_waiting{5};
constexpr seconds back_off_max{600};

seconds back_off(seconds usual, int failures) {
    auto wait = std::min(usual, seconds(15));
    for (int i = 1; i < failures && wait < back_off_max; ++i) {
        wait *= 2;
    }
    return std::min(wait, std::max(back_off_max, usual));
}

}   // namespace

FormsReceiver::FormsReceiver(const Settings& settings, FormsClient& client, sdk::Host& host)
    : settings_(settings),
      host_(host),
      ledger_(host.state, host.clock),
      subscriptions_(settings, client, host),
      feed_(settings, client, ledger_, host),
      sweep_(settings, client, ledger_, host),
      fetcher_(settings, client, ledger_, host) {}

sdk::Task<void> FormsReceiver::run() {
    for (int failures = 0;;) {
        const auto loaded = co_await ledger_.load();
        if (loaded) {
            break;
        }
        host_.log.write(Severity::warning, "altinn_forms.ledger_failed",
                        {{"error", loaded.error().to_string()}});
        ++failures;
        co_await host_.clock.sleep_until(host_.clock.steady() + back_off(seconds(15), failures));
    }
    for (;;) {
        co_await round();
        co_await nap();
    }
}

sdk::Task<sdk::Outcome> FormsReceiver::answered(sdk::InboundSettled what) {
    const auto instance = instance_of_memo(what.memo);
    if (!instance) {
        co_return sdk::Outcome(sdk::Verdict::rejected, "altinn_forms.not_found", {{"status", "-"}});
    }
    const auto line = co_await ledger_.find(instance->guid);
    if (line && line->has_value() && (*line)->stage == Stage::handed) {
        const bool may_confirm = what.settlement == sdk::Settlement::acknowledged;
        const auto to = may_confirm ? Stage::stored : Stage::set_aside;
        const auto moved = co_await ledger_.move(instance->guid, Stage::handed, to);
        if (!moved) {
            co_return sdk::Outcome(sdk::Verdict::try_later, "service.storage_failed");
        }
        if (!may_confirm) {
            host_.log.write(Severity::error, "altinn_forms.not_acknowledged",
                            {{"app", instance->app}, {"instance", instance->guid}});
        }
        heard_ = true;   // confirmed now
        co_return sdk::Outcome(sdk::Verdict::accepted);
    }
    const bool not_yet = !line || (line->has_value() && (*line)->stage == Stage::open);
    if (not_yet) {
        co_return sdk::Outcome(sdk::Verdict::try_later, "service.storage_failed");
    }
    co_return sdk::Outcome(sdk::Verdict::accepted);   // said before
}

/// Until something is due, or a call-back told of a form.
sdk::Task<void> FormsReceiver::nap() {
    while (!heard_) {
        const auto now = host_.clock.steady();
        const auto due = next_due();
        if (due <= now) {
            co_return;
        }
        co_await host_.clock.sleep_until(std::min<core::SteadyTime>(due, now + look_for_hints));
    }
}

core::SteadyTime FormsReceiver::next_due() const {
    const auto now = host_.clock.steady();
    auto due = std::min({subscriptions_at_, feed_at_, sweep_at_});
    if (ledger_.waiting() > 0) {
        due = std::min<core::SteadyTime>(
            due, std::max<core::SteadyTime>(paused_until_, now + look_for_waiting));
    }
    return due;
}

sdk::Task<void> FormsReceiver::round() {
    heard_ = false;
    co_await fetch_what_waits();
    co_await look_around();
    co_await fetch_what_waits();
    host_.metrics.gauge("sluse_altinn_forms_waiting", {}, static_cast<double>(ledger_.waiting()));
}

sdk::Task<void> FormsReceiver::look_around() {
    auto& clock = host_.clock;
    if (clock.steady() >= subscriptions_at_) {
        const auto wait = co_await subscriptions_.tend();
        subscriptions_at_ = clock.steady() + wait;
    }
    if (clock.steady() >= feed_at_) {
        const bool good = co_await feed_.round();
        feed_failures_ = good ? 0 : feed_failures_ + 1;
        const auto wait =
            good ? settings_.feed_every : back_off(settings_.feed_every, feed_failures_);
        feed_at_ = clock.steady() + wait;
    }
    if (clock.steady() >= sweep_at_) {
        const bool good = co_await sweep_.round();
        sweep_failures_ = good ? 0 : sweep_failures_ + 1;
        const seconds usual = settings_.reconcile_every;
        sweep_at_ = clock.steady() + (good ? usual : back_off(usual, sweep_failures_));
    }
}

sdk::Task<void> FormsReceiver::fetch_what_waits() {
    if (host_.clock.steady() < paused_until_) {
        co_return;
    }
    for (;;) {
        const auto waiting = ledger_.due(host_.clock.now(), batch);
        for (const auto& instance : waiting) {
            const auto taken = co_await fetcher_.take(instance);
            if (taken.pause) {
                paused_until_ = host_.clock.steady() + *taken.pause;
                co_return;
            }
        }
        // A feed or list that is due goes between: it may tell of more.
        const bool turn = host_.clock.steady() >= feed_at_;
        if (waiting.size() < batch || turn) {
            co_return;
        }
    }
}

sdk::Task<CallbackAnswer> FormsReceiver::on_callback(sdk::Callback call) {
    const auto app = co_await subscriptions_.app_of(call.secret);
    if (!app) {
        co_return CallbackAnswer::not_kept;
    }
    if (!app->has_value()) {
        co_return CallbackAnswer::stranger;
    }
    const Event event = read_event_text(call.body, settings_);
    if (event.kind == EventKind::validation && subscriptions_.may_be(**app, event.subscription)) {
        subscriptions_at_ =
            std::min<core::SteadyTime>(subscriptions_at_, host_.clock.steady() + seconds(5));
        co_return CallbackAnswer::taken;
    }
    if (event.kind != EventKind::completed || event.instance.app != **app) {
        host_.metrics.count("sluse_altinn_forms_callbacks_refused_total", {{"app", **app}}, 1);
        co_return CallbackAnswer::refused;
    }
    const auto heard = co_await ledger_.hear_of(event.instance);
    if (!heard) {
        host_.log.write(Severity::warning, "altinn_forms.ledger_failed",
                        {{"error", heard.error().to_string()}});
        co_return CallbackAnswer::not_kept;
    }
    GATEWAY_CRASH_POINT("altinn_forms.hint_kept");
    if (*heard) {
        host_.metrics.count("sluse_altinn_forms_heard_total", {{"by", "webhook"}}, 1);
        heard_ = true;
    }
    host_.inbound.alive();
    co_return CallbackAnswer::taken;
}

}   // namespace gateway::altinn_forms
