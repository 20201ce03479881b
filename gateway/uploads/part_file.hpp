#pragma once

// The bytes of one part on disk: 32 random bytes, then sealed chunks (crypto/chunks.hpp) under a
// key made of the upload's key and those. So no two files, not even one begun again at the same
// offset after a crash, ever share a key, and no nonce is used twice.

#include "gateway/crypto/checksum.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/runtime/durable.hpp"
#include "gateway/sdk/ids.hpp"
#include "gateway/uploads/names.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gateway::uploads {

/// The disk as all uploads share it. Blocks.
struct Disk {
    runtime::FileSystem& files;
    runtime::Durable durable;
    sdk::Ids& ids;
    std::uint64_t free_bytes_min;

    Disk(runtime::FileSystem& on, std::function<void(const core::Failure&)> on_fatal,
         sdk::Ids& with, std::uint64_t keep_free)
        : files(on), durable(on, std::move(on_fatal)), ids(with), free_bytes_min(keep_free) {}

    /// `storage_full` when less than the minimum would be left.
    core::Result<void> has_room_for(std::uint64_t bytes);
    /// Under its name, durably: written beside it, flushed, renamed.
    core::Result<void> put(const core::TenantId& tenant, ports::UploadId id,
                           const std::string& name, std::string_view bytes);
};

/// Writes one part. Blocks; one job at a time, which its own lock sees to: a request that is cut
/// off may leave a job under way.
class PartWriter {
public:
    PartWriter(Disk& disk, const core::TenantId& tenant, ports::UploadId id,
               const crypto::SecretKey& upload_key);

    /// Whole chunks.
    core::Result<void> write(std::string_view plain);
    /// The rest, flushed, under the name that says where in the upload it belongs. Nothing is made
    /// of no bytes.
    core::Result<Part> publish(std::uint64_t offset, std::string_view rest);
    /// Removes what is there.
    void drop();

private:
    core::Result<void> begin();
    core::Result<void> write_chunk(std::string_view plain, bool last);

    Disk& disk_;
    std::string folder_;
    std::string path_;
    core::TenantId tenant_;
    ports::UploadId id_;
    crypto::SecretKey upload_key_;
    std::mutex mutex_;
    crypto::SecretKey key_;
    std::unique_ptr<runtime::File> file_;
    std::uint64_t chunks_ = 0;
    std::uint64_t size_ = 0;
    bool ended_ = false;
};

/// Reads one part from its first byte. Blocks; one job at a time.
class PartReader {
public:
    PartReader(Disk& disk, const core::TenantId& tenant, ports::UploadId id,
               const crypto::SecretKey& upload_key, Part part);

    /// At most four chunks; empty at the end. `corrupted` when it is not what was written.
    core::Result<std::string> next();

private:
    core::Result<void> open();

    Disk& disk_;
    std::string path_;
    crypto::SecretKey upload_key_;
    Part part_;
    crypto::SecretKey key_;
    std::unique_ptr<runtime::File> file_;
    std::uint64_t chunk_ = 0;
    bool ended_ = false;
};

}   // namespace gateway::uploads
