#pragma once

// The index of uploads, and what works on them.

#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/uploads/shelf.hpp"
#include "gateway/uploads/uploads.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace gateway::uploads {

/// With the lock held.
ports::UploadAnswer answer_of(const Upload& upload,
                              ports::UploadRefusal refusal = ports::UploadRefusal::none);

/// What uploads, the requests that write them and jobs left behind share; the last of them takes it
/// along.
struct Shared {
    Disk disk;
    Shelf shelf;
    runtime::Executor& blocking;
    std::uint64_t part_bytes_max;
    std::mutex mutex;   // the index, and what uploads hold that changes
    std::map<ports::UploadId, UploadPointer> index;
    runtime::Signal changed;   // some upload is free, or became a document

    Shared(runtime::FileSystem& files, const crypto::Vaults& vaults, UploadOptions options,
           sdk::Ids& ids, runtime::Executor& on)
        : disk(files, std::move(options.on_fatal), ids, options.free_bytes_min),
          shelf(disk, vaults),
          blocking(on),
          part_bytes_max(options.part_bytes_max) {}

    /// The owner's, unless it has expired; else nothing.
    UploadPointer look_up(const ports::UploadOwner& owner, ports::UploadId id, core::Time now);
    /// Into the index when there is room for it. `forgotten` is a finished one that made way: its
    /// files are still to go.
    ports::UploadRefusal admit(const UploadPointer& upload, const ports::NewUpload& wanted,
                               UploadPointer& forgotten);
    /// The state with the refusal; `not_found` once it is removed.
    ports::UploadAnswer answer(const Upload& upload, ports::UploadRefusal refusal);
    /// Those that have expired, taken so that nobody writes them.
    std::vector<UploadPointer> take_expired(core::Time now);
    /// `writing` was ours.
    void set_free(Upload& upload);
    /// Removes one that nobody else can write: `writing` is ours. Blocks.
    core::Result<void> discard(Upload& upload);
    /// Removes files of no upload we know, once they are older than any upload may be. Returns how
    /// many. Blocks.
    core::Result<std::size_t> sweep(core::Time now);
};

}   // namespace gateway::uploads
