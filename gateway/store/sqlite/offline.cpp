#include "gateway/store/sqlite/backup.hpp"
#include "gateway/store/sqlite/operations.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

// What is done to a database that no program has open.

namespace gateway::store {

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
    sqlite::OpenOptions open;
    open.path = path;
    auto database = sqlite::Database::open(open);
    if (!database) {
        return database.error();
    }
    auto faults = sqlite::verify(**database);
    if (auto failure = (*database)->take_failure()) {
        return *failure;
    }
    return faults;
}

}   // namespace gateway::store
