#pragma once

// The reading side of ZIP (APPNOTE 6.3), strict: what an operator opens has to be what was signed.
// Stored and deflated entries, ZIP64, data descriptors. Facts: wire notes 2.5.

#include "gateway/core/failure.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct z_stream_s;

namespace gateway::standin {

struct ZipEntry {
    std::string name;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;   // 0 stored, 8 deflated
    std::uint32_t crc = 0;
    std::uint64_t packed = 0;
    std::uint64_t size = 0;
    std::uint64_t header = 0;   // offset of the local header
    std::uint64_t data = 0;     // offset of the content
};

/// Looks at bytes it does not own. Any thread once made.
class Zip {
public:
    /// `malformed` with words for the sender. Every entry's headers agree, none overlaps another,
    /// names are relative, without "..", and UTF-8. Names may stand twice: that is for the caller.
    static core::Result<Zip> read(std::string_view bytes);

    const std::vector<ZipEntry>& entries() const { return entries_; }
    const ZipEntry* find(std::string_view name) const;
    std::string_view bytes() const { return bytes_; }

private:
    std::string_view bytes_;
    std::vector<ZipEntry> entries_;
};

/// One entry's content, unpacked as it is asked for; its size and CRC hold at the end.
class ZipContent {
public:
    ZipContent(const Zip& zip, const ZipEntry& entry);
    ~ZipContent();
    ZipContent(const ZipContent&) = delete;
    ZipContent& operator=(const ZipContent&) = delete;

    /// 0 is the end. `malformed` when the content is not what the header says.
    core::Result<std::size_t> read(std::span<char> out);

private:
    const ZipEntry& entry_;
    std::string_view packed_;
    std::unique_ptr<z_stream_s> stream_;   // none for stored entries
    std::uint64_t given_ = 0;
    std::uint32_t crc_ = 0;
};

/// A small entry as a whole; `too_large` beyond `bytes_max`.
core::Result<std::string> unpack(const Zip& zip, const ZipEntry& entry, std::size_t bytes_max);

}   // namespace gateway::standin
