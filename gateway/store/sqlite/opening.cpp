#include "gateway/store/sqlite/migrations.hpp"
#include "gateway/store/sqlite/operations.hpp"
#include "gateway/store/sqlite/port.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

namespace gateway::store {
namespace {

constexpr int writer_cache_kib = 8'192;
constexpr int reader_cache_kib = 1'024;

core::Result<std::unique_ptr<sqlite::Database>> open_to_write(const SqliteOptions& options,
                                                              const sdk::Clock& clock) {
    sqlite::OpenOptions open;
    open.path = options.path;
    open.vfs = options.vfs;
    open.may_write = true;
    open.create = true;
    open.cache_kib = writer_cache_kib;
    auto database = sqlite::Database::open(open);
    if (!database) {
        return database.error();
    }
    std::string mode;
    {
        auto rows = (*database)->query("PRAGMA journal_mode=WAL");
        mode = rows.next() ? rows.text(0) : mode;
    }
    (*database)->run("PRAGMA journal_size_limit=67108864");
    if (auto failure = (*database)->take_failure()) {
        return *failure;
    }
    if (mode != "wal") {
        return core::Failure(core::Errc::storage_failed,
                             "the disk cannot keep a write-ahead log: use a local one");
    }
    const auto schema = sqlite::schema_of(**database);
    auto time = core::to_rfc3339(clock.now());
    std::erase(time, ':');
    const auto folder = options.path + ".before-" + std::to_string(schema) + "-" + time;
    if (auto migrated = sqlite::migrate(**database, open, sqlite::migrations(), folder);
        !migrated) {
        return migrated.error();
    }
    return database;
}

}   // namespace

core::Result<std::unique_ptr<ports::Store>>
make_sqlite_store(SqliteOptions options, runtime::Executor& writer, runtime::Executor& flusher,
                  runtime::Executor& readers, const sdk::Clock& clock) {
    auto database = open_to_write(options, clock);
    if (!database) {
        return database.error();
    }
    auto engine = std::make_unique<sqlite::Engine>(std::move(*database));
    engine->begin();
    sqlite::end_old_claims(*engine);
    if (auto failure = engine->db().take_failure()) {
        return *failure;
    }
    if (auto failure = engine->commit()) {
        return *failure;
    }
    sqlite::WriterLimits limits;
    limits.batch_max = options.batch_max;
    limits.queue_max = options.queue_max;
    limits.gather_min = options.gather_min;
    limits.checkpoint_pages = options.checkpoint_pages;
    sqlite::OpenOptions open;
    open.path = options.path;
    open.vfs = options.vfs;
    open.cache_kib = reader_cache_kib;
    const sqlite::WriterExecutors executors(writer, flusher, readers);
    auto write_side = std::make_shared<sqlite::Writer>(executors, std::move(engine), open, limits,
                                                       std::move(options.on_fatal));
    auto read_side = std::make_shared<sqlite::Readers>(readers, open, write_side);
    return sqlite::make_port(open, std::move(write_side), std::move(read_side));
}

}   // namespace gateway::store
