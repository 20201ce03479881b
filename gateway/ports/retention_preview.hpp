#pragma once

// What retention would do of messages and inbox items if it ran now: nothing is changed by asking.
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

class RetentionPreview {
public:
    virtual ~RetentionPreview() = default;
    /// Of every rule, or those of one tenant. Any strand may call.
    virtual sdk::Task<sdk::Result<std::vector<RetentionSight>>>
    preview(std::optional<core::TenantId> tenant) = 0;
};

}   // namespace gateway::ports
