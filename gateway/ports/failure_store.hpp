#pragma once

// What has failed, run out of time or is held, grouped by what it fails of. A message stands here
// while its newest delivery does; a retry takes it away in the same transaction. Errors as in
// ports/store.hpp.

#include "gateway/core/assert.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/task.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::ports {

/// What failures have in common. Plain: never personal.
struct FailureKind {
    core::TenantId tenant;
    std::string code;         // of the delivery; empty: none was given
    std::string detail;       // the component's own code, where it gave one we have no words for
    std::string connection;   // empty: none had been chosen
    std::string type;         // of the message

    FailureKind() = default;
    friend auto operator<=>(const FailureKind&, const FailureKind&) = default;
};

struct FailureCount {
    FailureKind kind;
    std::uint64_t count = 0;
    core::Time oldest{};
    core::Time newest{};
    std::vector<core::MessageId> samples;   // some, the newest first
    core::Params params;                    // of the newest

    FailureCount() = default;
};

struct FailedDelivery {
    core::Time at{};
    core::DeliveryId delivery;
    core::MessageId message;
    core::SystemId system;
    core::DeliveryState state = core::DeliveryState::failed;
    FailureKind kind;

    FailedDelivery() = default;
};

struct FailureQuery {
    std::vector<FailureKind> kinds;   // of one group, so of one tenant
    std::size_t limit = 50;
    bool oldest_first = false;
    std::optional<core::Time> until;   // none that failed later
    /// Behind this one, in the order asked for.
    std::optional<std::pair<core::Time, core::DeliveryId>> after;

    FailureQuery() = default;
};

inline constexpr std::size_t failure_samples_max = 3;
inline constexpr std::size_t failure_kinds_max = 2000;

/// What the kind of a failure takes from a delivery's params.
inline std::string detail_of(const core::Params& params) {
    const auto found = std::find_if(params.begin(), params.end(),
                                    [](const auto& param) { return param.first == "code"; });
    return found == params.end() ? std::string() : found->second.substr(0, 100);
}

inline bool is_failure(core::DeliveryState state) {
    return state == core::DeliveryState::failed || state == core::DeliveryState::expired ||
           state == core::DeliveryState::held;
}

class FailureStore {
public:
    virtual ~FailureStore() = default;

    /// Every kind there is now, of one tenant or of all, exact without counting rows; at most
    /// failure_kinds_max.
    virtual sdk::Task<sdk::Result<std::vector<FailureCount>>>
    failures(std::optional<core::TenantId> tenant) = 0;
    /// Those of these kinds, in the order of when they failed. Always by an index.
    virtual sdk::Task<sdk::Result<std::vector<FailedDelivery>>> failed(FailureQuery query) = 0;
};

/// Every store keeps its failures too: they are written in its transactions.
inline FailureStore& failures_of(Store& store) {
    auto* const failures = dynamic_cast<FailureStore*>(&store);
    GATEWAY_ASSERT(failures != nullptr);
    return *failures;
}

}   // namespace gateway::ports
