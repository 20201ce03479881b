#include "gateway/store/sqlite/backup.hpp"

#include "gateway/store/sqlite/asked.hpp"
#include "gateway/store/sqlite/migrations.hpp"
#include "gateway/store/sqlite/record_rows.hpp"

#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;
namespace fs = std::filesystem;

constexpr const char* keys_table = "content_key";

struct SchemaItem {
    std::string type;
    std::string name;
    std::string sql;
};

/// Tables first, then indexes: a table that is filled before it has indexes is filled in order.
std::vector<SchemaItem> read_schema(Database& database, const std::string& from) {
    std::vector<SchemaItem> items;
    auto rows = database.query(
        "SELECT type, name, sql FROM " + from +
        ".sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE "
        "'sqlite_%' ORDER BY type = 'index', name");
    while (rows.next()) {
        items.push_back({rows.text(0), rows.text(1), rows.text(2)});
    }
    return items;
}

/// "CREATE TABLE x (…" becomes "CREATE TABLE there.x (…"; the like for indexes.
std::string sql_in(const SchemaItem& item, const std::string& there) {
    std::string sql = item.sql;
    const auto at = sql.find(item.name);
    return at == std::string::npos ? sql : sql.insert(at, there + ".");
}

void copy_tables(Database& database, const std::string& from, const std::string& to, bool keys) {
    const auto schema = read_schema(database, from);
    for (const auto& item : schema) {
        if (item.type == "table" && (item.name == keys_table) == keys) {
            database.script(sql_in(item, to));
            database.script("INSERT INTO " + to + "." + item.name + " SELECT * FROM " + from + "." +
                            item.name);
        }
    }
    for (const auto& item : schema) {
        if (item.type == "index" && !keys) {
            database.script(sql_in(item, to));
        }
    }
    const auto version = database.value("PRAGMA " + from + ".user_version");
    database.script("PRAGMA " + to + ".user_version=" + std::to_string(version));
}

/// A new file that nobody else sees yet: no journal, but flushed at the end.
void attach_new(Database& database, const std::string& path, const std::string& name) {
    database.run("ATTACH DATABASE ? AS " + name, path);
    database.run("PRAGMA " + name + ".journal_mode=OFF");
    database.run("PRAGMA " + name + ".synchronous=FULL");
}

bool flush_folder(const std::string& folder) {
    const int handle =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) {
        return false;
    }
    const bool flushed = ::fsync(handle) == 0;
    ::close(handle);
    return flushed;
}

core::Result<std::unique_ptr<Database>> open_backup(const std::string& path, bool keys) {
    OpenOptions options;
    options.path = path;
    auto opened = Database::open(options);
    if (!opened) {
        return opened.error();
    }
    auto& database = **opened;
    const int schema = schema_of(database);
    const bool has_keys =
        database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'content_key'") > 0;
    const bool has_data =
        database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'message'") > 0;
    if (auto failure = database.take_failure()) {
        return *failure;
    }
    if (schema == 0 || has_keys != keys || has_data == keys) {
        return Failure(Errc::malformed,
                       keys ? "not the keys file of a backup" : "not the data file of a backup");
    }
    if (schema > newest_schema(migrations())) {
        return Failure(Errc::unsupported, "the backup has schema " + std::to_string(schema) +
                                              ": restore it with a newer program");
    }
    return opened;
}

