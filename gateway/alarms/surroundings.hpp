#pragma once

// What alarms are judged by and the store does not know: connections, certificates, the machine.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/sdk/outcome.hpp"
#include "gateway/sdk/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::alarms {

struct ConnectionSight {
    core::ConnectionId id;
    core::TenantId owner;   // empty: the installation's
    bool circuit_open = false;
    bool asked = true;   // else its health is not known yet, and neither wrong nor mended
    sdk::Health health;

    ConnectionSight() = default;
};

/// A certificate that expires, or a date somebody has set.
struct ExpirySight {
    std::string name;   // a connection, a listener, or what the configuration calls it
    bool certificate = true;
    core::Time at{};

    ExpirySight() = default;
};

struct JobSight {
    std::string name;
    bool failed = false;   // the last time it was done

    JobSight() = default;
    JobSight(std::string what, bool has_failed) : name(std::move(what)), failed(has_failed) {}
};

/// An access log that does not hold what a checkpoint proves it has held.
struct LogSight {
    core::TenantId tenant;
    std::uint64_t entry = 0;   // the last that is proved

    LogSight() = default;
};

struct Surrounding {
    std::vector<ConnectionSight> connections;
    std::vector<ExpirySight> expiring;
    std::optional<std::uint64_t> free_bytes;   // of the data folder's disk
    bool disk_full = false;
    std::optional<std::chrono::seconds> clock_skew;   // nothing: nobody's clock was seen
    std::vector<JobSight> jobs;
    bool scanner_down = false;                            // where there is one
    std::optional<std::vector<LogSight>> logs_set_back;   // nothing: not looked at yet

    Surrounding() = default;
};

class Surroundings {
public:
    virtual ~Surroundings() = default;
    virtual sdk::Task<Surrounding> look() = 0;
};

}   // namespace gateway::alarms
