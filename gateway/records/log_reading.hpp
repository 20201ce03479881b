#pragma once

// Who got what of a person, why and when: shown to whoever may see it, and each showing is logged
// before it is made.

#include "gateway/records/visit.hpp"

namespace gateway::records {

/// Needs the grant `access-log:read`.
sdk::Task<ports::LogPage> read_access_log(ServiceParts& parts, ports::LogReading reading);

/// An entry with what its purpose is called now, and what of it can still be opened.
ports::ReadEntry shown(const Visit& visit, const ports::Subject& subject,
                       const ports::LogEntry& entry);

/// Of all that are of one person, in the order of the log: behind a number, so many at most.
sdk::Task<core::Result<std::vector<ports::ReadEntry>>>
read_log_of(ports::RecordStore& store, const Visit& visit, std::vector<ports::Subject> all,
            std::uint64_t after, std::size_t limit);

}   // namespace gateway::records
