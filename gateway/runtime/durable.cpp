#include "gateway/runtime/durable.hpp"

namespace gateway::runtime {

core::Result<void> Durable::ensure_folder(const std::string& path) {
    {
        const std::lock_guard lock(mutex_);
        if (known_.contains(path)) {
            return {};
        }
    }
    if (auto made = files_.make_directory(path); !made) {
        return made;
    }
    // Each folder's name is an entry of the one above it.
    for (std::string parent = path; !parent.empty();) {
        const std::size_t slash = parent.rfind('/');
        parent = slash == std::string::npos ? std::string() : parent.substr(0, slash);
        if (auto synced = sync_folder(parent); !synced) {
            return synced;
        }
    }
    const std::lock_guard lock(mutex_);
    known_.insert(path);
    return {};
}

core::Result<void> Durable::sync_folder(const std::string& path) {
    return flushed(files_.sync_directory(path));
}

core::Result<void> Durable::flushed(core::Result<void> result) const {
    if (!result && !result.error().is(core::Errc::storage_full) && on_fatal_) {
        on_fatal_(result.error());
    }
    return result;
}

}   // namespace gateway::runtime
