// What SQLite asks of a disk, answered by SimulatedVfs::Disk.

#include "simulated_disk.hpp"

#include <algorithm>
#include <cstring>

namespace tests {

namespace {

using Disk = SimulatedVfs::Disk;
using File = Disk::File;

struct Handle {
    sqlite3_file base;
    Disk* disk;
    std::shared_ptr<File>* file;
    std::string* path;
    std::uint64_t generation;
    int lock;
    bool removes;              // when closed
    unsigned shared_regions;   // bits of locks held
    unsigned exclusive_regions;

    bool is_dead() const { return disk->out || generation != disk->generation; }
};

Handle& handle_of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file);
}

void let_go(Handle& handle, int level) {
    auto& file = **handle.file;
    if (handle.lock >= SQLITE_LOCK_EXCLUSIVE && level < SQLITE_LOCK_EXCLUSIVE) {
        file.exclusive = false;
    }
    if (handle.lock >= SQLITE_LOCK_RESERVED && level < SQLITE_LOCK_RESERVED) {
        file.reserved = false;
    }
    if (handle.lock >= SQLITE_LOCK_SHARED && level < SQLITE_LOCK_SHARED) {
        --file.shared;
    }
    handle.lock = std::min(handle.lock, level);
}

void unlock_regions(Handle& handle, unsigned mask) {
    auto& file = **handle.file;
    for (unsigned slot = 0; slot < SQLITE_SHM_NLOCK; ++slot) {
        const unsigned bit = 1U << slot;
        if ((mask & bit) == 0) {
            continue;
        }
        if ((handle.exclusive_regions & bit) != 0) {
            file.region_locks[slot] = 0;
        } else if ((handle.shared_regions & bit) != 0) {
            --file.region_locks[slot];
        }
        handle.exclusive_regions &= ~bit;
        handle.shared_regions &= ~bit;
    }
}

int do_close(sqlite3_file* raw) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (!handle.is_dead()) {
        let_go(handle, SQLITE_LOCK_NONE);
        unlock_regions(handle, ~0U);
        if (handle.removes) {
            handle.disk->files.erase(*handle.path);
        }
    }
    delete handle.file;
    delete handle.path;
    return SQLITE_OK;
}

int do_read(sqlite3_file* raw, void* out, int amount, sqlite3_int64 offset) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (handle.is_dead()) {
        return SQLITE_IOERR_READ;
    }
    const auto& content = (*handle.file)->current;
    const auto at = static_cast<std::size_t>(offset);
    const auto wanted = static_cast<std::size_t>(amount);
    const std::size_t there = at >= content.size() ? 0 : std::min(wanted, content.size() - at);
    if (there > 0) {
        std::memcpy(out, content.data() + at, there);
    }
    std::memset(static_cast<char*>(out) + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int do_write(sqlite3_file* raw, const void* bytes, int amount, sqlite3_int64 offset) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (handle.is_dead()) {
        return SQLITE_IOERR_WRITE;
    }
    const std::string_view data(static_cast<const char*>(bytes), static_cast<std::size_t>(amount));
    return handle.disk->write(**handle.file, static_cast<std::uint64_t>(offset), data);
}

int do_truncate(sqlite3_file* raw, sqlite3_int64 size) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    return handle.is_dead()
               ? SQLITE_IOERR_TRUNCATE
               : handle.disk->truncate(**handle.file, static_cast<std::uint64_t>(size));
}

int do_sync(sqlite3_file* raw, int) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    return handle.is_dead() ? SQLITE_IOERR_FSYNC : handle.disk->sync(**handle.file);
}

int do_file_size(sqlite3_file* raw, sqlite3_int64* size) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (handle.is_dead()) {
        return SQLITE_IOERR_FSTAT;
    }
    *size = static_cast<sqlite3_int64>((*handle.file)->current.size());
    return SQLITE_OK;
}

int do_lock(sqlite3_file* raw, int level) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (handle.is_dead()) {
        return SQLITE_IOERR_LOCK;
    }
    auto& file = **handle.file;
    if (handle.lock >= level) {
        return SQLITE_OK;
    }
    if (level == SQLITE_LOCK_SHARED) {
        if (file.exclusive) {
            return SQLITE_BUSY;
        }
        ++file.shared;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (file.reserved) {
            return SQLITE_BUSY;
        }
        file.reserved = true;
    } else {
        const bool reserved_by_another = file.reserved && handle.lock < SQLITE_LOCK_RESERVED;
        if (reserved_by_another || file.shared > 1) {
            return SQLITE_BUSY;
        }
        file.reserved = true;
        file.exclusive = true;
        level = SQLITE_LOCK_EXCLUSIVE;
    }
    handle.lock = level;
    return SQLITE_OK;
}

int do_unlock(sqlite3_file* raw, int level) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (!handle.is_dead()) {
        let_go(handle, level);
    }
    return SQLITE_OK;
}

int do_check_reserved(sqlite3_file* raw, int* answer) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    *answer = (*handle.file)->reserved ? 1 : 0;
    return SQLITE_OK;
}

