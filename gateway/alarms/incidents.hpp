#pragma once

// What is found wrong, look by look, becomes incidents: one of a key at a time, opened once it has
// lasted as long as its kind must, over once it has been gone for a while. Pure but for ids; what
// is open survives a restart in the store, what is about to be opened or over begins anew.

#include "gateway/alarms/sighting.hpp"
#include "gateway/core/alarms_config.hpp"
#include "gateway/sdk/ids.hpp"

#include <map>

namespace gateway::alarms {

/// One thread at a time.
class Incidents {
public:
    /// What has changed. `open` is all that is open in the store.
    struct Change {
        std::vector<ports::Alarm> opened;
        std::vector<ports::Alarm> worse;   // a step more than before
        std::vector<ports::Alarm> seen;    // something else of them is new
        std::vector<ports::Alarm> over;

        Change() = default;
    };
    Change look(const Look& look, const std::vector<ports::Alarm>& open, core::Time now,
                std::chrono::seconds resolve_after, sdk::Ids& ids);

private:
    std::map<ports::AlarmKey, core::Time> lasting_;   // not an incident yet, since
    std::map<ports::AlarmKey, core::Time> gone_;      // open, and not found any more, since
};

/// Whether this alarm is told to this receiver.
bool concerns(const core::AlarmReceiver& receiver, const ports::Alarm& alarm);

}   // namespace gateway::alarms
