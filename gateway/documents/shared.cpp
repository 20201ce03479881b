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

}   // namespace gateway::documents
