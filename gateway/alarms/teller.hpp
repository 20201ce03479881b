#pragma once

// Tells what is to be told. That it is being tried is written before it is tried, and what came of
// it after; a crash in between is a try whose end nobody knows, and the same letter under the same
// id goes out again: better known twice than never.

#include "gateway/alarms/courier.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"

#include <map>

namespace gateway::alarms {

struct TellerParts {
    ports::Store& store;
    const ports::ConfigurationSource& configuration;
    Courier& courier;
    sdk::Clock& clock;
    sdk::Log& log;
    sdk::Metrics& metrics;
};

/// On one strand. Keeps nothing but what was begun before this program.
class Teller {
public:
    explicit Teller(TellerParts parts) : parts_(parts) {}

    /// Once, before the first tell_due(): what was begun before a crash is due now.
    sdk::Task<core::Result<void>> take_over();
    /// All that is due, one after the other. What of one alarm goes to one receiver goes in order.
    sdk::Task<core::Result<void>> tell_due();

private:
    sdk::Task<core::Result<void>> tell(ports::AlarmNotice notice);
    sdk::Task<Told> take(ports::AlarmNotice notice);
    sdk::Task<core::Result<Digest>> digest_for(core::DigestReceiver receiver);
    sdk::Task<core::Result<bool>> is_after_another(ports::AlarmNotice notice);

    TellerParts parts_;
};

}   // namespace gateway::alarms
