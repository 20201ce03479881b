#pragma once

// Documents on disk, small ones in the store with their record. A tenant's files lie in
// `documents/<tenant>/<two hex digits>/`, sealed from their first byte; while they are written, in
// `documents/<tenant>/spool/`. See README.md for names and for the order that survives a power cut.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/file.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/ids.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace gateway::documents {

struct DocumentOptions {
    std::uint64_t free_bytes_min = 256ULL
                                   << 20U;   // less left on the disk: storage_full, before it is
    /// Those of so few bytes lie with their record in the store, sealed alike: a file of its own
    /// costs more than its bytes. 0: none do.
    std::uint64_t small_bytes_max = 16ULL << 10U;
    /// The disk did not flush (not for lack of room): nothing of it was recorded or acknowledged.
    /// Called on `executor`; may end the process.
    std::function<void(const core::Failure&)> on_fatal;
};

/// Everything given outlives it. Any strand may call; blocking work runs on `executor`. Writers and
/// readers may outlive it, but not what it was given. Exactly one per data folder: another process
/// would take its spools for stale.
std::unique_ptr<ports::Documents> make_documents(ports::Store& store, const crypto::Vaults& vaults,
                                                 runtime::FileSystem& files,
                                                 runtime::Executor& executor, sdk::Clock& clock,
                                                 sdk::Ids& ids,
                                                 const DocumentOptions& options = {});

}   // namespace gateway::documents
