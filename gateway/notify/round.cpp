#include "gateway/notify/round.hpp"

#include "gateway/notify/disabling.hpp"
#include "gateway/view/life_events.hpp"
#include "gateway/view/message_view.hpp"

#include <algorithm>

namespace gateway::notify {
namespace {

constexpr std::size_t events_max = 100;   // of one round: so many may come twice after a crash
constexpr std::chrono::seconds round_time_max{5};   // then what has come of it is written
constexpr std::uint64_t passed_over_max = 1000;     // positions passed over before that is written
// With so many events waiting by themselves the log is left where it is.
constexpr std::uint64_t waiting_max = 10'000;
constexpr std::chrono::seconds trouble_pace{5};
constexpr std::chrono::minutes look_pace{1};
constexpr std::chrono::hours ended_wait_max{1};

}   // namespace

sdk::Task<void> Notifier::work(core::TenantId tenant, core::Uuid id) {
    Cursor cursor;
    while (!stopping_) {
        const auto seen = wake_.count();
        auto found = co_await parts_.store.find_subscription(tenant, id);
        std::optional<core::Time> next = parts_.clock.now() + trouble_pace;
        if (found) {
            if (!*found || !(*found)->enabled) {
                break;
            }
            next = co_await go_round(std::move(**found), cursor);
        }
        if (!next) {
            continue;
        }
        const auto wait =
            std::clamp<core::Duration>(*next - parts_.clock.now(), core::Duration(0), look_pace);
        co_await wake_.wait(parts_.clock, seen, parts_.clock.in(wait));
    }
    running_.erase(id);
    --working_;
    changed_.notify();   // it may have been enabled again meanwhile
}

sdk::Task<std::optional<core::Time>> Notifier::go_round(ports::Subscription subscription,
                                                        Cursor& cursor) {
    const auto now = parts_.clock.now();
    if (subscription.progress.retry_at && *subscription.progress.retry_at > now) {
        co_return subscription.progress.retry_at;
    }
    if (cursor.written != subscription.progress.position || cursor.looked < cursor.written) {
        cursor.written = cursor.looked = subscription.progress.position;
    }
    const auto round = std::make_shared<Round>(std::move(subscription));
    round->config = parts_.configuration.current();
    const auto vault = parts_.vaults.find(round->subscription.tenant);
    if (!vault) {
        co_return now + look_pace;
    }
    auto settings = open_settings(round->subscription, *vault);
    if (!settings) {
        parts_.log.write(sdk::Severity::error, "subscription_unreadable",
                         {{"subscription", round->subscription.id.to_string()},
                          {"why", settings.error().to_string()}});
        co_return now + look_pace;
    }
    round->settings = std::move(*settings);
    const bool probing = round->progress.failures >= failures_before_pause;
    round->items_max = probing ? 1 : events_max;
    const auto gathered = co_await gather(*round, cursor);
    if (!gathered) {
        co_return now + trouble_pace;
    }
    const bool passed_over = round->items.empty() && round->vanished.empty() &&
                             round->log_end < cursor.written + passed_over_max;
    if (passed_over) {
        cursor.looked = round->log_end;
        if (round->more) {
            co_return std::nullopt;
        }
        co_return std::min(round->next_due.value_or(now + look_pace), now + look_pace);
    }
    round->until = parts_.clock.steady() + round_time_max;
    const auto width = std::min<std::size_t>(
        round->items.size(),
        static_cast<std::size_t>(round->config->webhooks.in_flight_per_endpoint_max));
    for (std::size_t i = 0; i < width; ++i) {
        ++round->lanes;
        if (!lanes_.spawn(lane(round))) {
            --round->lanes;
        }
    }
    while (round->lanes > 0) {
        const auto seen = round->ended.count();
        if (round->lanes > 0) {
            co_await round->ended.wait(parts_.clock, seen, parts_.clock.in(ended_wait_max));
        }
    }
    const auto written = co_await write_down(*round);
    if (!written && !written.error().is(core::Errc::conflict)) {
        co_return parts_.clock.now() + trouble_pace;
    }
    co_return std::nullopt;
}

sdk::Task<core::Result<void>> Notifier::gather(Round& round, const Cursor& cursor) {
    const auto& own = round.subscription;
    const auto now = parts_.clock.now();
    const auto tenant = round.config->tenants.find(own.tenant);
    if (tenant == round.config->tenants.end()) {
        co_return core::Failure(core::Errc::not_found, "the tenant is not configured");
    }
    const auto system = tenant->second.systems.find(own.system);
    if (system == tenant->second.systems.end()) {
        co_return core::Failure(core::Errc::not_found, "the system is not configured");
    }
    auto calls = co_await parts_.store.waiting_calls(own.tenant, own.id, round.items_max);
    if (!calls) {
        co_return calls.error();
    }
    std::vector<std::uint64_t> positions;
    for (auto& call : *calls) {
        if (*call.due > now) {
            round.next_due = call.due;
            break;
        }
        positions.push_back(call.position);
    }
    calls->resize(positions.size());
    auto events = co_await parts_.store.events_at(own.tenant, std::move(positions));
    if (!events) {
        co_return events.error();
    }
    const view::EventReader reader{*round.config, own.tenant, own.system, system->second.grants};
    const bool sees_all = system->second.grants.contains("messages:read-all");
    for (auto& call : *calls) {
        const auto found = std::find_if(events->begin(), events->end(), [&](const auto& event) {
            return event.position == call.position;
        });
        // A right that was taken away holds for what waits, too.
        if (found == events->end() || (!sees_all && found->system != own.system) ||
            !view::may_see(*found, reader)) {
            round.vanished.push_back(call.position);
            continue;
        }
        Round::Item item;
        item.event = std::move(*found);
        item.call = std::move(call);
        item.waited = true;
        round.items.push_back(std::move(item));
    }
    round.log_end = cursor.looked;
    if (round.items.size() >= round.items_max || own.waiting >= waiting_max) {
        co_return core::Result<void>();
    }
    ports::EventQuery query;
    query.tenant = own.tenant;
    if (!sees_all) {
        query.system = own.system;
    }
    query.after = cursor.looked;
    query.limit = round.items_max - round.items.size();
    const auto limit = query.limit;
    auto page = co_await parts_.store.events_after(std::move(query));
    if (!page) {
        co_return page.error();
    }
    round.log_end = std::max(cursor.looked, page->last);
    round.more = page->items.size() >= limit;
    for (auto& event : page->items) {
        const bool about_itself = event.subscription && *event.subscription == own.id;
        if (about_itself || !wants(round.settings, view::event_type(event)) ||
            !view::may_see(event, reader)) {
            continue;
        }
        Round::Item item;
        item.call.position = event.position;
        item.call.since = now;
        item.event = std::move(event);
        round.items.push_back(std::move(item));
    }
    co_return core::Result<void>();
}

sdk::Task<void> Notifier::lane(std::shared_ptr<Round> round) {
    // However it ends, the worker goes on.
    class Ending {
    public:
        explicit Ending(std::shared_ptr<Round> whose) : round_(std::move(whose)) {}
        Ending(const Ending&) = delete;
        Ending& operator=(const Ending&) = delete;
        ~Ending() {
            --round_->lanes;
            round_->ended.notify();
        }

    private:
        std::shared_ptr<Round> round_;
    };
    const Ending ending(round);
    while (!round->stop && !stopping_ && round->taken < round->items.size() &&
           parts_.clock.steady() < round->until) {
        auto& item = round->items[round->taken++];
        Settings settings = round->settings;
        auto event = view::cloud_event(item.event);
        const auto result = co_await call_here(std::move(settings), std::move(event));
        item.result = result;
        note(round->progress, result, parts_.clock.now(), round->config->webhooks,
             parts_.ids.random_number());
        round->gone = round->gone || result.gone;
        round->stop = round->gone || round->progress.retry_at.has_value();
    }
}

sdk::Task<core::Result<void>> Notifier::write_down(const Round& round) {
    const auto now = parts_.clock.now();
    const auto& own = round.subscription;
    const auto& config = round.config->webhooks;
    ports::SubscriptionStep step;
    step.tenant = own.tenant;
    step.subscription = own.id;
    step.expected = own.progress.position;
    step.at = now;
    step.progress = round.progress;
    step.settled = round.vanished;
    std::size_t done = 0;   // of the items, in their order: those that have a result
    while (done < round.items.size() && round.items[done].result) {
        ++done;
    }
    for (std::size_t i = 0; i < round.items.size(); ++i) {
        const auto& item = round.items[i];
        if (!item.result || (!item.waited && i >= done)) {
            continue;   // the log tells it again
        }
        if (!item.result->delivered) {
            step.waiting.push_back(
                after_failure(item.call, *item.result, now, config, parts_.ids.random_number()));
        } else if (item.waited) {
            step.settled.push_back(item.event.position);
        }
        if (!item.waited) {
            step.progress.position = item.event.position;
        }
    }
    if (done == round.items.size()) {
        step.progress.position = std::max(step.progress.position, round.log_end);
    }
    core::Params more;
    if (round.gone) {
        step.disable = "subscription.gone";
    } else if (has_failed_too_long(round.progress, now, config)) {
        step.disable = "subscription.failing";
        more.emplace_back("hours", std::to_string(config.give_up_after.count()));
    }
    if (!step.disable.empty()) {
        step.disabling.push_back(
            disabled_event(parts_.ids, now, step.disable, own.id, std::move(more)));
        parts_.log.write(sdk::Severity::warning, "subscription_disabled",
                         {{"tenant", own.tenant.value},
                          {"system", own.system.value},
                          {"subscription", own.id.to_string()},
                          {"code", step.disable.value}});
    }
    co_return co_await parts_.store.advance_subscription(std::move(step));
}

}   // namespace gateway::notify
