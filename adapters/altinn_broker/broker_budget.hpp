#pragma once

// Altinn allows 10 searches a minute for each Maskinporten integration, however many resources it
// has. So every connection to the same platform draws from one budget: each caller is given the
// next free moment, in the order they asked. Source: Altinn's rate limits of Broker (search and
// details).

#include "gateway/core/time.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gateway::altinn_broker {

/// Any thread.
class SearchBudget {
public:
    static constexpr std::size_t searches_max = 10;
    /// A little more than Altinn's minute: its clock starts when the call arrives.
    static constexpr std::chrono::seconds window{61};

    /// The one of this platform, for as long as anybody holds it. Shared: connections come and go
    /// by themselves.
    static std::shared_ptr<SearchBudget> of(const std::string& base_url);

    /// When the caller may search; the moment is taken.
    core::SteadyTime reserve(core::SteadyTime now);
    /// The same when that is no later than `latest`; nothing, and nothing taken, otherwise.
    std::optional<core::SteadyTime> reserve_before(core::SteadyTime now, core::SteadyTime latest);
    /// Altinn said no: nobody searches before `until`.
    void pause(core::SteadyTime until);

private:
    core::SteadyTime next(core::SteadyTime now) const;

    std::mutex mutex_;
    std::deque<core::SteadyTime> taken_;   // the last so many, in order
    core::SteadyTime paused_until_{};
};

}   // namespace gateway::altinn_broker
