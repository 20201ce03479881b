#include "gateway/store/sqlite/access_log_rows.hpp"
#include "gateway/store/sqlite/backup.hpp"
#include "gateway/store/sqlite/operations.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

// What is done to a database that no program has open.

namespace gateway::store {
namespace {

core::Result<std::unique_ptr<sqlite::Database>> open_to_read(const std::string& path) {
    sqlite::OpenOptions open;
    open.path = path;
    return sqlite::Database::open(open);
}

bool has_log(sqlite::Database& database) {
    return database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'access_log'") > 0;
}

}   // namespace

core::Result<RestoreAnswer> restore_backup(const std::string& data_file,
                                           const std::string& keys_file, const std::string& into) {
    const auto restored = sqlite::restore_backup(data_file, keys_file, into);
    if (!restored) {
        return restored.error();
    }
    RestoreAnswer answer;
    answer.messages = restored->messages;
    answer.without_key = restored->without_key;
    return answer;
}

core::Result<std::vector<std::string>> verify_database(const std::string& path) {
    auto database = open_to_read(path);
    if (!database) {
        return database.error();
    }
    auto faults = sqlite::verify(**database);
    if (auto failure = (*database)->take_failure()) {
        return *failure;
    }
    return faults;
}

core::Result<void> read_access_log(const std::string& path, const core::TenantId& tenant,
                                   const std::function<void(const ports::LogEntry&)>& each) {
    const auto database = open_to_read(path);
    if (!database) {
        return database.error();
    }
    auto& db = **database;
    if (has_log(db)) {
        auto rows =
            db.query(std::string(sqlite::log_columns) + "WHERE tenant = ? ORDER BY number", tenant);
        while (rows.next()) {
            each(sqlite::read_log_entry(rows));
        }
    }
    if (auto failure = db.take_failure()) {
        return *failure;
    }
    return {};
}

core::Result<std::vector<core::TenantId>> access_log_tenants(const std::string& path) {
    const auto database = open_to_read(path);
    if (!database) {
        return database.error();
    }
    auto& db = **database;
    std::vector<core::TenantId> tenants;
    if (has_log(db)) {
        auto rows = db.query("SELECT DISTINCT tenant FROM access_log ORDER BY tenant");
        while (rows.next()) {
            tenants.emplace_back(rows.text(0));
        }
    }
    if (auto failure = db.take_failure()) {
        return *failure;
    }
    return tenants;
}

}   // namespace gateway::store
