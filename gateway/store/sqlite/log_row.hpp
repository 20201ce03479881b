#pragma once

// What a transaction adds to access logs, gathered and written together before it commits: the
// entries of all callers who share it, in the order they were chained.

#include "gateway/ports/record_types.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gateway::store::sqlite {

struct LogRow {
    core::TenantId tenant;
    std::uint64_t number;
    ports::NewLogEntry entry;
    std::string fields;   // joined by commas
    std::string hash;

    LogRow(core::TenantId whose, std::uint64_t place, ports::NewLogEntry what, std::string names,
           std::string chained)
        : tenant(std::move(whose)),
          number(place),
          entry(std::move(what)),
          fields(std::move(names)),
          hash(std::move(chained)) {}
};

/// `rows` is empty after it.
void write_log_rows(Database& database, std::vector<LogRow>& rows);

}   // namespace gateway::store::sqlite
