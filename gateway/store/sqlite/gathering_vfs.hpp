#pragma once

// What SQLite writes piece by piece reaches the disk in few large writes. SQLite gives each page of
// its log as two writes (a header of 24 bytes, the page) and each page of a checkpoint as one; this
// stands between it and another VFS and joins what follows on what was written before.
//
// Nothing is promised less: what was gathered is handed down before each sync, and before anybody
// could see that it is missing (any read, size, truncation, lock or use of the shared index by the
// connection that wrote it). Where writing it down fails, the call that needed it fails.

#include <memory>
#include <string>

struct sqlite3_vfs;

namespace gateway::store::sqlite {

/// Registered with SQLite while it lives; outlives the connections opened by its name. Any thread
/// may use one; its files belong to one connection each, as SQLite's do.
class GatheringVfs {
public:
    /// Over the VFS of that name; empty: the operating system's. nullptr when there is none.
    static std::shared_ptr<GatheringVfs> over(const std::string& name);
    ~GatheringVfs();
    GatheringVfs(const GatheringVfs&) = delete;
    GatheringVfs& operator=(const GatheringVfs&) = delete;

    const std::string& name() const { return name_; }

private:
    explicit GatheringVfs(sqlite3_vfs& below);

    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
};

}   // namespace gateway::store::sqlite
