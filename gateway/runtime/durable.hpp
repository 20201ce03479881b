#pragma once

// Folders and flushes that must survive a power cut, over runtime::FileSystem.

#include "gateway/runtime/file.hpp"

#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace gateway::runtime {

/// Any thread; its calls block. `files` outlives it.
class Durable {
public:
    /// `on_fatal`: the disk did not flush, not for lack of room; may end the process. May be empty.
    Durable(FileSystem& files, std::function<void(const core::Failure&)> on_fatal)
        : files_(files), on_fatal_(std::move(on_fatal)) {}

    /// Makes the folder, durable up to the root.
    core::Result<void> ensure_folder(const std::string& path);
    core::Result<void> sync_folder(const std::string& path);
    /// What a flush gave, told to `on_fatal` when the disk failed.
    core::Result<void> flushed(core::Result<void> result) const;

private:
    FileSystem& files_;
    std::function<void(const core::Failure&)> on_fatal_;
    std::mutex mutex_;
    std::set<std::string> known_;
};

}   // namespace gateway::runtime
