#include "gateway/store/sqlite/database.hpp"

#include "gateway/core/assert.hpp"

#include <sqlite3.h>

#include <cerrno>

namespace gateway::store::sqlite {
namespace {

using core::Errc;
using core::Failure;

constexpr int busy_wait_ms = 5'000;
constexpr int truncate_wait_ms = 100;         // nothing is written meanwhile
constexpr std::size_t statements_max = 512;   // texts are ours: a few hundred at most

bool is_out_of_space(int extended, int system_error) {
    // A failed fsync is final whatever its reason: the pages may be gone from memory.
    const bool flush = extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
    return !flush && (system_error == ENOSPC || system_error == EDQUOT);
}

Failure failure_of(sqlite3* handle, int code) {
    const int extended = handle != nullptr ? sqlite3_extended_errcode(handle) : code;
    const std::string words =
        std::string(sqlite3_errstr(code)) + " (SQLite " + std::to_string(extended) + ")";
    switch (code & 0xff) {
    case SQLITE_FULL: return Failure(Errc::storage_full, words);
    case SQLITE_IOERR:
        if (handle != nullptr && is_out_of_space(extended, sqlite3_system_errno(handle))) {
            return Failure(Errc::storage_full, words);
        }
        return Failure(Errc::storage_failed, words);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM: return Failure(Errc::storage_failed, words);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Failure(Errc::unavailable, words);
    default: return Failure(Errc::internal, words);
    }
}

int on_log_grown(void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

}   // namespace

Insert::Insert(const std::string& table, int columns, const std::string& otherwise) {
    std::string row = "(?";
    for (int i = 1; i < columns; ++i) {
        row += ",?";
    }
    row += ")";
    for (std::size_t size = 0; size < sizes.size(); ++size) {
        auto& text = texts_.at(size);
        text = "INSERT OR " + otherwise + " INTO " + table + " VALUES ";
        for (std::size_t i = 0; i < sizes.at(size); ++i) {
            text += (i == 0 ? "" : ",") + row;
        }
    }
}

Database::Database(std::shared_ptr<GatheringVfs> vfs, sqlite3* handle)
    : vfs_(std::move(vfs)), handle_(handle) {
    sqlite3_wal_hook(handle_, on_log_grown, &log_pages_);
}

Database::~Database() {
    for (const auto& [text, statement] : statements_) {
        sqlite3_finalize(statement);
    }
    sqlite3_close_v2(handle_);
}

core::Result<std::unique_ptr<Database>> Database::open(const OpenOptions& options) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    // Readers of a log also take part in its index, which read-only ones cannot: query_only keeps
    // them from writing.
    flags |= SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0);
    auto vfs = GatheringVfs::over(options.vfs);
    if (!vfs) {
        return Failure(Errc::internal, "there is no such VFS: " + options.vfs);
    }
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(options.path.c_str(), &handle, flags, vfs->name().c_str());
    if (code != SQLITE_OK) {
        auto failure = failure_of(handle, code);
        sqlite3_close_v2(handle);
        return failure;
    }
    sqlite3_busy_timeout(handle, busy_wait_ms);
    std::unique_ptr<Database> database(new Database(std::move(vfs), handle));
    database->run("PRAGMA synchronous=FULL");
    // Checkpoints are ours: SQLite's own would swallow a failed fsync of the database file, then
    // reuse the log.
    sqlite3_wal_autocheckpoint(handle, 0);
    sqlite3_wal_hook(handle, on_log_grown, &database->log_pages_);
    database->run("PRAGMA temp_store=MEMORY");
    database->run("PRAGMA trusted_schema=OFF");
    database->run("PRAGMA cache_size=-" + std::to_string(options.cache_kib));
    database->run(options.may_write ? "PRAGMA secure_delete=ON" : "PRAGMA query_only=ON");
    if (auto failure = database->take_failure()) {
        return *failure;
    }
    return database;
}

void Database::check(int code) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE && !failure_) {
        failure_ = failure_of(handle_, code);
    }
}

void Database::fail(core::Failure failure) {
    if (!failure_) {
        failure_ = std::move(failure);
    }
}

