#pragma once

// Failures by cause. A group is what one act mends: one cause, on one connection, of one type of
// message, with one code of the component's own. Its id is made of these alone, so it is the same
// each time the same thing fails.

#include "gateway/ports/failure_store.hpp"
#include "gateway/texts/causes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::failures {

struct Group {
    std::string id;   // 32 hexadecimal characters
    texts::Cause cause;
    std::vector<ports::FailureKind> kinds;   // of the cause; at least one
    std::uint64_t count = 0;
    core::Time oldest{};
    core::Time newest{};
    std::vector<core::MessageId> samples;
    core::Code code;       // of the newest
    core::Params params;   // of the newest

    Group() = default;
};

std::string group_id(const ports::FailureKind& kind);
/// The largest first.
std::vector<Group> groups_of(std::vector<ports::FailureCount> counts);
/// Where a page of a group's messages ended; opaque to callers.
std::string cursor_of(const ports::FailedDelivery& last);
std::optional<std::pair<core::Time, core::DeliveryId>> read_cursor(std::string_view text);
std::optional<Group> find_group(std::vector<ports::FailureCount> counts, std::string_view id);

}   // namespace gateway::failures
