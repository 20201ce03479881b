#include "adapters/altinn_forms/forms_feed.hpp"

#include "adapters/altinn_forms/forms_exchange.hpp"
#include "gateway/crypto/digest.hpp"

namespace gateway::altinn_forms {

using sdk::Severity;

namespace {

constexpr std::chrono::seconds call_time_max{60};
constexpr int page_size = 100;
constexpr int pages_max = 200;   // of one app in one round: the others have their turn too
constexpr const char* beginning = "0";
constexpr std::size_t oddity_bytes_max = 64U << 10U;

}   // namespace

sdk::Task<bool> Feed::round() {
    bool good = true;
    for (const auto& app : settings_.apps) {
        const bool one = co_await read(app);
        good = good && one;
    }
    co_return good;
}

sdk::Task<bool> Feed::read(const std::string& app) {
    const std::string key = "feed/" + app;
    auto cursor = co_await host_.state.get(key);
    if (!cursor) {
        co_return false;
    }
    std::string after = cursor->value.empty() ? beginning : cursor->value;
    std::uint64_t version = cursor->version;
    for (int i = 0; i < pages_max; ++i) {
        FormsClient::Make make = [&] { return read_feed(settings_, app, after, page_size); };
        const auto reply = co_await client_.call(std::move(make), sdk::Effect::none,
                                                 host_.clock.in(call_time_max));
        const auto page = reply.response && reply.response->status == 200
                              ? read_feed_page(*reply.response, settings_)
                              : std::nullopt;
        if (!page) {
            const auto outcome = outcome_of(reply);
            host_.log.write(Severity::warning, "altinn_forms.feed_unreadable",
                            {{"app", app}, {"code", outcome.code.value}});
            co_return false;
        }
        host_.inbound.alive();
        std::string last;
        for (const auto& item : page->items) {
            if (!co_await keep(app, item)) {
                co_return false;   // the cursor stays before it
            }
            last = item.event.id.empty() ? last : item.event.id;
        }
        if (last.empty() || last == after) {
            co_return true;
        }
        const auto stored = co_await host_.state.put(key, last, version);
        if (!stored) {
            co_return false;
        }
        version = *stored;
        after = last;
        if (!page->more || page->items.size() < static_cast<std::size_t>(page_size)) {
            co_return true;
        }
    }
    co_return true;
}

sdk::Task<bool> Feed::keep(const std::string& app, const FeedItem& item) {
    if (item.event.kind == EventKind::completed) {
        const auto heard = co_await ledger_.hear_of(item.event.instance);
        if (heard && *heard) {
            host_.metrics.count("sluse_altinn_forms_heard_total", {{"by", "feed"}}, 1);
        }
        co_return heard.has_value();
    }
    if (item.event.kind != EventKind::unsound) {
        co_return true;
    }
    sdk::Oddity oddity;
    oddity.tenant = settings_.tenant;
    oddity.dedupe_id = "event/" + crypto::sha256(item.text).to_hex();
    oddity.code = "altinn_forms.event_unsound";
    oddity.params.emplace_back("app", app);
    oddity.media_type = "application/cloudevents+json";
    oddity.raw = item.text.substr(0, oddity_bytes_max);
    const auto kept = co_await host_.inbound.quarantine(std::move(oddity));
    co_return kept.has_value();
}

}   // namespace gateway::altinn_forms
