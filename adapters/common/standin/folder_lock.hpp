#pragma once

#include <string>

namespace gateway::standin {

/// Held by one program at a time; let go with the scope, or with the process.
class FolderLock {
public:
    /// Waits for it. Throws std::runtime_error when the file cannot be made.
    explicit FolderLock(const std::string& path);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int file_;
};

}   // namespace gateway::standin
