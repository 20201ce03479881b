#pragma once

// The flow as all who watch it are told of it: of each municipality looked at once for all of them,
// when something has been committed, and seldom enough to cost little in the worst backlog.

#include "gateway/admin/api.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace gateway::admin {

/// Owned by the API, and outlives the streams. Any strand may call; of those who look at the same
/// time one asks the store and the others wait for what it finds.
class FlowWatch {
public:
    struct Told {
        std::uint64_t number = 0;   // grows with each change; 0: nothing yet
        std::shared_ptr<const std::string> text;

        Told() = default;
    };

    explicit FlowWatch(const AdminParts& parts) : parts_(parts) {}

    /// What is newer than `known`; that itself when nothing has been committed since. Fails as the
    /// store does, for all who wait; timed_out when another's look takes too long.
    sdk::Task<core::Result<Told>> look(core::TenantId tenant, std::uint64_t known);
    /// Returns at `until`, or once it is over.
    sdk::Task<void> rest(core::SteadyTime until);
    /// Nobody rests any longer.
    void end() { over_.notify(); }

    /// Between looks of the store, and between what one watcher is told: within a second of the
    /// commit with some to spare.
    static constexpr std::chrono::milliseconds pace{800};

private:
    struct Place {
        Told told;
        std::uint64_t position = 0;   // of events: what was committed up to it is told
        std::uint64_t news = 0;       // as the signal stood before the look
        core::SteadyTime looked{};
        core::SteadyTime told_at{};
        core::SteadyTime next{};   // no look before
        std::uint64_t begun = 0;   // looks, and which of them ended last
        std::uint64_t ended = 0;
        std::optional<core::Failure> fault;
        bool looking = false;

        Place() = default;
    };
    /// Whoever has it looks; its end wakes the others.
    class Turn;

    bool is_fresh(const Place& place) const;
    sdk::Task<core::Result<Told>> look_anew(core::TenantId tenant);
    core::Failure keep_fault(const core::TenantId& tenant, core::Failure failure);

    const AdminParts& parts_;
    std::mutex mutex_;
    std::map<core::TenantId, Place> places_;   // as many as municipalities that were watched
    runtime::Signal looked_;
    runtime::Signal over_;
};

}   // namespace gateway::admin
