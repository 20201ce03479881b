#pragma once

// What the store keeps of a subscription to events by webhook: its owner's settings, how far it has
// come, and the calls that wait by themselves because they failed or were asked for again.

#include "gateway/ports/store_types.hpp"

namespace gateway::ports {

/// How far a subscription has come, and how its endpoint does.
struct SubscriptionProgress {
    /// Every event up to here was delivered, waits by itself, or is not wanted.
    std::uint64_t position = 0;
    int failures = 0;                          // calls in a row
    std::optional<core::Time> failing_since;   // the first failure after the last success
    std::optional<core::Time> retry_at;        // no call before
    std::optional<core::Time> last_success;
    std::optional<core::Time> last_failure;
    core::Code last_code;   // of the last failure
    core::Params last_params;

    SubscriptionProgress() = default;
};

struct Subscription {
    core::TenantId tenant;
    core::SystemId system;
    core::Uuid id;
    std::string sealed_settings;   // address, filter, description, secrets
    std::string wrapped_key;
    core::Time created{};
    core::Time changed{};
    bool enabled = true;
    core::Code disabled_code;    // why, when it was not its owner's wish
    std::uint64_t version = 0;   // grows with each change of what stands above
    SubscriptionProgress progress;
    // Counted when it is read:
    std::uint64_t waiting = 0;    // calls that will be made again
    std::uint64_t given_up = 0;   // calls that will not, unless they are replayed

    Subscription() = default;
};

/// The settings and what stands with them; progress is left alone unless it is new.
struct SubscriptionChange {
    Subscription subscription;
    std::uint64_t expected = 0;   // version that was read; 0: it is new
    core::Time at{};
    /// Added to the system's events when this disables an enabled one.
    std::vector<NewEvent> disabling;

    SubscriptionChange() = default;
};

/// An event that is to be delivered by itself.
struct WaitingCall {
    std::uint64_t position = 0;
    std::optional<core::Time> due;   // none: given up
    core::Time since{};              // its first failure, or when it was asked for
    int attempts = 0;
    core::Code code;   // of its last failure

    WaitingCall() = default;
};

/// What came of some calls.
struct SubscriptionStep {
    core::TenantId tenant;
    core::Uuid subscription;
    std::uint64_t expected = 0;   // position that was read
    core::Time at{};
    SubscriptionProgress progress;
    std::vector<std::uint64_t> settled;   // positions that wait no longer
    std::vector<WaitingCall> waiting;     // put, or put again
    core::Code disable;                   // not empty: disables it, for this reason
    std::vector<NewEvent> disabling;      // as in a change

    SubscriptionStep() = default;
};

/// What is to be delivered once more.
struct ReplayCommand {
    core::TenantId tenant;
    core::Uuid subscription;
    core::Time at{};
    std::optional<std::uint64_t> after;   // everything beyond this position
    std::vector<std::uint64_t> positions;
    bool given_up = false;   // all that was given up

    ReplayCommand() = default;
};

}   // namespace gateway::ports
