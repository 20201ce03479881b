#pragma once

// Copies the log into the database beside the writer, over a connection of its own. What is copied
// is flushed first: SQLite flushes the log, copies, flushes the database, and only then counts a
// page of the log as copied. So a commit whose flush is still owed loses nothing by it.

#include "gateway/core/failure.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace gateway::store::sqlite {

/// One copy at a time, on any thread. Goes when none runs.
class LogCopier {
public:
    struct Copied {
        int pages = 0;   // of the log, from its beginning, that the database has
        std::optional<core::Failure> failure;

        Copied() = default;
    };

    explicit LogCopier(OpenOptions options) : options_(std::move(options)) {}

    Copied copy();

private:
    const OpenOptions options_;
    std::unique_ptr<Database> database_;   // opened when first needed
};

}   // namespace gateway::store::sqlite
