#pragma once

// The registers that tell what changes, as gateway/records follows them: calls hop onto the
// connection's strand and back.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/sdk/feed.hpp"

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// A running connection that tells of changes, for one of the tenants it serves.
struct FeedPlace {
    core::ConnectionId connection;
    core::TenantId tenant;

    FeedPlace() = default;
    FeedPlace(core::ConnectionId from, core::TenantId whose)
        : connection(std::move(from)), tenant(std::move(whose)) {}
    friend auto operator<=>(const FeedPlace&, const FeedPlace&) = default;
};

/// Why a feed does not come forward, for people.
struct FeedTrouble {
    core::Code code;
    core::Params params;

    FeedTrouble() = default;
    FeedTrouble(core::Code why, core::Params with)
        : code(std::move(why)), params(std::move(with)) {}
};

/// Any strand may call.
class Feeds {
public:
    virtual ~Feeds() = default;
    virtual std::vector<FeedPlace> feeds() const = 0;
    /// What its register has; empty when there is no such connection.
    virtual std::vector<std::string> datasets(const core::ConnectionId& connection) const = 0;
    /// `connection.not_started`, `register.none` when there is no such feed.
    virtual sdk::Task<sdk::ChangePage> changes(FeedPlace place, std::string cursor,
                                               sdk::Deadline deadline) = 0;
    virtual sdk::Task<sdk::LoadAnswer> load(FeedPlace place, sdk::RegisterIntake& into) = 0;
    /// Shown as the connection's health until it is taken back.
    virtual void say(const FeedPlace& place, std::optional<FeedTrouble> trouble) = 0;
};

}   // namespace gateway::ports
