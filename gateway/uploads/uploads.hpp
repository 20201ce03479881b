#pragma once

// Resumable uploads on disk, in `uploads/<tenant>/`. See README.md for what is written when.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/uploads.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/file.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/ids.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace gateway::uploads {

struct UploadOptions {
    std::uint64_t free_bytes_min = 256ULL << 20U;   // less left on the disk: storage_full
    std::uint64_t part_bytes_max = 16ULL << 20U;    // then what came is made durable, unasked
    // Of one upload: 50 GB in pieces of 2.5 MB. Each is a file, and 16 bytes of memory.
    std::size_t pieces_max = 20'000;
    std::function<void(const core::Failure&)> on_fatal;   // as of documents
};

/// Uploads that can end: what makes documents of them runs by itself.
class DiskUploads : public ports::Uploads {
public:
    /// Reads back what is there of tenants whose key is at hand. Blocks; before anything is served.
    virtual core::Result<void> open() = 0;
    /// Awaited before it goes. What was being made into a document is made at the next start.
    virtual sdk::Task<void> stop() = 0;
};

/// Everything given outlives it and the jobs it has posted; of `vaults` and `documents` that holds
/// until stop(). Any strand may call.
std::unique_ptr<DiskUploads> make_uploads(ports::Documents& documents, const crypto::Vaults& vaults,
                                          runtime::FileSystem& files, runtime::Executor& blocking,
                                          boost::asio::any_io_executor executor, sdk::Clock& clock,
                                          sdk::Ids& ids, UploadOptions options = {});

}   // namespace gateway::uploads
