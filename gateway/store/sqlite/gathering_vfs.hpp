#pragma once

// What SQLite writes piece by piece reaches the disk in few large writes. SQLite gives each page of
// its log as two writes (a header of 24 bytes, the page) and each page of a checkpoint as one; this
// stands between it and another VFS and joins what follows on what was written before.
//
// Nothing is promised less: what was gathered is handed down before each sync, and before anybody
// could see that it is missing (any read, size, truncation, lock or use of the shared index by the
// connection that wrote it). Where writing it down fails, the call that needed it fails.
//
// The flush that ends a commit can be owed instead and done by somebody else (LogFlush), so that
// the writer runs its next transaction while the disk flushes the last. Who owes it answers nobody
// before it is done.

#include <memory>
#include <string>

struct sqlite3;
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

/// The log of one connection in write-ahead mode, whose flushes can be owed.
class LogFlush {
public:
    LogFlush() = default;
    /// On the connection's thread, once its log is open (after a transaction), before all else.
    void find(sqlite3* handle);
    bool is_found() const { return log_ != nullptr; }
    /// On the connection's thread: from now on its commits are written and not flushed.
    void owe(bool owes);
    /// Any one thread at a time, while the connection is open. False: what was owed is lost.
    bool flush() const;

private:
    void* log_ = nullptr;
};

}   // namespace gateway::store::sqlite
