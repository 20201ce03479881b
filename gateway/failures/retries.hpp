#pragma once

// The retries of groups: begun, stepped and answered for. Each step is written down before anything
// is opened and after, by compare-and-set, so that a person's pause and our own step cannot
// overwrite each other and a crash loses nothing: what was planned is opened at most once, since
// the store opens a new id once and only instead of the newest delivery.

#include "gateway/crypto/vault.hpp"
#include "gateway/failures/group_retry.hpp"
#include "gateway/failures/groups.hpp"
#include "gateway/failures/reopening.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::failures {

inline constexpr std::size_t retries_open_max = 20;
inline constexpr std::size_t retries_ended_max = 50;   // shown for a while

struct RetryParts {
    ports::Store& store;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
};

/// Of a retry that was asked for before it is begun.
struct RetryAsked {
    std::optional<core::Uuid> id;      // nothing: a new one
    std::optional<core::Time> until;   // nothing: now

    RetryAsked() = default;
};

/// Any strand may call; keeps nothing between calls.
class Retries {
public:
    explicit Retries(RetryParts parts) : parts_(parts) {}

    /// Newest first.
    sdk::Task<core::Result<std::vector<GroupRetry>>> list();
    /// conflict: one of the group is open. unavailable: too many are open. not_found: no key of
    /// the tenant's is at hand.
    sdk::Task<core::Result<GroupRetry>> begin(Group group, Wish wish,
                                              RetryAsked asked = RetryAsked());
    /// pause | resume | cancel. not_found. conflict: it is not in a state for that; then `now` has
    /// it as it stands.
    sdk::Task<core::Result<GroupRetry>> change(std::string id, std::string what, Wish wish,
                                               std::optional<GroupRetry>& now);
    /// One round of every open retry. True when one is running.
    sdk::Task<core::Result<bool>> step();

private:
    struct Kept {
        std::vector<GroupRetry> retries;   // oldest first
        std::uint64_t version = 0;

        Kept() = default;
    };
    sdk::Task<core::Result<Kept>> load();
    sdk::Task<core::Result<void>> save(Kept& kept);
    sdk::Task<core::Result<void>> step_one(Kept& kept, std::size_t index);
    sdk::Task<core::Result<void>> plan(GroupRetry& retry);
    sdk::Task<core::Result<void>> open_planned(GroupRetry& retry);
    sdk::Task<core::Result<bool>> open(const GroupRetry& retry, Reopened item, const Wish& wish);
    sdk::Task<core::Result<void>> look(GroupRetry& retry);

    RetryParts parts_;
};

}   // namespace gateway::failures
