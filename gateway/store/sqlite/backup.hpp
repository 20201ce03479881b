#pragma once

// A backup is two files: the data without the wrapped keys of content, and those keys. So a key
// that was destroyed is gone from every backup once the keys files older than it are deleted. The
// data file never held a key, not even in freed pages: it is built from the other tables, not by
// deleting from a copy.

#include "gateway/store/sqlite/database.hpp"

#include <cstdint>
#include <string>

namespace gateway::store::sqlite {

inline constexpr const char* backup_data_name = "sluse-data.db";
inline constexpr const char* backup_keys_name = "sluse-keys.db";
/// Far more events than can have come between a backup and its restoring; still exact in a double.
inline constexpr std::uint64_t positions_skipped = 1'000'000'000'000;

/// Both files from one snapshot of the database, fsynced, while others write to it. The folder
/// exists and is empty
/// (`conflict` otherwise); what was begun is removed on failure.
core::Result<void> write_backup(const OpenOptions& database, const std::string& folder);

struct Restored {
    std::uint64_t messages = 0;
    std::uint64_t without_key =
        0;   // destroyed since the data was saved: these cannot be opened any more

    Restored() = default;
};

/// Any data file with the newest keys file. `into` must not exist (`conflict`); it appears whole or
/// not at all. Positions of events go on far beyond those that were ever given out, so that
/// nobody's cursor skips an event.
core::Result<Restored> restore_backup(const std::string& data_file, const std::string& keys_file,
                                      const std::string& into);

}   // namespace gateway::store::sqlite
