#pragma once

// One connection to SQLite, and its statements. Not shared between threads at once.
//
// Errors stick: after the first, every statement does nothing and gives no rows, so a job is
// written as if all went well and its caller looks at failure() once, at the end. What a job had
// changed is then rolled back by whoever began.

#include "gateway/core/failure.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/store/sqlite/gathering_vfs.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace gateway::store::sqlite {

/// Bytes, as against text.
struct Blob {
    std::string_view bytes;

    explicit Blob(std::string_view value) : bytes(value) {}
};

class Database;

/// A statement that inserts rows of one table, a few at a time. It opens every tree of its table
/// whatever it writes, and does not look from the root for a row that belongs behind the one
/// before: so many rows by one statement cost half.
class Insert {
public:
    static constexpr std::array<std::size_t, 3> sizes{16, 4, 1};

    /// `table` with its columns in brackets. What fails leaves what it had written, as whoever
    /// began rolls all of it back: SQLite then keeps no copy of each page for that.
    Insert(const std::string& table, int columns, const std::string& otherwise = "FAIL");
    const std::string& text(std::size_t size) const { return texts_.at(size); }

private:
    std::array<std::string, sizes.size()> texts_;
};

/// A running statement. Resets it when it goes; one at a time for each text.
class Rows {
public:
    Rows(Database& database, sqlite3_stmt* statement)
        : database_(&database), statement_(statement) {}
    Rows(Rows&& other) noexcept
        : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    Rows& operator=(Rows&&) = delete;
    ~Rows();

    /// Moves to the next row; false at the end or after an error.
    bool next();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    int small(int column) const { return static_cast<int>(integer(column)); }
    std::string text(int column) const;   // also the bytes of a blob
    core::Time instant(int column) const { return core::Time(core::Duration(integer(column))); }
    std::optional<core::Time> optional_time(int column) const;
    core::Uuid uuid(int column) const;
    core::Sha256 sha256(int column) const;

private:
    Database* database_;
    sqlite3_stmt* statement_;
};

struct OpenOptions {
    std::string path;
    std::string vfs;   // empty: the operating system's
    bool may_write = false;
    bool create = false;
    int cache_kib = 2048;

    OpenOptions() = default;
};

