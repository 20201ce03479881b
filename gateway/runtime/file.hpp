#pragma once

// The disk as a seam: everything outside SQLite that must survive a power cut goes through here.
// Calls block: run them on an Executor. In simulation unsynced writes can be dropped.

#include "gateway/core/failure.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gateway::runtime {

/// One open file. Not shared between threads at once.
class File {
public:
    virtual ~File() = default;
    virtual core::Result<void> append(std::span<const char> bytes) = 0;
    /// Reads up to `out.size()` at `offset`; fewer only at the end.
    virtual core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) = 0;
    virtual core::Result<void> sync() = 0;   // a failed fsync is final: the file must be given up
    virtual core::Result<std::uint64_t> size() = 0;
};

/// Paths are relative to the root it was made with. `storage_full` for ENOSPC/EDQUOT, `not_found`,
/// else `storage_failed`.
class FileSystem {
public:
    virtual ~FileSystem() = default;
    virtual core::Result<std::unique_ptr<File>>
    create(const std::string& path) = 0;   // must not exist; 0600
    virtual core::Result<std::unique_ptr<File>> open(const std::string& path) = 0;   // to read
    virtual core::Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual core::Result<void> remove(const std::string& path) = 0;   // absent is fine
    virtual core::Result<void>
    make_directory(const std::string& path) = 0;   // with parents; 0700; existing is fine
    virtual core::Result<void> sync_directory(const std::string& path) = 0;
    virtual core::Result<std::vector<std::string>>
    list(const std::string& directory) = 0;   // names, sorted
    virtual core::Result<bool> exists(const std::string& path) = 0;
    virtual core::Result<std::uint64_t> free_bytes() = 0;
};

std::unique_ptr<FileSystem> make_file_system(std::string root);

/// A whole small file (keys, config), at most `bytes_max`. Absolute path or relative to the working
/// folder.
core::Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max);

}   // namespace gateway::runtime
