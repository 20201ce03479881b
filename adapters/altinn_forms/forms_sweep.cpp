#include "adapters/altinn_forms/forms_sweep.hpp"

namespace gateway::altinn_forms {

using sdk::Severity;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds call_time_max{60};
constexpr int page_size = 100;
constexpr int pages_max = 5000;
constexpr std::chrono::hours unconfirmed_back{24 * 400};
constexpr std::chrono::hours whole_every{24};
constexpr std::chrono::hours overlap{2};   // what was changing while the last sweep read
constexpr std::chrono::hours clocks_differ{1};
constexpr core::Duration window_least = 1min;
constexpr std::size_t windows_max = 4096;

}   // namespace

sdk::Task<bool> Sweep::round() {
    bool good = true;
    for (const auto& app : settings_.apps) {
        const bool one = co_await sweep(app);
        good = good && one;
    }
    co_return good;
}

sdk::Task<bool> Sweep::sweep(const std::string& app) {
    const std::string key = "sweep/" + app;
    const auto entry = co_await host_.state.get(key);
    if (!entry) {
        co_return false;
    }
    const auto kept = json::parse(entry->value.empty() ? "{}" : entry->value);
    const core::Time now = host_.clock.now();
    const core::Time whole_at(core::Duration(kept ? (*kept)["whole"].as_int() : 0));
    const core::Time last(core::Duration(kept ? (*kept)["last"].as_int() : 0));
    Listing unconfirmed;
    unconfirmed.app = app;
    unconfirmed.unconfirmed_only = true;
    unconfirmed.from = now - unconfirmed_back;
    unconfirmed.to = now + clocks_differ;
    if (!co_await walk(unconfirmed)) {
        co_return false;
    }
    const bool whole = now - whole_at > whole_every;
    Listing changed;
    changed.app = app;
    changed.from = last - overlap;
    if (whole) {
        changed.from = now - std::chrono::hours(24 * settings_.reconcile_days);
    }
    changed.to = now + clocks_differ;
    if (!co_await walk(changed)) {
        co_return false;
    }
    json::Value done;
    done.set("whole", (whole ? now : whole_at).time_since_epoch().count());
    done.set("last", now.time_since_epoch().count());
    const auto stored = co_await host_.state.put(key, json::write(done), entry->version);
    co_return stored.has_value();
}

/// In windows of time, halved where the way through the pages becomes too long an address.
sdk::Task<bool> Sweep::walk(Listing listing) {
    std::vector<Listing> windows{listing};
    std::size_t walked_windows = 0;
    while (!windows.empty()) {
        const Listing window = windows.back();
        windows.pop_back();
        if (++walked_windows > windows_max) {
            host_.log.write(Severity::error, "altinn_forms.list_too_long", {{"app", window.app}});
            co_return false;
        }
        const auto walked = co_await walk_pages(window);
        if (walked == Walked::failed) {
            co_return false;
        }
        if (walked == Walked::whole) {
            continue;
        }
        const core::Duration half = (*window.to - *window.from) / 2;
        if (half < window_least) {
            host_.log.write(Severity::error, "altinn_forms.list_too_long", {{"app", window.app}});
            co_return false;
        }
        Listing early = window;
        Listing late = window;
        early.to = *window.from + half;
        late.from = early.to;
        windows.push_back(late);
        windows.push_back(early);
    }
    co_return true;
}

sdk::Task<Sweep::Walked> Sweep::walk_pages(const Listing& listing) {
    std::string next;
    for (int i = 0; i < pages_max; ++i) {
        if (!next.empty() && !next_page(settings_, next)) {
            co_return Walked::too_long;
        }
        FormsClient::Make make = [&] {
            auto request =
                next.empty() ? std::optional<sdk::HttpRequest>() : next_page(settings_, next);
            return request ? std::move(*request) : list_instances(settings_, listing, page_size);
        };
        const auto reply = co_await client_.call(std::move(make), sdk::Effect::none,
                                                 host_.clock.in(call_time_max));
        if (reply.response && (reply.response->status == 414 || reply.response->status == 431)) {
            co_return Walked::too_long;
        }
        const auto page = reply.response && reply.response->status == 200
                              ? read_page(*reply.response, settings_)
                              : std::nullopt;
        if (!page) {
            const auto outcome = outcome_of(reply);
            host_.log.write(Severity::warning, "altinn_forms.list_unreadable",
                            {{"app", listing.app}, {"code", outcome.code.value}});
            co_return Walked::failed;
        }
        if (page->unreadable > 0) {
            host_.log.write(Severity::warning, "altinn_forms.list_in_part_unreadable",
                            {{"app", listing.app}, {"count", std::to_string(page->unreadable)}});
        }
        for (const auto& instance : page->instances) {
            if (!co_await consider(instance)) {
                co_return Walked::failed;
            }
        }
        if (page->next.empty() || page->next == next) {
            co_return Walked::whole;
        }
        next = page->next;
    }
    co_return Walked::too_long;
}

sdk::Task<bool> Sweep::consider(const Instance& instance) {
    if (instance.hard_deleted || !instance.ended) {
        co_return true;
    }
    const auto line = co_await ledger_.find(instance.ref.guid);
    if (!line) {
        co_return false;
    }
    const bool confirmed = instance.confirmed(settings_.org);
    if (!line->has_value()) {
        if (confirmed) {
            co_return true;   // before our time
        }
        const auto heard = co_await ledger_.hear_of(instance.ref);
        if (heard && *heard) {
            host_.metrics.count("sluse_altinn_forms_heard_total", {{"by", "list"}}, 1);
        }
        co_return heard.has_value();
    }
    if ((*line)->stage == Stage::done && !confirmed) {
        host_.log.write(Severity::warning, "altinn_forms.confirmation_lost",
                        {{"app", instance.ref.app}, {"instance", instance.ref.guid}});
        const auto moved = co_await ledger_.move(instance.ref.guid, Stage::done, Stage::stored);
        co_return moved.has_value();
    }
    co_return true;
}

}   // namespace gateway::altinn_forms