class Database {
public:
    static core::Result<std::unique_ptr<Database>> open(const OpenOptions& options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    template <class... Args>
    Rows query(std::string_view sql, const Args&... args) {
        sqlite3_stmt* statement = prepare(sql);
        int index = 0;
        (bind(statement, ++index, args), ...);
        return Rows(*this, statement);
    }

    /// Runs it to its end; gives the number of rows changed.
    template <class... Args>
    std::int64_t run(std::string_view sql, const Args&... args) {
        // What is bound is there until the statement has ended, so SQLite need not copy it.
        copies_ = false;
        auto rows = query(sql, args...);
        copies_ = true;
        while (rows.next()) {
        }
        return failure_ ? 0 : changes();
    }

    /// Inserts a row for each item: `row(item, put)` gives its values to `put`, which are there
    /// until the end. Gives the number of rows inserted.
    template <class Items, class Row>
    std::int64_t insert(const Insert& into, const Items& items, const Row& row) {
        std::int64_t inserted = 0;
        auto item = items.begin();
        for (std::size_t size = 0; size < Insert::sizes.size(); ++size) {
            while (static_cast<std::size_t>(items.end() - item) >= Insert::sizes.at(size)) {
                sqlite3_stmt* statement = prepare(into.text(size));
                Rows rows(*this, statement);
                int index = 0;
                const auto put = [&](const auto&... values) {
                    (bind(statement, ++index, values), ...);
                };
                copies_ = false;
                for (std::size_t i = 0; i < Insert::sizes.at(size); ++i) {
                    row(*item++, put);
                }
                copies_ = true;
                while (rows.next()) {
                }
                inserted += failure_ ? 0 : changes();
            }
        }
        return inserted;
    }

    /// Several statements without parameters.
    void script(const std::string& sql);
    std::int64_t value(std::string_view sql);   // first column of the first row, 0 when none

    const std::optional<core::Failure>& failure() const { return failure_; }
    std::optional<core::Failure> take_failure() { return std::exchange(failure_, std::nullopt); }
    /// Says that what was read makes no sense.
    void fail(core::Failure failure);

    /// Never fails: there is nothing left to undo when it cannot.
    void roll_back();
    std::int64_t changes() const;
    std::int64_t total_changes() const;
    /// Runs the COMMIT; with `owed` its flush is left to flush_log(). True when it was left.
    bool commit(bool owed);
    /// Makes durable what was committed with its flush owed. From any one thread at a time, also
    /// while the next transaction runs.
    std::optional<core::Failure> flush_log() const;
    /// Pages in the log after the last commit.
    int log_pages() const { return log_pages_; }
    /// Copies the log into the database as far as readers let it, or whole and then empties it.
    /// True when all was copied.
    bool checkpoint(bool truncate);
    /// Copies as checkpoint() does, while another connection writes; gives the pages of the log
    /// that have been copied so far.
    int copy_log();

private:
    friend class Rows;
    Database(std::shared_ptr<GatheringVfs> vfs, sqlite3* handle);

    sqlite3_stmt* prepare(std::string_view sql);
    void check(int code);

    void bind(sqlite3_stmt*, int index, std::int64_t value);
    void bind(sqlite3_stmt*, int index, std::string_view text);
    void bind(sqlite3_stmt*, int index, const Blob& blob);
    void bind_null(sqlite3_stmt*, int index);
    void bind(sqlite3_stmt* s, int i, const std::string& text) {
        bind(s, i, std::string_view(text));
    }
    void bind(sqlite3_stmt* s, int i, const char* text) { bind(s, i, std::string_view(text)); }
    void bind(sqlite3_stmt* s, int i, int value) { bind(s, i, std::int64_t{value}); }
    void bind(sqlite3_stmt* s, int i, bool value) { bind(s, i, std::int64_t{value ? 1 : 0}); }
    void bind(sqlite3_stmt* s, int i, std::uint64_t value) {
        bind(s, i, static_cast<std::int64_t>(value));
    }
    void bind(sqlite3_stmt* s, int i, core::Time value) {
        bind(s, i, std::int64_t{value.time_since_epoch().count()});
    }
    template <class Bytes>
    void bind_bytes(sqlite3_stmt* s, int i, const Bytes& bytes) {
        bind(s, i, Blob({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    }
    void bind(sqlite3_stmt* s, int i, const core::Sha256& hash) { bind_bytes(s, i, hash.bytes); }
    void bind(sqlite3_stmt* s, int i, const core::Uuid& uuid) { bind_bytes(s, i, uuid.bytes); }
    template <class Tag>
    void bind(sqlite3_stmt* s, int i, const core::Id<Tag>& id) {
        bind(s, i, id.uuid);
    }
    template <class Tag>
    void bind(sqlite3_stmt* s, int i, const core::Name<Tag>& name) {
        bind(s, i, std::string_view(name.value));
    }
    template <class T>
    void bind(sqlite3_stmt* s, int i, const std::optional<T>& value) {
        if (value) {
            bind(s, i, *value);
        } else {
            bind_null(s, i);
        }
    }

    /// Statements are found by their text without a copy of it.
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };

    std::shared_ptr<GatheringVfs> vfs_;   // of all connections: outlives this one
    sqlite3* handle_;
    std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
    /// Most texts lie where they lay the last time: then one is compared, which is quicker than
    /// its hash.
    struct Recent {
        std::string_view text;   // the map's
        sqlite3_stmt* statement = nullptr;
    };
    std::array<Recent, 256> recent_{};
    bool copies_ = true;   // what is bound
    std::optional<core::Failure> failure_;
    int log_pages_ = 0;
    LogFlush log_;
};

}   // namespace gateway::store::sqlite
