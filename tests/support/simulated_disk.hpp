#pragma once

// The disk under SimulatedVfs: files, what of them is durable, and what happens when the power
// goes. Its own lock guards it.

#include "simulated_vfs.hpp"

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct SimulatedVfs::Disk {
    static constexpr std::size_t sector = 512;

    /// A write, or a truncation, that no sync has made durable.
    struct Pending {
        std::uint64_t offset = 0;   // of a truncation: the new size
        std::string bytes;
        bool truncates = false;
    };

    struct File {
        std::string current;
        std::string durable;
        std::vector<Pending> pending;
        bool exists_durably = false;
        // Locks of the database file, by SQLite's levels.
        int shared = 0;
        bool reserved = false;
        bool exclusive = false;
        // The index of the log, which connections share.
        std::vector<std::unique_ptr<std::array<char, 32'768>>> regions;
        std::array<int, SQLITE_SHM_NLOCK>
            region_locks{};   // -1: exclusive, else the number of sharers
    };

    explicit Disk(std::uint64_t seed) : random(seed) {}

    sqlite3_vfs vfs{};
    std::string vfs_name;
    mutable std::mutex mutex;
    std::mt19937_64 random;
    std::map<std::string, std::shared_ptr<File>> files;
    std::uint64_t generation = 0;   // handles of an older one are dead
    bool out = false;
    std::uint64_t operations = 0;
    std::uint64_t syncs = 0;
    std::optional<std::uint64_t> off_at;
    std::optional<std::uint64_t> fail_sync_at;
    std::optional<std::uint64_t> capacity;

    std::uint64_t used() const;
    std::uint64_t memory() const;
    /// Counts an operation; false when the power goes with it.
    bool operate();
    int write(File& file, std::uint64_t offset, std::string_view bytes);
    int truncate(File& file, std::uint64_t size);
    int sync(File& file);
    void power_cut(std::uint64_t seed);

private:
    bool chance(double p) { return std::uniform_real_distribution<double>(0, 1)(random) < p; }
    void lose(File& file, double kept);
};

/// Fills in the functions of the VFS.
void set_methods(sqlite3_vfs& vfs);

}   // namespace tests
