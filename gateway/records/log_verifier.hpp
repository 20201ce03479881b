#pragma once

// Whether a tenant's access log is what it was: entries are given one by one and held against the
// chain and the signed checkpoints. Pure, in constant memory but for the checkpoints; a million
// entries take seconds.

#include "gateway/core/code.hpp"
#include "gateway/records/checkpoints.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gateway::records {

/// One thing that is wrong, from which entry to which. Codes and params are those of
/// schemas/texts: log.changed, log.missing, log.unfounded, log.rewritten, log.cut_off,
/// log.checkpoint_faulty, log.checkpoints_disagree.
struct LogFinding {
    core::Code code;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    core::Params params;   // from, to, and what else the text says

    LogFinding() = default;
};

struct LogReport {
    std::uint64_t entries = 0;
    ports::LogHead head;
    std::size_t checkpoints = 0;
    std::uint64_t proved = 0;           // up to this entry a checkpoint outside the database agrees
    std::vector<LogFinding> findings;   // the first ones
    std::uint64_t found = 0;            // all of them

    LogReport() = default;
    bool sound() const { return found == 0; }
};

class LogVerifier {
public:
    static constexpr std::size_t findings_max = 100;   // more say nothing new

    explicit LogVerifier(core::TenantId tenant);
    /// All before the first entry: the checkpoints, and what is wrong with their file.
    LogVerifier(core::TenantId tenant, const CheckpointReader& checkpoints);

    /// In the order of their numbers.
    void add(const ports::LogEntry& entry);
    LogReport finish();

private:
    void find(const char* code, std::uint64_t from, std::uint64_t to, core::Params more = {});
    void compare(const ports::LogEntry& entry);

    core::TenantId tenant_;
    std::multimap<std::uint64_t, Checkpoint> checkpoints_;   // by entry; those not met yet
    LogReport report_;
    bool follows_ = true;   // the hash before the next entry is known
    bool rewritten_ = false;
    std::uint64_t changed_from_ = 0;   // a run of changed entries
    std::uint64_t changed_to_ = 0;
    void end_run();
};

}   // namespace gateway::records
