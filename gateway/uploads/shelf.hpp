#pragma once

// One upload in memory, and all uploads of a tenant read back from the disk after a start.

#include "gateway/uploads/part_file.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gateway::uploads {

/// Guarded by the mutex of the index, but for what never changes. Shared with the requests that
/// work on it and with jobs of theirs that outlive them: who of them is last, nobody knows.
struct Upload {
    ports::UploadOwner owner;
    ports::UploadId id;
    std::uint64_t length = 0;
    std::string metadata;
    core::Time expires{};
    crypto::SecretKey key;

    std::vector<Part> parts;   // one after the other, from 0
    std::optional<ports::StoredDocument> document;
    std::uint64_t turn = 0;   // of the newest request that wants to write it
    bool writing = false;
    bool making = false;   // into a document
    bool removed = false;
    std::uint64_t attempts = 0;              // at that, ended
    std::optional<core::Failure> not_made;   // why the last one failed

    explicit Upload(ports::UploadOwner of) : owner(std::move(of)) {}
    std::uint64_t offset() const {
        return parts.empty() ? 0 : parts.back().offset + parts.back().length;
    }
    bool is_whole() const { return offset() == length; }
    bool is_busy() const { return writing || making; }
};

using UploadPointer = std::shared_ptr<Upload>;

/// Blocks.
class Shelf {
public:
    Shelf(Disk& disk, const crypto::Vaults& vaults) : disk_(disk), vaults_(vaults) {}

    /// Gives it a key and writes down what was announced.
    core::Result<void> put(Upload& upload, core::Randomness& random) const;
    /// Which document it became; then its parts go.
    core::Result<void> finish(const Upload& upload, const ports::StoredDocument& document) const;
    /// All its files; what was announced first, so that a crash in between leaves no upload.
    core::Result<void> remove(const core::TenantId& tenant, ports::UploadId id,
                              const std::vector<Part>& parts) const;
    /// Every upload that can be read. Files that were being written when a process ended, and parts
    /// that follow on nothing, are removed. `unavailable` without the tenant's key.
    core::Result<std::vector<UploadPointer>> load(const core::TenantId& tenant) const;
    /// Ids of all files in a tenant's folder.
    core::Result<std::map<ports::UploadId, std::vector<std::string>>>
    files_of(const core::TenantId& tenant) const;
    /// Tenants that have a folder.
    core::Result<std::vector<core::TenantId>> tenants() const;

private:
    core::Result<std::string> read(const std::string& path) const;
    core::Result<UploadPointer> open(const core::TenantId& tenant, const crypto::Vault& vault,
                                     ports::UploadId id) const;
    core::Result<void> read_done(Upload& upload) const;

    Disk& disk_;
    const crypto::Vaults& vaults_;
};

}   // namespace gateway::uploads
