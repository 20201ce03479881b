#pragma once

// Verifies a tenant's access log while the gateway runs. Streams it through the store in pages;
// what is written meanwhile is verified too, as far as it comes.

#include "gateway/core/configuration.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/records/log_verifier.hpp"
#include "gateway/runtime/executor.hpp"

#include <string>

namespace gateway::records {

/// Where a configuration's checkpoints go; without a place of its own the data folder's
/// `checkpoints`, unless the system's log has them.
std::string checkpoint_folder(const core::Configuration& configuration);
/// A tenant's file in the folder of checkpoints.
std::string checkpoint_file(const std::string& folder, const core::TenantId& tenant);

/// What a tenant's file holds; no file is an empty one. `storage_failed`. Blocks.
core::Result<CheckpointReader> read_checkpoint_file(const std::string& path,
                                                    const core::TenantId& tenant,
                                                    const std::string& verification_key);

/// `checkpoints` are read before the first page, so that each of them can be met.
sdk::Task<core::Result<LogReport>> check_log(ports::RecordStore& records, core::TenantId tenant,
                                             CheckpointReader checkpoints);

}   // namespace gateway::records
