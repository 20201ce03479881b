#pragma once

// The embedded store: one SQLite database in write-ahead mode, `synchronous=FULL`, one writer with
// group commit whose flush runs beside its next transaction, read-only connections. The folder's
// lock file is the program's: one process has it open at a time.

#include "gateway/ports/record_types.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/sdk/clock.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::store {

struct SqliteOptions {
    std::string path;
    std::string vfs;                  // empty: the operating system's; simulation names its own
    std::size_t batch_max = 256;      // commands in one commit
    std::size_t queue_max = 16'384;   // commands that may wait; more are `unavailable`
    std::size_t gather_min = 32;      // commands for which a round begins while another is flushed;
                                      // of more it takes half, but not fewer
    int checkpoint_pages = 4'000;     // of 4 KiB
    /// Called once, from an executor's thread, when the disk failed to write or flush: nothing was
    /// acknowledged since, every call is `storage_failed`, and the program must stop.
    std::function<void(const core::Failure&)> on_fatal;

    SqliteOptions() = default;
};

/// Opens or makes the database, blocking; migrates it forward after a backup
/// (`<path>.before-<schema>-<time>/`). `unsupported` when it is of a newer program. Claims of the
/// process before are over. `writer` and `flusher` run one job at a time. All executors must
/// outlive the store, and close() is awaited before it goes; in simulation all may be one loop.
core::Result<std::unique_ptr<ports::Store>>
make_sqlite_store(SqliteOptions options, runtime::Executor& writer, runtime::Executor& flusher,
                  runtime::Executor& readers, const sdk::Clock& clock);

struct RestoreAnswer {
    std::uint64_t messages = 0;
    std::uint64_t without_key = 0;   // erased since the data was saved: they stay closed

    RestoreAnswer() = default;
};

/// Any data file of a backup with the newest keys file becomes a database at `into`, whole or not
/// at all. `conflict` when there is one, `malformed`, `unsupported` (newer program) or `corrupted`
/// backup. Blocks.
core::Result<RestoreAnswer> restore_backup(const std::string& data_file,
                                           const std::string& keys_file, const std::string& into);

/// Every fault of a database that no program has open (`sluse verify --offline`), in words. Blocks.
core::Result<std::vector<std::string>> verify_database(const std::string& path);

/// Every entry of a tenant's access log in a database that no program has open, in the order of
/// their numbers. Blocks; nothing is kept.
core::Result<void> read_access_log(const std::string& path, const core::TenantId& tenant,
                                   const std::function<void(const ports::LogEntry&)>& each);
/// The tenants that have one.
core::Result<std::vector<core::TenantId>> access_log_tenants(const std::string& path);

}   // namespace gateway::store
