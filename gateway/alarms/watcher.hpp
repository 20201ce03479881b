#pragma once

// Looks at everything in turn, keeps incidents, and has them told. The only one that writes alarms.

#include "gateway/alarms/incidents.hpp"
#include "gateway/alarms/surroundings.hpp"
#include "gateway/alarms/teller.hpp"
#include "gateway/ports/failure_store.hpp"

#include <optional>

namespace gateway::alarms {

struct WatcherParts {
    ports::Store& store;
    const ports::ConfigurationSource& configuration;
    Surroundings& surroundings;
    Courier& courier;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    std::function<void()> changed;   // an alarm was opened, changed or is over; may be empty
};

/// On one strand; run() ends by cancellation.
class Watcher {
public:
    explicit Watcher(WatcherParts parts);

    sdk::Task<void> run();
    /// One look, and what follows of it.
    sdk::Task<core::Result<void>> look();

private:
    struct Gathered;
    sdk::Task<void> look_at_tenant(core::TenantId tenant, Look& into,
                                   const std::vector<ports::FailureCount>& failures,
                                   const std::set<std::string>& shut);
    sdk::Task<void> look_at_traffic(core::TenantId tenant, Look& into);
    sdk::Task<core::Result<std::chrono::sys_days>> counted_since(core::TenantId tenant);
    sdk::Task<core::Result<void>> keep(Look seen);
    sdk::Task<core::Result<void>> plan_digests();
    void blind(Look& look, const core::TenantId& tenant, std::initializer_list<const char*> kinds,
               const core::Failure& why);

    WatcherParts parts_;
    Teller teller_;
    Incidents incidents_;
    std::chrono::sys_days digested_{};
    core::Time forgot_{};
    bool took_over_ = false;
};

}   // namespace gateway::alarms
