#include "gateway/notify/notifier.hpp"

#include "gateway/runtime/run_on.hpp"

#include <boost/asio/strand.hpp>

#include <algorithm>

namespace gateway::notify {
namespace {

constexpr std::chrono::minutes look_pace{1};   // without a hint
constexpr std::chrono::seconds trouble_pace{5};
constexpr std::chrono::milliseconds idle_pace{50};
constexpr std::chrono::milliseconds look_while_draining{20};

}   // namespace

Notifier::Notifier(Parts parts, boost::asio::any_io_executor executor)
    : parts_(std::move(parts)),
      strand_(boost::asio::make_strand(std::move(executor))),
      loops_(strand_),
      lanes_(strand_) {}

Notifier::~Notifier() = default;

void Notifier::start(runtime::Signal& news) {
    loops_.spawn(pass_on(news));
    loops_.spawn(supervise());
}

void Notifier::look_again() {
    changed_.notify();
    wake_.notify();
}

sdk::Task<void> Notifier::stop(core::Duration patience) {
    stopping_ = true;
    look_again();
    freed_.notify();
    const auto latest = parts_.clock.steady() + patience;
    while (lanes_.size() > 0 && parts_.clock.steady() < latest) {
        const auto next = parts_.clock.steady() + look_while_draining;
        co_await parts_.clock.sleep_until(std::min<core::SteadyTime>(latest, next));
    }
    co_await lanes_.stop();
    // What the last calls came to is written down before the workers end.
    while (working_.load() > 0 && parts_.clock.steady() < latest) {
        const auto next = parts_.clock.steady() + look_while_draining;
        co_await parts_.clock.sleep_until(std::min<core::SteadyTime>(latest, next));
    }
    co_await loops_.stop();
}

sdk::Task<void> Notifier::pass_on(runtime::Signal& news) {
    while (!stopping_) {
        const auto seen = news.count();
        wake_.notify();
        if (working_.load() == 0) {
            // Nobody to tell: whoever comes looks at the store first. A wait costs more than a
            // rest.
            co_await parts_.clock.sleep_until(parts_.clock.in(idle_pace).at);
        }
        co_await news.wait(parts_.clock, seen, parts_.clock.in(look_pace));
    }
}

sdk::Task<void> Notifier::supervise() {
    while (!stopping_) {
        const auto seen = changed_.count();
        const auto all = co_await parts_.store.list_subscriptions(std::nullopt);
        if (!all) {
            parts_.log.write(sdk::Severity::error, "subscriptions_unreadable",
                             {{"why", all.error().to_string()}});
        } else {
            double waiting = 0;
            double disabled = 0;
            for (const auto& one : *all) {
                waiting += static_cast<double>(one.waiting);
                disabled += one.enabled ? 0 : 1;
                if (one.enabled && running_.insert(one.id).second) {
                    ++working_;
                    if (!loops_.spawn(work(one.tenant, one.id))) {
                        --working_;
                    }
                }
            }
            parts_.metrics.gauge("sluse_webhooks_waiting", {}, waiting);
            parts_.metrics.gauge("sluse_subscriptions_disabled", {}, disabled);
        }
        core::Duration pace = look_pace;
        if (!all) {
            pace = trouble_pace;
        }
        co_await changed_.wait(parts_.clock, seen, parts_.clock.in(pace));
    }
}

core::Result<std::shared_ptr<sdk::HttpClient>> Notifier::client() {
    auto now = parts_.configuration.current();
    if (!http_ || !http_for_ || http_for_->webhooks != now->webhooks) {
        auto made = parts_.make_http(now);
        if (!made) {
            return made.error();
        }
        http_ = std::move(*made);
        http_for_ = std::move(now);
    }
    return http_;
}

/// A place among the calls under way; given back however the call ends.
class Notifier::Slot {
public:
    explicit Slot(Notifier& owner) : owner_(owner) { ++owner_.in_flight_; }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
        --owner_.in_flight_;
        owner_.freed_.notify();
    }

private:
    Notifier& owner_;
};

sdk::Task<CallResult> Notifier::call_here(Settings settings, json::Value event) {
    const auto config = parts_.configuration.current();
    while (in_flight_.load() >= config->webhooks.in_flight_max) {
        const auto seen = freed_.count();
        co_await freed_.wait(parts_.clock, seen, parts_.clock.in(look_pace));
    }
    const Slot slot(*this);
    CallResult result;
    auto http = client();
    if (!http) {
        parts_.log.write(sdk::Severity::error, "webhooks_cannot_call",
                         {{"why", http.error().to_string()}});
        result.code = "subscription.call_not_trusted";
        co_return result;
    }
    auto secrets = signing_secrets(settings, parts_.clock.now());
    const auto deadline = parts_.clock.in(config->webhooks.call_time_max);
    result = co_await call_endpoint(std::move(*http), parts_.clock, std::move(settings.url),
                                    std::move(event), std::move(secrets), deadline);
    const core::Params labels{{"outcome", result.delivered ? "delivered" : result.code.value}};
    parts_.metrics.count("sluse_webhook_calls_total", labels, 1);
    co_return result;
}

sdk::Task<CallResult> Notifier::call(Settings settings, json::Value event) {
    auto work = call_here(std::move(settings), std::move(event));
    co_return co_await runtime::run_on(strand_, std::move(work));
}

}   // namespace gateway::notify