core::Result<Restored> join(const std::string& data_file, const std::string& keys_file,
                            const std::string& into) {
    OpenOptions options;
    options.path = into;
    options.may_write = true;
    options.create = true;
    auto opened = Database::open(options);
    if (!opened) {
        return opened.error();
    }
    auto& database = **opened;
    database.run("PRAGMA journal_mode=OFF");
    database.run("ATTACH DATABASE ? AS data", data_file);
    database.run("ATTACH DATABASE ? AS keys", keys_file);
    database.script("BEGIN");
    copy_tables(database, "keys", "main", true);
    copy_tables(database, "data", "main", false);
    // Keys of what came after the data was saved, or is gone from it, open nothing here.
    database.script(
        "DELETE FROM main.content_key WHERE (kind = 1 AND NOT EXISTS (SELECT 1 FROM message m "
        "WHERE "
        "m.tenant = content_key.tenant AND m.id = owner)) OR (kind = 2 AND NOT EXISTS (SELECT 1 "
        "FROM "
        "document d WHERE d.tenant = content_key.tenant AND d.hash = owner)) OR (kind = 3 AND NOT "
        "EXISTS "
        "(SELECT 1 FROM inbound i WHERE i.tenant = content_key.tenant AND i.id = owner)) OR (kind "
        "= 4 "
        "AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.tenant = content_key.tenant AND s.id "
        "= owner))");
    database.run("INSERT INTO main.counter (name, value) VALUES ('position', ?1) ON CONFLICT "
                 "(name) DO UPDATE SET value "
                 "= value + ?1",
                 positions_skipped);
    settle_restored_records(database);
    settle_restored_asked(database);
    Restored restored;
    restored.messages = static_cast<std::uint64_t>(database.value("SELECT count(*) FROM message"));
    restored.without_key = static_cast<std::uint64_t>(
        database.value("SELECT count(*) FROM message m LEFT JOIN content_key k ON k.tenant = "
                       "m.tenant AND k.kind = 1 AND "
                       "k.owner = m.id WHERE k.owner IS NULL"));
    database.script("COMMIT");
    std::string check;
    {
        auto rows = database.query("PRAGMA main.quick_check");
        check = rows.next() ? rows.text(0) : check;
    }
    if (auto failure = database.take_failure()) {
        return *failure;
    }
    if (check != "ok") {
        return Failure(Errc::corrupted, "the backup is damaged");
    }
    return restored;
}

}   // namespace

core::Result<void> write_backup(const OpenOptions& source, const std::string& folder) {
    std::error_code error;
    if (fs::create_directory(folder, error)) {
        fs::permissions(folder, fs::perms::owner_all, error);   // it will hold keys
    }
    if (error || !fs::is_directory(folder, error) || !fs::is_empty(folder, error) || error) {
        return Failure(Errc::conflict, "the folder of a backup must be new or empty");
    }
    OpenOptions options = source;
    options.may_write = true;   // of the copies
    options.create = true;      // likewise
    auto opened = Database::open(options);
    if (!opened) {
        return opened.error();
    }
    const auto data = (fs::path(folder) / backup_data_name).string();
    const auto keys = (fs::path(folder) / backup_keys_name).string();
    auto& database = **opened;
    attach_new(database, data, "data");
    attach_new(database, keys, "keys");
    database.script("BEGIN");
    copy_tables(database, "main", "data", false);
    copy_tables(database, "main", "keys", true);
    database.script("COMMIT");
    auto failure = database.take_failure();
    opened = Failure(Errc::closed);   // the files are whole once the connection has gone
    if (!failure && source.vfs.empty() && !flush_folder(folder)) {
        failure = Failure(Errc::storage_failed, "the folder of the backup cannot be flushed");
    }
    if (failure) {
        fs::remove(data, error);
        fs::remove(keys, error);
        return *failure;
    }
    for (const auto& path : {data, keys}) {
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    }
    return {};
}

core::Result<Restored> restore_backup(const std::string& data_file, const std::string& keys_file,
                                      const std::string& into) {
    std::error_code error;
    if (fs::exists(into, error) || fs::exists(into + "-wal", error)) {
        return Failure(Errc::conflict, "there is a database already");
    }
    for (const bool keys : {false, true}) {
        if (auto backup = open_backup(keys ? keys_file : data_file, keys); !backup) {
            return backup.error();
        }
    }
    const std::string partial = into + ".partial";
    fs::remove(partial, error);
    auto restored = join(data_file, keys_file, partial);
    if (!restored) {
        fs::remove(partial, error);
        return restored.error();
    }
    fs::permissions(partial, fs::perms::owner_read | fs::perms::owner_write, error);
    fs::rename(partial, into, error);
    if (error || !flush_folder(fs::path(into).parent_path().string())) {
        return Failure(Errc::storage_failed, "the restored database cannot be put in its place");
    }
    return restored;
}

}   // namespace gateway::store::sqlite
