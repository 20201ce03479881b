#include "gateway/store/sqlite/gathering_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace gateway::store::sqlite {
namespace {

// Of one file; more is handed down at once. SQLite's own VFS writes at most 128 KiB - 1 in one
// piece and takes a rest of exactly 128 KiB for a full disk.
constexpr std::size_t gathered_max = 124U << 10U;

// A file control of ours; SQLite leaves those over 100 to us.
constexpr int find_log = 9'001;

/// Bytes that follow each other, not yet handed down.
class Gathered {
public:
    explicit Gathered(sqlite3_file& below) : below_(below) {}

    /// A failure is the writer's: SQLite gives up its transaction, or its checkpoint, and what was
    /// gathered for it is dropped, so that none of it is written later.
    int write(const void* bytes, std::size_t size, sqlite3_int64 offset) {
        const auto end = offset_ + static_cast<sqlite3_int64>(bytes_.size());
        if (!bytes_.empty() && (offset != end || bytes_.size() + size > gathered_max)) {
            if (const int code = finish(); code != SQLITE_OK) {
                return code;
            }
        }
        if (size >= gathered_max) {
            return below_.pMethods->xWrite(&below_, bytes, static_cast<int>(size), offset);
        }
        if (bytes_.empty()) {
            offset_ = offset;
            bytes_.reserve(gathered_max);
        }
        const auto* const begin = static_cast<const char*>(bytes);
        bytes_.insert(bytes_.end(), begin, begin + size);
        return SQLITE_OK;
    }

    /// Hands it down on behalf of the writer.
    int finish() {
        const int code = hand_down();
        bytes_.clear();
        return code;
    }

    /// Hands it down for somebody else, who alone learns of a failure: then it is kept.
    int hand_down() {
        if (bytes_.empty()) {
            return SQLITE_OK;
        }
        const int code = below_.pMethods->xWrite(&below_, bytes_.data(),
                                                 static_cast<int>(bytes_.size()), offset_);
        if (code == SQLITE_OK) {
            bytes_.clear();
        }
        return code;
    }

private:
    sqlite3_file& below_;
    std::vector<char> bytes_;
    sqlite3_int64 offset_ = 0;
};

/// SQLite allots the bytes; the file below lies right behind.
struct File {
    sqlite3_file base{};   // first: SQLite knows us by it
    Gathered gathered;
    File* log = nullptr;         // of a database, while it is open
    File* database = nullptr;    // of a log
    bool owes_flushes = false;   // of a log: LogFlush does them
    bool new_header = false;     // of a log, not yet flushed

    explicit File(sqlite3_file& below) : gathered(below) {}
};

constexpr std::size_t below_offset = sizeof(File);
static_assert(alignof(File) <= 8);   // SQLite gives no more

File& file_of(sqlite3_file* raw) {
    return *reinterpret_cast<File*>(raw);
}

sqlite3_file* below(sqlite3_file* raw) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(raw) + below_offset);
}

const sqlite3_io_methods& methods_below(sqlite3_file* raw) {
    return *below(raw)->pMethods;
}

/// Before others may see the file or, by the shared index, its log.
int hand_down_all(File& file) {
    const int code = file.log != nullptr ? file.log->gathered.hand_down() : SQLITE_OK;
    return code == SQLITE_OK ? file.gathered.hand_down() : code;
}

int do_close(sqlite3_file* raw) {
    File& file = file_of(raw);
    const int written = file.gathered.hand_down();
    if (file.log != nullptr) {
        file.log->database = nullptr;
    }
    if (file.database != nullptr) {
        file.database->log = nullptr;
    }
    const int closed = methods_below(raw).xClose(below(raw));
    file.~File();
    return written == SQLITE_OK ? closed : written;
}

int do_read(sqlite3_file* raw, void* out, int amount, sqlite3_int64 offset) {
    const int code = file_of(raw).gathered.hand_down();
    return code == SQLITE_OK ? methods_below(raw).xRead(below(raw), out, amount, offset) : code;
}

