#include "gateway/store/sqlite/migrations.hpp"

#include "gateway/store/sqlite/backup.hpp"
#include "migrations_data.hpp"

#include <array>
#include <filesystem>

namespace gateway::store::sqlite {

using core::Errc;
using core::Failure;

std::span<const Migration> migrations() {
    static const std::array<Migration, 18> steps{{{1, embedded::first},
                                                  {2, embedded::policy},
                                                  {3, embedded::quarantine},
                                                  {4, embedded::subscriptions},
                                                  {5, embedded::inbox},
                                                  {6, embedded::result},
                                                  {7, embedded::records},
                                                  {8, embedded::small_documents},
                                                  {9, embedded::fewer_trees},
                                                  {10, embedded::failures},
                                                  {11, embedded::keeping},
                                                  {12, embedded::alarms},
                                                  {13, embedded::flow},
                                                  {14, embedded::mending},
                                                  {15, embedded::bare_records},
                                                  {16, embedded::asked_acts},
                                                  {17, embedded::exchanges},
                                                  {18, embedded::message_bytes}}};
    return steps;
}

int newest_schema(std::span<const Migration> steps) {
    return steps.empty() ? 0 : steps.back().number;
}

int schema_of(Database& database) {
    return static_cast<int>(database.value("PRAGMA user_version"));
}

core::Result<void> migrate(Database& database, const OpenOptions& options,
                           std::span<const Migration> steps, const std::string& backup_folder) {
    const int found = schema_of(database);
    if (auto failure = database.take_failure()) {
        return *failure;
    }
    if (found > newest_schema(steps)) {
        return Failure(Errc::unsupported,
                       "the database has schema " + std::to_string(found) +
                           ", this program knows " + std::to_string(newest_schema(steps)) +
                           ": start a newer program, or restore a backup from before");
    }
    if (found > 0 && found < newest_schema(steps)) {
        std::error_code error;
        std::filesystem::remove_all(backup_folder, error);   // one that was begun and not ended
        std::filesystem::create_directories(backup_folder, error);
        if (error) {
            return Failure(Errc::storage_failed,
                           "cannot make a folder for the backup before the migration");
        }
        if (auto saved = write_backup(options, backup_folder); !saved) {
            return saved.error();
        }
    }
    for (const auto& step : steps) {
        if (step.number <= found) {
            continue;
        }
        database.script("BEGIN IMMEDIATE");
        database.script(std::string(step.sql));
        database.script("PRAGMA user_version=" + std::to_string(step.number));
        database.script("COMMIT");
        if (auto failure = database.take_failure()) {
            database.roll_back();
            failure->detail = "migration " + std::to_string(step.number) + ": " + failure->detail;
            return *failure;
        }
    }
    return {};
}

}   // namespace gateway::store::sqlite
