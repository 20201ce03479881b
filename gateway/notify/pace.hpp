#pragma once

// When a call is made again, and what its result says of the endpoint. Pure.

#include "gateway/core/webhook_config.hpp"
#include "gateway/ports/subscription_types.hpp"

#include <cstdint>
#include <optional>

namespace gateway::notify {

/// What came of one call.
struct CallResult {
    bool delivered = false;
    bool gone = false;   // 410: wants no more, ever
    int status = 0;      // 0: no answer
    core::Code code;     // why not delivered
    core::Params params;
    std::optional<std::chrono::seconds> retry_after;

    CallResult() = default;
};

/// Failures in a row after which the endpoint as a whole is left alone for a while.
inline constexpr int failures_before_pause = 3;

/// Notes a result on the endpoint's progress; `chance` is any random number.
void note(ports::SubscriptionProgress& progress, const CallResult& result, core::Time now,
          const core::WebhookConfig& config, std::uint64_t chance);

/// The event whose call failed, as it waits from now on: due by the schedule, later when the
/// receiver asked for it, or given up.
ports::WaitingCall after_failure(ports::WaitingCall call, const CallResult& result, core::Time now,
                                 const core::WebhookConfig& config, std::uint64_t chance);

/// The subscription has failed for too long.
bool has_failed_too_long(const ports::SubscriptionProgress& progress, core::Time now,
                         const core::WebhookConfig& config);

}   // namespace gateway::notify