sqlite3_stmt* Database::prepare(std::string_view sql) {
    if (failure_) {
        return nullptr;
    }
    // Texts are at least some tens of bytes apart.
    auto& recent = recent_[(reinterpret_cast<std::uintptr_t>(sql.data()) >> 4U) % recent_.size()];
    if (recent.statement != nullptr && recent.text == sql) {
        GATEWAY_ASSERT(sqlite3_stmt_busy(recent.statement) == 0);
        return recent.statement;
    }
    if (const auto found = statements_.find(sql); found != statements_.end()) {
        GATEWAY_ASSERT(sqlite3_stmt_busy(found->second) == 0);
        recent = {found->first, found->second};
        return found->second;
    }
    GATEWAY_ASSERT(statements_.size() < statements_max);
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    if (statement != nullptr) {
        statements_.emplace(sql, statement);
    }
    return statement;
}

void Database::bind(sqlite3_stmt* statement, int index, std::int64_t value) {
    if (statement != nullptr) {
        check(sqlite3_bind_int64(statement, index, value));
    }
}

void Database::bind(sqlite3_stmt* statement, int index, std::string_view text) {
    if (statement != nullptr) {
        const char* bytes = text.empty() ? "" : text.data();
        check(sqlite3_bind_text64(statement, index, bytes, text.size(),
                                  copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8));
    }
}

void Database::bind(sqlite3_stmt* statement, int index, const Blob& blob) {
    if (statement != nullptr) {
        const char* bytes = blob.bytes.empty() ? "" : blob.bytes.data();
        check(sqlite3_bind_blob64(statement, index, bytes, blob.bytes.size(),
                                  copies_ ? SQLITE_TRANSIENT : SQLITE_STATIC));
    }
}

void Database::bind_null(sqlite3_stmt* statement, int index) {
    if (statement != nullptr) {
        check(sqlite3_bind_null(statement, index));
    }
}

void Database::script(const std::string& sql) {
    if (!failure_) {
        check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
    }
}

std::int64_t Database::value(std::string_view sql) {
    auto rows = query(sql);
    return rows.next() ? rows.integer(0) : 0;
}

void Database::roll_back() {
    // SQLite itself has rolled back after some errors; then there is nothing to do.
    if (sqlite3_get_autocommit(handle_) == 0) {
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_);
}

std::int64_t Database::total_changes() const {
    return sqlite3_total_changes64(handle_);
}

bool Database::commit(bool owed) {
    if (owed && !log_.is_found()) {
        log_.find(handle_);
    }
    log_.owe(owed);
    run("COMMIT");
    log_.owe(false);
    return owed && log_.is_found();
}

std::optional<core::Failure> Database::flush_log() const {
    if (log_.flush()) {
        return std::nullopt;
    }
    return Failure(Errc::storage_failed, "the log could not be flushed");
}

bool Database::checkpoint(bool truncate) {
    if (failure_) {
        return false;
    }
    int log = 0;
    int copied = 0;
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    // Only emptying waits for readers, and some read for minutes (a backup): it is tried again
    // then.
    sqlite3_busy_timeout(handle_, truncate_wait_ms);
    const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, &log, &copied);
    sqlite3_busy_timeout(handle_, busy_wait_ms);
    if ((code & 0xff) == SQLITE_BUSY) {
        return false;
    }
    check(code);
    const bool whole = code == SQLITE_OK && log == copied;
    log_pages_ = whole ? 0 : log_pages_;
    return whole;
}

int Database::copy_log() {
    int log = 0;
    int copied = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &log, &copied);
    if ((code & 0xff) != SQLITE_BUSY) {
        check(code);
    }
    return code == SQLITE_OK ? copied : 0;
}

Rows::~Rows() {
    if (statement_ != nullptr) {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
}

bool Rows::next() {
    if (statement_ == nullptr || database_->failure_) {
        return false;
    }
    const int code = sqlite3_step(statement_);
    database_->check(code);
    return code == SQLITE_ROW;
}

bool Rows::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Rows::text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

std::optional<core::Time> Rows::optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
}

core::Uuid Rows::uuid(int column) const {
    const auto uuid = core::uuid_from_bytes(text(column));
    if (!uuid) {
        database_->fail(Failure(Errc::storage_failed, "a stored id is not 16 bytes"));
    }
    return uuid.value_or(core::Uuid());
}

core::Sha256 Rows::sha256(int column) const {
    const auto hash = core::sha256_from_bytes(text(column));
    if (!hash) {
        database_->fail(Failure(Errc::storage_failed, "a stored hash is not 32 bytes"));
    }
    return hash.value_or(core::Sha256());
}

}   // namespace gateway::store::sqlite
