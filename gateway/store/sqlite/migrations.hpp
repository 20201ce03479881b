#pragma once

// The schema as numbered steps; PRAGMA user_version says which have run. A step that has run is
// never edited.

#include "gateway/store/sqlite/database.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gateway::store::sqlite {

struct Migration {
    int number;
    std::string_view sql;
};

/// All steps of this program, in order.
std::span<const Migration> migrations();
int newest_schema(std::span<const Migration> steps);
int schema_of(Database& database);

/// Runs the steps that are missing, each with its number in one transaction. `unsupported` when the
/// database is newer than the steps, and nothing is changed. Before the first step of a database
/// that holds something it is saved as two files in `backup_folder`, a new folder.
core::Result<void> migrate(Database& database, const OpenOptions& options,
                           std::span<const Migration> steps, const std::string& backup_folder);

}   // namespace gateway::store::sqlite