int do_write(sqlite3_file* raw, const void* bytes, int amount, sqlite3_int64 offset) {
    file_of(raw).new_header |= offset == 0;
    return file_of(raw).gathered.write(bytes, static_cast<std::size_t>(amount), offset);
}

int do_truncate(sqlite3_file* raw, sqlite3_int64 size) {
    const int code = file_of(raw).gathered.finish();
    return code == SQLITE_OK ? methods_below(raw).xTruncate(below(raw), size) : code;
}

/// A log that begins anew is flushed whoever owes it: its new header must never stand before old
/// frames.
int do_sync(sqlite3_file* raw, int flags) {
    File& file = file_of(raw);
    const int written = file.gathered.finish();
    if (written != SQLITE_OK || (file.owes_flushes && !file.new_header)) {
        return written;
    }
    const int code = methods_below(raw).xSync(below(raw), flags);
    file.new_header = file.new_header && code != SQLITE_OK;
    return code;
}

int do_file_size(sqlite3_file* raw, sqlite3_int64* size) {
    const int code = file_of(raw).gathered.hand_down();
    return code == SQLITE_OK ? methods_below(raw).xFileSize(below(raw), size) : code;
}

int do_lock(sqlite3_file* raw, int level) {
    return methods_below(raw).xLock(below(raw), level);
}

int do_unlock(sqlite3_file* raw, int level) {
    const int written = hand_down_all(file_of(raw));
    const int code = methods_below(raw).xUnlock(below(raw), level);
    return written == SQLITE_OK ? code : written;
}

int do_check_reserved(sqlite3_file* raw, int* answer) {
    return methods_below(raw).xCheckReservedLock(below(raw), answer);
}

int do_control(sqlite3_file* raw, int operation, void* argument) {
    if (operation == find_log) {
        *static_cast<File**>(argument) = file_of(raw).log;
        return SQLITE_OK;
    }
    const int code = file_of(raw).gathered.hand_down();
    return code == SQLITE_OK ? methods_below(raw).xFileControl(below(raw), operation, argument)
                             : code;
}

int do_sector_size(sqlite3_file* raw) {
    return methods_below(raw).xSectorSize(below(raw));
}

int do_characteristics(sqlite3_file* raw) {
    return methods_below(raw).xDeviceCharacteristics(below(raw));
}

int do_shm_map(sqlite3_file* raw, int region, int size, int extend, volatile void** out) {
    return methods_below(raw).xShmMap(below(raw), region, size, extend, out);
}

int do_shm_lock(sqlite3_file* raw, int first, int count, int flags) {
    if (const int code = hand_down_all(file_of(raw)); code != SQLITE_OK) {
        return code;
    }
    return methods_below(raw).xShmLock(below(raw), first, count, flags);
}

/// Stands between what is written and its being told in the shared index. With synchronous=FULL a
/// sync has been here before and nothing is left; else a failure shows at the next lock.
void do_shm_barrier(sqlite3_file* raw) {
    hand_down_all(file_of(raw));
    methods_below(raw).xShmBarrier(below(raw));
}

int do_shm_unmap(sqlite3_file* raw, int remove) {
    return methods_below(raw).xShmUnmap(below(raw), remove);
}

// Version 2: no memory maps, which would show a file without what is gathered.
const sqlite3_io_methods methods{2,
                                 do_close,
                                 do_read,
                                 do_write,
                                 do_truncate,
                                 do_sync,
                                 do_file_size,
                                 do_lock,
                                 do_unlock,
                                 do_check_reserved,
                                 do_control,
                                 do_sector_size,
                                 do_characteristics,
                                 do_shm_map,
                                 do_shm_lock,
                                 do_shm_barrier,
                                 do_shm_unmap,
                                 nullptr,
                                 nullptr};

