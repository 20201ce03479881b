#pragma once

// The flow of one municipality as text/event-stream: as it is, then anew within a second of what
// was committed, at most once in that time; a word every 15 s that the line is alive.

#include "gateway/admin/flow_watch.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <memory>

namespace gateway::admin {

/// Of these systems alone, or of all when there are none. Ends when `stopping` says so, when the
/// store fails, and by the connection's end.
std::unique_ptr<sdk::ByteSource> make_flow_stream(const AdminParts& parts, FlowWatch& watch,
                                                  const std::atomic<bool>& stopping,
                                                  core::TenantId tenant,
                                                  std::set<std::string, std::less<>> part);

}   // namespace gateway::admin
