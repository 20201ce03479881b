#pragma once

// A disk in memory that can lose power. What was written but not synced is kept apart: power_cut()
// drops it at random, as a disk and its file system may: file ends by any number of bytes (or
// filled with zeros), and names, renames and removals in a folder each by themselves, unless that
// folder was synced. One thread.

#include "gateway/runtime/file.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace tests {

class SimulatedFileSystem final : public gateway::runtime::FileSystem {
public:
    SimulatedFileSystem();
    ~SimulatedFileSystem() override;

    gateway::core::Result<std::unique_ptr<gateway::runtime::File>>
    create(const std::string& path) override;
    gateway::core::Result<std::unique_ptr<gateway::runtime::File>>
    open(const std::string& path) override;
    gateway::core::Result<void> rename(const std::string& from, const std::string& to) override;
    gateway::core::Result<void> remove(const std::string& path) override;
    gateway::core::Result<void> make_directory(const std::string& path) override;
    gateway::core::Result<void> sync_directory(const std::string& path) override;
    gateway::core::Result<std::vector<std::string>> list(const std::string& directory) override;
    gateway::core::Result<bool> exists(const std::string& path) override;
    gateway::core::Result<std::uint64_t> free_bytes() override;

    /// Everything unsynced is lost or kept, as the seed says; open files are dead; faults and
    /// limits are lifted.
    void power_cut(std::uint64_t seed);

    // --- faults
    /// ENOSPC beyond; what fits of a write is written.
    void set_capacity(std::uint64_t bytes);
    /// The n-th sync of a file from now on fails with EIO and its unsynced bytes are gone for good.
    /// 1 is the next.
    void fail_sync(int nth);
    /// After `count` more changes to the disk nothing works until power_cut().
    void power_off_after(int count);
    bool is_off() const;
    /// Changes made so far (create, append, sync, rename, remove, new folder, folder sync).
    int changes() const;

    // --- looking in
    /// All files, full paths, sorted.
    std::vector<std::string> files() const;
    /// The bytes of a file, to tamper with. Must exist.
    std::string& contents(const std::string& path);
    std::uint64_t used() const;

    struct Node;
    struct Disk;

private:
    std::shared_ptr<Disk> disk_;
};

}   // namespace tests
