#include "gateway/documents/shared.hpp"

namespace gateway::documents {

std::unique_ptr<Claims::Claim> Claims::begin_commit(const DocumentKey& key) {
    const std::lock_guard lock(mutex_);
    if (removing_.contains(key)) {
        return nullptr;
    }
    auto claim = std::make_unique<Claim>(*this, Kind::commit, key);
    ++committing_[key];
    return claim;
}

std::unique_ptr<Claims::Claim> Claims::begin_removal(const DocumentKey& key) {
    const std::lock_guard lock(mutex_);
    if (committing_.contains(key) || removing_.contains(key)) {
        return nullptr;
    }
    removing_.insert(key);
    return std::make_unique<Claim>(*this, Kind::removal, key);
}

void Claims::end(Kind kind, const DocumentKey& key) {
    const std::lock_guard lock(mutex_);
    if (kind == Kind::removal) {
        removing_.erase(key);
        return;
    }
    const auto place = committing_.find(key);
    if (--place->second == 0) {
        committing_.erase(place);
    }
}

void Claims::add_spool(const std::string& path) {
    const std::lock_guard lock(mutex_);
    spools_.insert(path);
}

void Claims::drop_spool(const std::string& path) {
    const std::lock_guard lock(mutex_);
    spools_.erase(path);
}

bool Claims::is_writing(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return spools_.contains(path);
}

core::Result<void> Shared::ensure_folder(const std::string& path) {
    {
        const std::lock_guard lock(mutex_);
        if (durable_folders_.contains(path)) {
            return {};
        }
    }
    if (auto made = files.make_directory(path); !made) {
        return made;
    }
    // Each folder's name is an entry of the one above it.
    for (std::string parent = path; !parent.empty();) {
        const std::size_t slash = parent.rfind('/');
        parent = slash == std::string::npos ? std::string() : parent.substr(0, slash);
        if (auto synced = flushed(files.sync_directory(parent)); !synced) {
            return synced;
        }
    }
    const std::lock_guard lock(mutex_);
    durable_folders_.insert(path);
    return {};
}

core::Result<void> Shared::flushed(core::Result<void> result) const {
    if (!result && !result.error().is(core::Errc::storage_full) && options.on_fatal) {
        options.on_fatal(result.error());
    }
    return result;
}

}   // namespace gateway::documents
