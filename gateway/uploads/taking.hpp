#pragma once

// The bytes of one request on their way into an upload.

#include "gateway/uploads/shared.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gateway::uploads {

/// One request's turn at an upload it has the right to write. Goes away at any point: what came is
/// then made durable by a job, unless it had to add up to a checksum, and the upload is free after
/// that.
class Taking {
public:
    Taking(std::shared_ptr<Shared> shared, UploadPointer upload, std::uint64_t turn,
           std::optional<ports::UploadChecksum> checksum);
    Taking(const Taking&) = delete;
    Taking& operator=(const Taking&) = delete;
    ~Taking();

    /// How far the upload was when it became ours.
    std::uint64_t offset() const { return offset_; }
    /// Nothing of the body is wanted.
    void leave() { ended_ = true; }
    /// Until the body ends, fails, or somebody newer wants the upload.
    sdk::Task<core::Result<ports::UploadRefusal>> take(sdk::ByteSource& body);

private:
    sdk::Task<core::Result<void>> write();
    sdk::Task<core::Result<void>> publish();
    void drop();
    bool is_newest() const;

    std::shared_ptr<Shared> shared_;
    UploadPointer upload_;
    std::uint64_t turn_;
    std::optional<ports::UploadChecksum> checksum_;
    std::shared_ptr<crypto::ChecksumStream> sum_;
    std::shared_ptr<PartWriter> writer_;
    std::string buffer_;          // not yet written
    std::uint64_t offset_;        // durable
    std::uint64_t in_part_ = 0;   // written or in the buffer
    bool ended_ = false;
};

}   // namespace gateway::uploads
