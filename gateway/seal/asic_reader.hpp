#pragma once

// Reads an ASiC-E container (a ZIP) from the outside world: tolerant of how it was written, strict
// in what it lets pass. Everything is judged before the first file is read: the directory against
// the local headers, every byte accounted for, so no other program sees other files in it than this
// one does. In bounded time and memory, whatever the bytes.

#include "gateway/core/failure.hpp"
#include "gateway/seal/finding.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

/// The container's bytes. Calls may block: a container is read on a thread that may.
class RandomAccess {
public:
    virtual ~RandomAccess() = default;
    virtual std::uint64_t size() const = 0;
    /// Up to `out.size()` bytes; fewer only at the end.
    virtual core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) = 0;
};

struct AsicLimits {
    std::size_t entries_max = 2000;   // DPI allows 201 files
    std::size_t directory_bytes_max = 1024 * 1024;
    std::size_t name_bytes_max = 512;
    std::uint64_t entry_bytes_max = 5ULL << 30U;   // Fiks carries at most 5 GB
    std::uint64_t total_bytes_max = 5ULL << 30U;
    std::uint64_t ratio_max = 200;                   // unpacked to packed, of one file and of all
    std::uint64_t ratio_free_bytes = 16ULL << 20U;   // less than this may have any ratio

    AsicLimits() = default;
};

struct AsicEntry {
    std::string name;   // UTF-8; a folder's ends in '/'
    std::uint64_t size = 0;
    std::uint64_t packed_size = 0;
    std::uint64_t data_offset = 0;
    std::uint32_t checksum = 0;   // CRC-32
    bool deflated = false;

    bool is_folder() const { return name.ends_with('/'); }
};

/// One file's bytes, read once from its first to its last. Outlived by the container's source.
class EntryReader {
public:
    EntryReader(EntryReader&&) noexcept;
    EntryReader& operator=(EntryReader&&) noexcept;
    ~EntryReader();

    /// 0: the end, size and checksum verified; not before may the bytes be relied on.
    /// `seal.zip_data_malformed`, `seal.zip_size_wrong`, `seal.zip_checksum_wrong`, and what the
    /// source fails with; then again on every later call.
    core::Result<std::size_t> read(std::span<char> out);

private:
    friend class AsicReader;
    struct Impl;
    explicit EntryReader(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

/// One thread at a time. `source` outlives it.
class AsicReader {
public:
    /// Reads and judges directory and headers. `seal.zip_...`, or what the source fails with.
    static core::Result<AsicReader> open(RandomAccess& source,
                                         const AsicLimits& limits = AsicLimits());

    /// In the directory's order.
    const std::vector<AsicEntry>& entries() const { return entries_; }
    /// By its exact name; null when there is none.
    const AsicEntry* find(std::string_view name) const;
    /// What is not as ASiC-E asks, and does no harm by itself: `seal.mimetype_missing`,
    /// `seal.mimetype_not_first`, `seal.mimetype_extra_field`, `seal.mimetype_compressed`,
    /// `seal.mimetype_other` (it names another type). Whether to accept it is the caller's.
    const Findings& remarks() const { return remarks_; }

    EntryReader extract(const AsicEntry& entry) const;
    /// A small file (manifest, signature) whole; `too_large` past `bytes_max`.
    core::Result<std::string> read_all(const AsicEntry& entry, std::size_t bytes_max) const;

private:
    AsicReader(RandomAccess& source, std::vector<AsicEntry> entries);
    core::Result<void> look_at_mimetype(bool first, bool extra_field);

    RandomAccess* source_;
    std::vector<AsicEntry> entries_;
    Findings remarks_;
};

}   // namespace gateway::seal