sqlite3_vfs* below(sqlite3_vfs* vfs) {
    return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int vfs_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* raw, int flags, int* flags_out) {
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) {
        return below(vfs)->xOpen(below(vfs), name, raw, flags, flags_out);   // its own methods
    }
    raw->pMethods = nullptr;
    sqlite3_file* const under = below(raw);
    under->pMethods = nullptr;
    const int code = below(vfs)->xOpen(below(vfs), name, under, flags, flags_out);
    if (under->pMethods == nullptr) {
        return code;
    }
    auto& file = *new (raw) File(*under);
    file.base.pMethods = &methods;
    if ((flags & SQLITE_OPEN_WAL) != 0) {
        sqlite3_file* const database = sqlite3_database_file_object(name);
        if (database != nullptr && database->pMethods == &methods) {
            file.database = &file_of(database);
            file.database->log = &file;
        }
    }
    return code;
}

int vfs_delete(sqlite3_vfs* vfs, const char* name, int sync) {
    return below(vfs)->xDelete(below(vfs), name, sync);
}

int vfs_access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    return below(vfs)->xAccess(below(vfs), name, flags, answer);
}

int vfs_full_path(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return below(vfs)->xFullPathname(below(vfs), name, size, out);
}

int vfs_randomness(sqlite3_vfs* vfs, int size, char* out) {
    return below(vfs)->xRandomness(below(vfs), size, out);
}

int vfs_sleep(sqlite3_vfs* vfs, int micros) {
    return below(vfs)->xSleep(below(vfs), micros);
}

int vfs_time(sqlite3_vfs* vfs, double* days) {
    return below(vfs)->xCurrentTime(below(vfs), days);
}

int vfs_last_error(sqlite3_vfs* vfs, int size, char* out) {
    return below(vfs)->xGetLastError(below(vfs), size, out);
}

std::string next_name(const sqlite3_vfs& below) {
    static std::atomic<unsigned> last{0};
    return "gathering-" + std::to_string(++last) + "-" + below.zName;
}

}   // namespace

void LogFlush::find(sqlite3* handle) {
    File* log = nullptr;
    sqlite3_file_control(handle, "main", find_log, &log);
    log_ = log;
}

void LogFlush::owe(bool owes) {
    if (log_ != nullptr) {
        static_cast<File*>(log_)->owes_flushes = owes;
    }
}

bool LogFlush::flush() const {
    if (log_ == nullptr) {
        return false;
    }
    auto* const raw = &static_cast<File*>(log_)->base;
    return methods_below(raw).xSync(below(raw), SQLITE_SYNC_NORMAL) == SQLITE_OK;
}

std::shared_ptr<GatheringVfs> GatheringVfs::over(const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<GatheringVfs>> known;
    const std::lock_guard lock(mutex);
    // SQLite's own account of its memory is kept under one lock and read by nobody. Too late, and
    // without harm, when SQLite is in use already.
    [[maybe_unused]] static const int unaccounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_vfs* const under = sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
    if (under == nullptr) {
        return nullptr;
    }
    std::erase_if(known, [](const auto& one) { return one.second.expired(); });
    auto& place = known[under->zName];
    auto vfs = place.lock();
    if (!vfs) {
        vfs.reset(new GatheringVfs(*under));
        place = vfs;
    }
    return vfs;
}

GatheringVfs::GatheringVfs(sqlite3_vfs& below)
    : name_(next_name(below)), vfs_(std::make_unique<sqlite3_vfs>()) {
    vfs_->iVersion = 1;
    vfs_->szOsFile = static_cast<int>(below_offset) + below.szOsFile;
    vfs_->mxPathname = below.mxPathname;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = &below;
    vfs_->xOpen = vfs_open;
    vfs_->xDelete = vfs_delete;
    vfs_->xAccess = vfs_access;
    vfs_->xFullPathname = vfs_full_path;
    vfs_->xRandomness = vfs_randomness;
    vfs_->xSleep = vfs_sleep;
    vfs_->xCurrentTime = vfs_time;
    vfs_->xGetLastError = vfs_last_error;
    sqlite3_vfs_register(vfs_.get(), 0);
}

GatheringVfs::~GatheringVfs() {
    sqlite3_vfs_unregister(vfs_.get());
}

}   // namespace gateway::store::sqlite
