#pragma once

// What retention would do of messages, inbox items and quarantine if it ran now: nothing is changed
// by asking.
// gateway/records is the one implementation.

#include "gateway/core/message_retention.hpp"
#include "gateway/ports/retention_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// Of one type of a tenant: how many would go now, and how many that are old enough stay and why.
struct RetentionSight {
    core::TenantId tenant;
    std::string type;
    KeptKind kind = KeptKind::message;
    core::MessageRetention rule;

    std::uint64_t content_due = 0;
    std::uint64_t open = 0;          // something is still to be done or to come
    std::uint64_t unfinished = 0;    // it failed, and no rule says how long it may be retried
    std::uint64_t held = 0;          // a legal hold of its own
    std::uint64_t person_held = 0;   // a legal hold of somebody it is of
    std::uint64_t unreadable = 0;    // nobody knows of whom it is

    std::uint64_t record_due = 0;
    std::uint64_t record_held = 0;
    std::uint64_t record_unread = 0;   // a subscription has not come past its events

    bool complete = true;   // false: there are more than were looked at

    RetentionSight() = default;
};

/// Of a tenant whose quarantine is kept for so long only.
struct QuarantineSight {
    core::TenantId tenant;
    std::chrono::hours kept{};
    std::uint64_t due = 0;       // would be erased now
    std::uint64_t to_tell = 0;   // would be told of now, and go when that is long enough ago
    std::uint64_t told = 0;      // waits, and was told of
    std::optional<core::Time> first_told;
    std::uint64_t held = 0;   // old enough, but somebody of the tenant is under a legal hold
    bool complete = true;     // false: there are more than were looked at

    QuarantineSight() = default;
};

struct RetentionForesight {
    std::vector<RetentionSight> contents;
    std::vector<QuarantineSight> quarantines;

    RetentionForesight() = default;
};

class RetentionPreview {
public:
    virtual ~RetentionPreview() = default;
    /// Of every rule, or those of one tenant. Any strand may call.
    virtual sdk::Task<sdk::Result<RetentionForesight>>
    preview(std::optional<core::TenantId> tenant) = 0;
};

}   // namespace gateway::ports
