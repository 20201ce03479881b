#pragma once

// What waits for a second person as text/event-stream: what waits now, then each that comes or
// changes, as it does. Ids and names of acts alone, so whoever may see the list may see this.

#include "gateway/admin/api.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <memory>

namespace gateway::admin {

/// Of these tenants. Ends when `stopping` says so, and by the connection's end.
std::unique_ptr<sdk::ByteSource> make_approval_stream(const AdminParts& parts,
                                                      runtime::Signal& news,
                                                      const std::atomic<bool>& stopping,
                                                      std::vector<core::TenantId> tenants);

}   // namespace gateway::admin
