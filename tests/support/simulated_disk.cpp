#include "simulated_disk.hpp"

#include <algorithm>

namespace tests {

namespace {

void apply(std::string& content, std::uint64_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) {
        content.resize(offset + bytes.size(), '\0');
    }
    std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

}   // namespace

std::uint64_t SimulatedVfs::Disk::used() const {
    std::uint64_t sum = 0;
    for (const auto& [path, file] : files) {
        sum += file->current.size();
    }
    return sum;
}

std::uint64_t SimulatedVfs::Disk::memory() const {
    std::uint64_t sum = 0;
    for (const auto& [path, file] : files) {
        sum += file->current.capacity() + file->durable.capacity();
        for (const auto& pending : file->pending) {
            sum += pending.bytes.capacity();
        }
    }
    return sum;
}

bool SimulatedVfs::Disk::operate() {
    ++operations;
    if (off_at && operations >= *off_at) {
        out = true;
    }
    return !out;
}

int SimulatedVfs::Disk::write(File& file, std::uint64_t offset, std::string_view bytes) {
    const auto end = offset + bytes.size();
    const auto grows = end > file.current.size() ? end - file.current.size() : 0;
    if (capacity && grows > 0 && used() + grows > *capacity) {
        return SQLITE_FULL;
    }
    Pending pending;
    pending.offset = offset;
    pending.bytes = bytes;
    file.pending.push_back(std::move(pending));   // also of the write in which the power goes
    if (!operate()) {
        return SQLITE_IOERR_WRITE;
    }
    apply(file.current, offset, bytes);
    return SQLITE_OK;
}

int SimulatedVfs::Disk::truncate(File& file, std::uint64_t size) {
    if (!operate()) {
        return SQLITE_IOERR_TRUNCATE;
    }
    Pending pending;
    pending.offset = size;
    pending.truncates = true;
    file.pending.push_back(std::move(pending));
    file.current.resize(size, '\0');
    return SQLITE_OK;
}

int SimulatedVfs::Disk::sync(File& file) {
    if (!operate()) {
        return SQLITE_IOERR_FSYNC;
    }
    ++syncs;
    if (fail_sync_at && syncs >= *fail_sync_at) {
        // As Linux does it: the pages are marked clean, and the next sync would report success.
        fail_sync_at.reset();
        file.pending.clear();
        return SQLITE_IOERR_FSYNC;
    }
    for (const auto& pending : file.pending) {
        if (pending.truncates) {
            file.durable.resize(pending.offset, '\0');
        } else {
            apply(file.durable, pending.offset, pending.bytes);
        }
    }
    file.pending.clear();
    file.exists_durably = true;
    return SQLITE_OK;
}

void SimulatedVfs::Disk::lose(File& file, double kept) {
    std::string content = file.durable;
    for (const auto& pending : file.pending) {
        if (pending.truncates) {
            if (chance(kept)) {
                content.resize(pending.offset, '\0');
            }
            continue;
        }
        for (std::size_t at = 0; at < pending.bytes.size(); at += sector) {
            const auto part = std::string_view(pending.bytes).substr(at, sector);
            if (chance(kept)) {
                const bool torn = chance(0.02);
                apply(content, pending.offset + at, torn ? part.substr(0, part.size() / 2) : part);
            }
        }
    }
    file.current = content;
    file.durable = std::move(content);
    file.pending.clear();
}

void SimulatedVfs::Disk::power_cut(std::uint64_t seed) {
    random.seed(seed);
    // Some cuts lose all that was not synced, some nothing.
    const std::array<double, 4> odds{0.0, 0.5, 0.95, 1.0};
    const double kept = odds[random() % odds.size()];
    for (auto at = files.begin(); at != files.end();) {
        auto& file = *at->second;
        if (!file.exists_durably && !chance(kept)) {
            at = files.erase(at);
            continue;
        }
        lose(file, kept);
        file.shared = 0;
        file.reserved = false;
        file.exclusive = false;
        file.regions.clear();
        file.region_locks.fill(0);
        ++at;
    }
    ++generation;
    out = false;
    off_at.reset();
    fail_sync_at.reset();
    capacity.reset();
}

}   // namespace tests
