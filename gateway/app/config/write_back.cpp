#include "gateway/app/config/write_back.hpp"

#include "gateway/runtime/file.hpp"

#include <filesystem>

namespace gateway::app {
namespace {

constexpr std::string_view unfinished = ".new";

core::Result<void> write_one(runtime::FileSystem& folder, const std::string& name,
                             const std::string& text) {
    const std::string beside = name + std::string(unfinished);
    if (auto removed = folder.remove(beside); !removed) {
        return removed;
    }
    auto file = folder.create(beside);
    if (!file) {
        return file.error();
    }
    if (auto written = (*file)->append(text); !written) {
        return written;
    }
    if (auto synced = (*file)->sync(); !synced) {
        return synced;
    }
    return folder.rename(beside, name);
}

}   // namespace

core::Result<void> write_config_files(const std::string& folder, const ConfigFiles& files) {
    const auto now = read_config_files(folder);
    if (!now) {
        return now.error();
    }
    const auto disk = runtime::make_file_system(folder);
    if (auto made = disk->make_directory("tenants"); !made) {
        return made;
    }
    for (const auto& [name, text] : files) {
        const auto same = now->find(name);
        if (same != now->end() && same->second == text) {
            continue;
        }
        if (auto written = write_one(*disk, name, text); !written) {
            return core::Failure(written.error().code, name + ": " + written.error().detail);
        }
    }
    for (const auto& [name, text] : *now) {
        if (!files.contains(name)) {
            if (auto moved = disk->rename(name, name + ".undone"); !moved) {
                return core::Failure(moved.error().code, name + ": " + moved.error().detail);
            }
        }
    }
    if (auto synced = disk->sync_directory("tenants"); !synced) {
        return synced;
    }
    return disk->sync_directory("");
}

}   // namespace gateway::app
