#pragma once

// ZIP files by hand, right or wrong in every field: a maker of the test's own, which shares nothing
// with the writer under test.

#include "gateway/seal/asic_reader.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

std::string le(std::uint64_t value, std::size_t bytes);
std::uint32_t crc32_of(std::string_view bytes);
std::string deflated(std::string_view bytes);

/// One entry; what is set differs from what is right for `content`.
struct MadeEntry {
    std::string name;
    std::string content;
    bool deflate = true;
    bool descriptor = false;
    std::uint16_t flags = 0x0800;
    std::uint32_t external = 0;
    std::uint16_t made_by = 20;
    std::string extra;                 // central
    std::string local_extra;           // local
    std::string behind;                // bytes after the data (and the descriptor)
    std::optional<std::string> data;   // packed, instead of the content's own
    std::optional<std::string> local_name;
    std::optional<std::string> descriptor_bytes;
    std::optional<std::uint16_t> method, local_method, local_flags, disk;
    std::optional<std::uint32_t> crc, size, packed_size, local_crc, local_size, local_packed_size;
    std::optional<std::uint32_t> offset;

    MadeEntry() = default;
    MadeEntry(std::string path, std::string bytes)
        : name(std::move(path)), content(std::move(bytes)) {}
};

struct MadeZip {
    std::vector<MadeEntry> entries;
    std::string before;             // before the first entry
    std::string behind_directory;   // between directory and end record (ZIP64 records)
    std::string comment;
    std::string trailing;   // after the comment
    std::optional<std::uint16_t> count, disk_count, disk, comment_size;
    std::optional<std::uint32_t> directory_offset, directory_size;
    std::uint64_t directory_at = 0;   // where it came to lie
    std::uint64_t directory_bytes = 0;

    std::string bytes();
};

/// A container as it should be: mimetype, then these.
MadeZip container(std::vector<MadeEntry> entries);

/// A string as a container's source; counts what is read, and may fail.
class StringAccess final : public gateway::seal::RandomAccess {
public:
    explicit StringAccess(std::string bytes, std::size_t piece = SIZE_MAX)
        : bytes_(std::move(bytes)), piece_(piece) {}
    std::uint64_t size() const override { return bytes_.size(); }
    gateway::core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override;
    std::uint64_t read_bytes = 0;
    std::optional<std::uint64_t> fails_from;   // reads that reach this offset fail

private:
    std::string bytes_;
    std::size_t piece_;
};

/// The name of the refusal of open() or of reading every entry; empty: all was read.
std::string refusal_of(const std::string& zip,
                       const gateway::seal::AsicLimits& limits = gateway::seal::AsicLimits());
std::string refusal_of(MadeZip zip,
                       const gateway::seal::AsicLimits& limits = gateway::seal::AsicLimits());

/// The same for a sound container of one file of 42 bytes, changed.
using EntryChange = std::function<void(MadeEntry&)>;
std::string refusal_with(const EntryChange& change);

}   // namespace tests
