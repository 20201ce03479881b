#pragma once

// Writes signed heads of the tenants' access logs to places outside the database: a file for each
// tenant, and the system's log, as [records] says. Called at an interval and at the end, so that
// little of the log is ever without one.

#include "gateway/ports/configuration.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/records/checkpoints.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace gateway::records {

struct CheckpointParts {
    ports::RecordStore& records;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    runtime::Executor& blocking;
    const sdk::Clock& clock;
    sdk::Log& log;
    sdk::Metrics& metrics;
    std::string syslog_socket;
};

/// What a checkpoint proves that the log once held and it does not hold now.
struct LogLoss {
    core::TenantId tenant;
    ports::LogHead head;

    LogLoss() = default;
};

/// One call at a time.
class CheckpointWriter {
public:
    explicit CheckpointWriter(const CheckpointParts& parts) : parts_(parts) {}

    /// Of each tenant whose log has grown since its last one. What cannot be written is logged and
    /// tried again at the next call. A file with a checkpoint that the log does not hold any more
    /// is logged as `access_log_rolled_back`, once for each start.
    sdk::Task<void> write_all();
    /// As the last call found them; over once the log holds it again, or the file was put aside.
    std::vector<LogLoss> lost() const;
    /// Nothing failed in the last call: else somebody is to be told.
    bool well() const { return well_; }

private:
    struct Place {
        std::string file;
        std::string before;      // hash of the file's last line
        ports::LogHead newest;   // that has been written
        std::vector<ports::LogHead> lost;
        std::deque<std::string> unsent;   // lines that the system's log is to have, oldest first
    };

    sdk::Task<void> write(core::TenantId tenant, std::shared_ptr<const crypto::Vault> vault,
                          std::string folder, bool to_syslog);
    /// In their order, so that what the system's log has is a chain like the file.
    sdk::Task<void> send_to_syslog(core::TenantId tenant);
    sdk::Task<core::Result<void>> open(core::TenantId tenant, std::string key, std::string folder);
    /// Those of them that the log does not hold.
    sdk::Task<core::Result<std::vector<ports::LogHead>>> missing(core::TenantId tenant,
                                                                 std::vector<ports::LogHead> heads);
    sdk::Task<core::Result<void>> look_again(core::TenantId tenant);
    void complain(const core::TenantId& tenant, const core::Failure& failure);

    const CheckpointParts parts_;
    std::map<core::TenantId, Place> places_;
    bool well_ = true;
};

}   // namespace gateway::records
