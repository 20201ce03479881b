#pragma once

// The central directory of a ZIP, and what its local headers say: read, held against each other,
// and every byte of the container accounted for.

#include "gateway/seal/asic_reader.hpp"

#include <string>
#include <vector>

namespace gateway::seal::zip {

/// Where the directory lies. `end` is where the end records begin.
struct DirectoryPlace {
    std::uint64_t count = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

struct DirectoryEntry {
    AsicEntry entry;   // data_offset is known once the local header was read
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint64_t local_offset = 0;
    bool local_extra = false;   // the local header has an extra field
};

/// Exactly `size` bytes; `seal.zip_truncated` when they are not there.
core::Result<std::string> read_exactly(RandomAccess& source, std::uint64_t offset,
                                       std::size_t size);

core::Result<DirectoryPlace> find_directory(RandomAccess& source);
/// In the directory's order, names and sizes judged.
core::Result<std::vector<DirectoryEntry>>
read_directory(RandomAccess& source, const DirectoryPlace& place, const AsicLimits& limits);
/// Fills in where the data lie. Entries must follow each other without gap or overlap from the
/// container's first byte to the directory.
core::Result<void> check_local_headers(RandomAccess& source, const DirectoryPlace& place,
                                       std::vector<DirectoryEntry>& entries);

}   // namespace gateway::seal::zip
