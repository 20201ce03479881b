#pragma once

// How long messages and inbox items are kept: their content, then what is left of them. Apart from
// core::Configuration: nothing but retention looks at it. Pure.

#include "gateway/core/ids.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace gateway::core {

/// So long it is told that something in quarantine will go, before it does.
inline constexpr std::chrono::hours quarantine_notice{24 * 14};

/// Longer than anything is kept.
inline constexpr std::chrono::hours retention_max{24 * 36'600};

/// Content: after it last changed.
struct MessageRetention {
    std::optional<std::chrono::hours> content;      // of what came to its end; none: for ever
    std::optional<std::chrono::hours> unfinished;   // of what failed, or got no receipt
    std::optional<std::chrono::hours> record;       // the rest, after its content was erased
    friend bool operator==(const MessageRetention&, const MessageRetention&) = default;
};

/// By type: "letter/v1".
using MessageRetentions = std::map<TenantId, std::map<std::string, MessageRetention>>;

}   // namespace gateway::core
