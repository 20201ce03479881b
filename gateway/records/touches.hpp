#pragma once

// Whom feeds have told of a moment ago: what a register was asked about them before may be how they
// were before the change, though its answer is kept after it.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace gateway::records {

/// Any thread. In memory alone: questions under way end with the process too.
class Touches {
public:
    /// Before the change is written down.
    void note(const std::vector<core::Uuid>& subjects, core::SteadyTime now);
    void note_all(core::SteadyTime now);
    bool touched_since(core::Uuid subject, core::SteadyTime since) const;

private:
    mutable std::mutex mutex_;
    std::map<core::Uuid, core::SteadyTime> touched_;
    std::optional<core::SteadyTime> all_;
    core::SteadyTime swept_{};
};

}   // namespace gateway::records
