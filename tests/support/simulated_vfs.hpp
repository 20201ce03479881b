#pragma once

// A disk for SQLite that lives in memory and can lose power: what was written and not synced is
// then kept or dropped sector by sector, in no order, some of them torn. Also runs out of space and
// fails a flush, when told. All from one seed. The sibling of SimulatedFileSystem.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tests {

/// Registered with SQLite under name() as long as it lives; databases on it are closed before it
/// goes. Any thread.
class SimulatedVfs {
public:
    explicit SimulatedVfs(std::uint64_t seed);
    ~SimulatedVfs();
    SimulatedVfs(const SimulatedVfs&) = delete;
    SimulatedVfs& operator=(const SimulatedVfs&) = delete;

    const std::string& name() const;

    /// Nothing works any more until power_cut().
    void power_off();
    /// The power goes at the n-th write, truncation, sync or removal from here.
    void power_off_after(std::uint64_t count);
    bool is_off() const;
    /// The power is back: files hold what had been synced and, as the seed says, some of what had
    /// not. Handles, locks and shared memory of before are dead; faults and limits are lifted.
    void power_cut(std::uint64_t seed);

    /// Bytes that all files together may have: `SQLITE_FULL` beyond. Nothing: no limit.
    void set_capacity(std::optional<std::uint64_t> bytes);
    /// The n-th sync from here fails with EIO, and its unsynced bytes are gone for good. 1 is the
    /// next.
    void fail_sync(int nth);

    std::uint64_t used() const;
    /// Bytes of memory that its files take, as they are and as they would be after a power cut.
    std::uint64_t memory() const;
    /// Writes, truncations, syncs and removals so far.
    std::uint64_t changes() const;
    std::uint64_t syncs() const;

    struct Disk;

private:
    std::shared_ptr<Disk> disk_;
};

}   // namespace tests
