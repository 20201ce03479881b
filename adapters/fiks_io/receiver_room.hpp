#pragma once

// Whether there is room on our disk: only writing tells.

#include "gateway/sdk/spool.hpp"

#include <memory>

namespace gateway::fiks_io {

/// A spool of that many bytes, which keeps the room as long as it lives.
sdk::Task<core::Result<std::unique_ptr<sdk::Spool>>> reserve_room(sdk::Spools& spools,
                                                                  std::uint64_t bytes);

}   // namespace gateway::fiks_io
