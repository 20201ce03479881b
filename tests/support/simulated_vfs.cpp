#include "simulated_vfs.hpp"

#include "simulated_disk.hpp"

namespace tests {

namespace {

std::string next_name() {
    static std::mutex mutex;
    static int last = 0;
    const std::lock_guard lock(mutex);
    return "simulated-" + std::to_string(++last);
}

}   // namespace

SimulatedVfs::SimulatedVfs(std::uint64_t seed) : disk_(std::make_shared<Disk>(seed)) {
    disk_->vfs_name = next_name();
    disk_->vfs.zName = disk_->vfs_name.c_str();
    disk_->vfs.pAppData = disk_.get();
    set_methods(disk_->vfs);
    sqlite3_vfs_register(&disk_->vfs, 0);
}

SimulatedVfs::~SimulatedVfs() {
    sqlite3_vfs_unregister(&disk_->vfs);
}

const std::string& SimulatedVfs::name() const {
    return disk_->vfs_name;
}

void SimulatedVfs::power_off() {
    const std::lock_guard lock(disk_->mutex);
    disk_->out = true;
}

void SimulatedVfs::power_off_after(std::uint64_t count) {
    const std::lock_guard lock(disk_->mutex);
    disk_->off_at = disk_->operations + count;
}

bool SimulatedVfs::is_off() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->out;
}

void SimulatedVfs::power_cut(std::uint64_t seed) {
    const std::lock_guard lock(disk_->mutex);
    disk_->power_cut(seed);
}

void SimulatedVfs::set_capacity(std::optional<std::uint64_t> bytes) {
    const std::lock_guard lock(disk_->mutex);
    disk_->capacity = bytes;
}

void SimulatedVfs::fail_sync(int nth) {
    const std::lock_guard lock(disk_->mutex);
    disk_->fail_sync_at = disk_->syncs + static_cast<std::uint64_t>(nth);
}

std::uint64_t SimulatedVfs::used() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->used();
}

std::uint64_t SimulatedVfs::memory() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->memory();
}

std::uint64_t SimulatedVfs::changes() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->operations;
}

std::uint64_t SimulatedVfs::syncs() const {
    const std::lock_guard lock(disk_->mutex);
    return disk_->syncs;
}

}   // namespace tests
