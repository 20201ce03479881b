#pragma once

#include "gateway/ports/record_types.hpp"
#include "gateway/store/sqlite/database.hpp"

namespace gateway::store::sqlite {

/// What read_log_entry() reads; a WHERE follows.
inline constexpr const char* log_columns =
    "SELECT number, kind, at, system, purpose, dataset, fields, subject, freshness, code, sealed, "
    "hash FROM access_log ";

ports::LogEntry read_log_entry(const Rows& rows);

}   // namespace gateway::store::sqlite
