#pragma once

// Room on disk for what nobody needs after a restart: `spools/<id>`, chunks sealed under a key that
// is never written down. Not synced, not known to the store.

#include "gateway/documents/documents.hpp"
#include "gateway/sdk/spool.hpp"

#include <memory>

namespace gateway::documents {

/// Everything given outlives it and its spools. Any strand may call. Only `free_bytes_min` is used
/// of the options.
std::unique_ptr<sdk::Spools> make_spools(runtime::FileSystem& files, runtime::Executor& executor,
                                         sdk::Ids& ids, const DocumentOptions& options = {});

/// What a process before this one left: nobody can open it any more. Before the first spool is
/// made. Returns how many. Blocks.
core::Result<std::size_t> remove_stale_spools(runtime::FileSystem& files);

}   // namespace gateway::documents
