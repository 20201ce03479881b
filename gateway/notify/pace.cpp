#include "gateway/notify/pace.hpp"

#include <algorithm>

namespace gateway::notify {
namespace {

constexpr core::Duration pause_first = std::chrono::seconds(5);
constexpr core::Duration pause_max = std::chrono::minutes(5);
constexpr int doublings_max = 6;

/// Up to a fifth more: those that failed together do not come back together.
core::Duration jittered(core::Duration wait, std::uint64_t chance) {
    return wait + wait * static_cast<std::int64_t>(chance % 201) / 1000;
}

core::Duration asked_for(const CallResult& result, const core::WebhookConfig& config) {
    return result.retry_after ? std::min(*result.retry_after, config.retry_after_max)
                              : std::chrono::seconds(0);
}

}   // namespace

void note(ports::SubscriptionProgress& progress, const CallResult& result, core::Time now,
          const core::WebhookConfig& config, std::uint64_t chance) {
    if (result.delivered) {
        progress.failures = 0;
        progress.failing_since.reset();
        progress.retry_at.reset();
        progress.last_success = now;
        return;
    }
    ++progress.failures;
    progress.failing_since = progress.failing_since.value_or(now);
    progress.last_failure = now;
    progress.last_code = result.code;
    progress.last_params = result.params;
    core::Duration pause = asked_for(result, config);
    if (progress.failures >= failures_before_pause) {
        const int doublings = std::min(progress.failures - failures_before_pause, doublings_max);
        const auto grown = pause_first * (std::int64_t{1} << doublings);
        pause = std::max(pause, jittered(std::min(grown, pause_max), chance));
    }
    if (pause.count() > 0) {
        progress.retry_at = std::max(progress.retry_at.value_or(now), now + pause);
    }
}

ports::WaitingCall after_failure(ports::WaitingCall call, const CallResult& result, core::Time now,
                                 const core::WebhookConfig& config, std::uint64_t chance) {
    const auto step = std::min(static_cast<std::size_t>(call.attempts), config.retry.size() - 1);
    ++call.attempts;
    call.code = result.code;
    if (now - call.since >= config.give_up_after) {
        call.due.reset();
        return call;
    }
    const core::Duration wait = jittered(config.retry[step], chance);
    call.due = now + std::max(wait, asked_for(result, config));
    return call;
}

bool has_failed_too_long(const ports::SubscriptionProgress& progress, core::Time now,
                         const core::WebhookConfig& config) {
    return progress.failing_since && now - *progress.failing_since >= config.give_up_after;
}

}   // namespace gateway::notify
