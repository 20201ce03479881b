#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;

core::Result<ports::DocumentRecord>
MemoryEngine::put_document(const ports::DocumentRecord& record) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto& document = documents_[{record.tenant, record.hash}];
    if (document.uploaders.empty()) {
        document.record = record;
    }
    document.record.created = std::max(document.record.created, record.created);
    document.uploaders.insert(record.uploader);
    section.changed();
    return document.record;
}

core::Result<std::optional<ports::DocumentRecord>>
MemoryEngine::find_document(const core::TenantId& tenant, core::Sha256 hash) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::DocumentRecord> record;
    if (const auto found = documents_.find({tenant, hash}); found != documents_.end()) {
        record = found->second.record;
    }
    return record;
}

core::Result<bool> MemoryEngine::may_read_document(const core::TenantId& tenant,
                                                   const core::SystemId& system, bool sees_all,
                                                   core::Sha256 hash) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = documents_.find({tenant, hash});
    if (found == documents_.end()) {
        return false;
    }
    const auto& document = found->second;
    return document.uploaders.contains(system) || document.readers.contains(system) ||
           (sees_all && !document.readers.empty());
}

core::Result<std::vector<ports::DocumentRecord>> MemoryEngine::orphan_documents(core::Time before,
                                                                                std::size_t limit) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::DocumentRecord> orphans;
    for (const auto& [key, document] : documents_) {
        if (document.readers.empty() && document.record.created < before &&
            orphans.size() < limit && !keeps_documents(document.record.tenant)) {
            orphans.push_back(document.record);
        }
    }
    return orphans;
}

core::Result<std::vector<ports::DocumentRecord>>
MemoryEngine::documents_after(const core::TenantId& tenant, core::Sha256 hash, std::size_t limit) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::DocumentRecord> records;
    for (auto at = documents_.upper_bound({tenant, hash});
         at != documents_.end() && records.size() < limit; ++at) {
        records.push_back(at->second.record);
    }
    return records;
}

MemoryEngine::Nothing MemoryEngine::forget_document(const core::TenantId& tenant,
                                                    core::Sha256 hash) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = documents_.find({tenant, hash});
    if (found == documents_.end()) {
        return Failure(Errc::not_found, "no such document");
    }
    if (!found->second.readers.empty()) {
        return Failure(Errc::conflict, "a message refers to it");
    }
    documents_.erase(found);
    section.changed();
    return {};
}

core::Result<ports::StateEntry> MemoryEngine::get_state(const core::ConnectionId& connection,
                                                        const std::string& key) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = states_.find({connection, key});
    return found == states_.end() ? ports::StateEntry() : found->second;
}

core::Result<std::uint64_t> MemoryEngine::put_state(const core::ConnectionId& connection,
                                                    const std::string& key, std::string value,
                                                    std::uint64_t expected) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = states_.find({connection, key});
    const std::uint64_t version = found == states_.end() ? 0 : found->second.version;
    if (version != expected) {
        return Failure(Errc::conflict, "another version is there");
    }
    auto& entry = states_[{connection, key}];
    entry.value = std::move(value);
    entry.version = version + 1;
    section.changed();
    return entry.version;
}

core::Result<std::optional<core::Fence>> MemoryEngine::take_named_lease(const std::string& name,
                                                                        const std::string& owner,
                                                                        core::Time now,
                                                                        core::Time until) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto& lease = leases_[name];
    std::optional<core::Fence> fence;
    const bool live = lease.until > now;
    if (live && lease.owner != owner) {
        return fence;
    }
    if (!live) {
        ++lease.fence.value;
        lease.owner = owner;
    }
    lease.until = until;
    fence = lease.fence;
    section.changed();
    return fence;
}

MemoryEngine::Nothing MemoryEngine::drop_named_lease(const std::string& name, core::Fence fence) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = leases_.find(name);
    if (found == leases_.end() || found->second.fence != fence) {
        return Failure(Errc::stale_fence, "the lease is another's");
    }
    found->second.until = core::Time();
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::put_credential(const ports::Credential& credential) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    if (!credentials_.emplace(credential.key_id, credential).second) {
        return Failure(Errc::conflict, "the key id exists");
    }
    section.changed();
    return {};
}

core::Result<std::optional<ports::Credential>>
MemoryEngine::find_credential(const std::string& key_id) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::Credential> credential;
    if (const auto found = credentials_.find(key_id); found != credentials_.end()) {
        credential = found->second;
    }
    return credential;
}

core::Result<std::vector<ports::Credential>>
MemoryEngine::list_credentials(const std::optional<core::TenantId>& tenant) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::Credential> list;
    for (const auto& [id, credential] : credentials_) {
        if (!tenant || *tenant == credential.tenant) {
            list.push_back(credential);
        }
    }
    return list;
}

MemoryEngine::Nothing MemoryEngine::revoke_credential(const std::string& key_id, core::Time at) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = credentials_.find(key_id);
    if (found == credentials_.end()) {
        return Failure(Errc::not_found, "no such key");
    }
    if (!found->second.revoked) {
        found->second.revoked = at;
        section.changed();
    }
    return {};
}

core::Result<std::uint64_t> MemoryEngine::add_config_version(ports::ConfigVersion version) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    version.version = config_.size() + 1;
    config_.push_back(std::move(version));
    section.changed();
    return config_.back().version;
}

core::Result<std::vector<ports::ConfigVersion>> MemoryEngine::config_versions(std::size_t limit) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto count = std::min(limit, config_.size());
    return std::vector<ports::ConfigVersion>(config_.rbegin(),
                                             config_.rbegin() + static_cast<std::ptrdiff_t>(count));
}

core::Result<ports::StoreCounts> MemoryEngine::counts() {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::StoreCounts counts;
    std::map<core::DeliveryState, std::uint64_t> by_state;
    for (const auto& [key, record] : deliveries_) {
        ++by_state[record.row.state];
    }
    counts.deliveries.assign(by_state.begin(), by_state.end());
    for (const auto& key : waiting_) {
        const auto& record = deliveries_.at(key);
        const auto when = lane(record) == ports::Lane::attempts ? wake(record) : std::nullopt;
        if (when && (!counts.oldest_waiting || *when < *counts.oldest_waiting)) {
            counts.oldest_waiting = when;
        }
    }
    counts.events = static_cast<std::uint64_t>(
        std::count_if(events_.begin(), events_.end(),
                      [](const auto& event) { return !event.tenant.value.empty(); }));
    counts.quarantined = static_cast<std::uint64_t>(
        std::count_if(quarantine_.begin(), quarantine_.end(),
                      [](const auto& entry) { return !entry.second.resolved; }));
    counts.flushes = flushes_;
    return counts;
}

core::Result<std::vector<std::string>> MemoryEngine::verify() {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    return std::vector<std::string>();
}

MemoryEngine::Nothing MemoryEngine::close() {
    Section section(*this);
    closed_ = true;
    return {};
}

}   // namespace gateway::store