int do_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int do_sector_size(sqlite3_file*) {
    return static_cast<int>(Disk::sector);
}

int do_characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;   // as SQLite takes every Unix disk to be
}

int do_shm_map(sqlite3_file* raw, int region, int size, int extend, volatile void** out) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    *out = nullptr;
    auto& regions = (*handle.file)->regions;
    if (handle.is_dead() || size != static_cast<int>(sizeof(*regions[0]))) {
        return SQLITE_IOERR_SHMMAP;
    }
    const auto wanted = static_cast<std::size_t>(region);
    while (extend != 0 && regions.size() <= wanted) {
        regions.push_back(std::make_unique<std::array<char, 32'768>>());
    }
    if (wanted < regions.size()) {
        *out = regions[wanted]->data();
    }
    return SQLITE_OK;
}

int do_shm_lock(sqlite3_file* raw, int first, int count, int flags) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (handle.is_dead()) {
        return SQLITE_IOERR_SHMLOCK;
    }
    const unsigned mask = ((1U << static_cast<unsigned>(count)) - 1U)
                          << static_cast<unsigned>(first);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        unlock_regions(handle, mask);
        return SQLITE_OK;
    }
    auto& locks = (*handle.file)->region_locks;
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (auto slot = static_cast<std::size_t>(first);
         slot < static_cast<std::size_t>(first + count); ++slot) {
        if (locks[slot] < 0 || (exclusive && locks[slot] > 0)) {
            return SQLITE_BUSY;
        }
    }
    for (auto slot = static_cast<std::size_t>(first);
         slot < static_cast<std::size_t>(first + count); ++slot) {
        locks[slot] = exclusive ? -1 : locks[slot] + 1;
    }
    (exclusive ? handle.exclusive_regions : handle.shared_regions) |= mask;
    return SQLITE_OK;
}

void do_shm_barrier(sqlite3_file* raw) {
    const std::lock_guard lock(handle_of(raw).disk->mutex);
}

int do_shm_unmap(sqlite3_file* raw, int remove) {
    auto& handle = handle_of(raw);
    const std::lock_guard lock(handle.disk->mutex);
    if (!handle.is_dead()) {
        unlock_regions(handle, ~0U);
        if (remove != 0) {
            (*handle.file)->regions.clear();
        }
    }
    return SQLITE_OK;
}

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

Disk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<Disk*>(vfs->pAppData);
}

int vfs_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* raw, int flags, int* flags_out) {
    auto& disk = disk_of(vfs);
    const std::lock_guard lock(disk.mutex);
    raw->pMethods = nullptr;
    if (disk.out) {
        return SQLITE_CANTOPEN;
    }
    const std::string path = name != nullptr ? name : "temporary " + std::to_string(disk.random());
    auto found = disk.files.find(path);
    if (found == disk.files.end()) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) {
            return SQLITE_CANTOPEN;
        }
        found = disk.files.emplace(path, std::make_shared<File>()).first;
    }
    auto& handle = handle_of(raw);
    handle.disk = &disk;
    handle.file = new std::shared_ptr<File>(found->second);
    handle.path = new std::string(path);
    handle.generation = disk.generation;
    handle.lock = SQLITE_LOCK_NONE;
    handle.removes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    handle.shared_regions = 0;
    handle.exclusive_regions = 0;
    raw->pMethods = &methods;
    if (flags_out != nullptr) {
        *flags_out = flags;
    }
    return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* name, int) {
    auto& disk = disk_of(vfs);
    const std::lock_guard lock(disk.mutex);
    if (!disk.operate()) {
        return SQLITE_IOERR_DELETE;
    }
    return disk.files.erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int vfs_access(sqlite3_vfs* vfs, const char* name, int, int* answer) {
    auto& disk = disk_of(vfs);
    const std::lock_guard lock(disk.mutex);
    *answer = disk.files.contains(name) ? 1 : 0;
    return SQLITE_OK;
}

int vfs_full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

int vfs_randomness(sqlite3_vfs* vfs, int size, char* out) {
    auto& disk = disk_of(vfs);
    const std::lock_guard lock(disk.mutex);
    for (int i = 0; i < size; ++i) {
        out[i] = static_cast<char>(disk.random());
    }
    return size;
}

int vfs_sleep(sqlite3_vfs*, int micros) {
    return micros;   // nobody else runs meanwhile
}

int vfs_time(sqlite3_vfs*, sqlite3_int64* julian_ms) {
    *julian_ms = 212'000'000'000'000LL;
    return SQLITE_OK;
}

int vfs_last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

}   // namespace

void set_methods(sqlite3_vfs& vfs) {
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(Handle);
    vfs.mxPathname = 512;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_path;
    vfs.xRandomness = vfs_randomness;
    vfs.xSleep = vfs_sleep;
    vfs.xGetLastError = vfs_last_error;
    vfs.xCurrentTimeInt64 = vfs_time;
}

}   // namespace tests
