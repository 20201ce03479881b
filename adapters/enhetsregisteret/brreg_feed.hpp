#pragma once

// What has changed since a position, and the position that a point in time has.

#include "adapters/enhetsregisteret/brreg_caller.hpp"
#include "adapters/enhetsregisteret/brreg_updates.hpp"

namespace gateway::enhetsregisteret {

/// A position, or why there is none.
struct Place {
    Position position;
    std::optional<sdk::RegisterFailure> failure;

    Place() = default;
};

/// Lives on its connection's strand.
class Changes {
public:
    Changes(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}

    sdk::Task<sdk::ChangePage> after(std::string cursor, sdk::Deadline deadline);
    /// Before all that was updated since then: read on from here, nothing of it is missed.
    sdk::Task<Place> place_at(core::Time since, sdk::Deadline deadline);
    /// After all there is.
    sdk::Task<Place> place_now(sdk::Deadline deadline);

private:
    sdk::Task<Place> find(core::Time until, sdk::Deadline deadline);
    /// The position in one feed, or a failure, into `place`.
    sdk::Task<void> find_in(Kind kind, core::Time until, Place& place, sdk::Deadline deadline);
    /// Past all that was updated before then.
    sdk::Task<void> walk(Kind kind, core::Time until, Place& place, sdk::Deadline deadline);
    sdk::Task<Updates> ask(Kind kind, std::uint64_t from, std::size_t size, sdk::Deadline deadline);
    sdk::Task<Updates> ask_since(Kind kind, core::Time since, std::size_t size,
                                 sdk::Deadline deadline);

    const Settings& settings_;
    sdk::Host& host_;
};

}   // namespace gateway::enhetsregisteret
