#include "adapters/common/standin/containers/zip.hpp"

#include "gateway/json/utf8.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace gateway::standin {

namespace {

using core::Errc;
using core::Failure;

constexpr std::uint32_t end_signature = 0x06054B50;
constexpr std::uint32_t end64_signature = 0x06064B50;
constexpr std::uint32_t locator64_signature = 0x07064B50;
constexpr std::uint32_t central_signature = 0x02014B50;
constexpr std::uint32_t local_signature = 0x04034B50;
constexpr std::size_t end_size = 22;
constexpr std::size_t central_size = 46;
constexpr std::size_t local_size = 30;
constexpr std::size_t comment_max = 65'535;
constexpr std::size_t entries_max = 1000;
constexpr std::uint16_t encrypted_flag = 1U;
constexpr std::uint16_t descriptor_flag = 1U << 3U;
constexpr std::uint32_t all_ones = 0xFFFFFFFFU;

Failure damaged(const char* words) {
    return Failure(Errc::malformed, words);
}

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i) {
        value = (value << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
}
std::uint16_t two(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(number(bytes, at, 2));
}
std::uint32_t four(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint32_t>(number(bytes, at, 4));
}

bool holds(std::string_view bytes, std::uint64_t at, std::uint64_t size) {
    return at <= bytes.size() && size <= bytes.size() - at;
}

struct Directory {
    std::uint64_t count = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
    std::uint64_t end = 0;   // where the record after it begins
};

/// The last end record whose comment reaches exactly to the end.
std::size_t find_end(std::string_view bytes) {
    if (bytes.size() < end_size) {
        return std::string_view::npos;
    }
    const std::size_t last = bytes.size() - end_size;
    const std::size_t first = last > comment_max ? last - comment_max : 0;
    for (std::size_t at = last + 1; at > first; --at) {
        if (four(bytes, at - 1) == end_signature &&
            two(bytes, at - 1 + 20) == bytes.size() - (at - 1) - end_size) {
            return at - 1;
        }
    }
    return std::string_view::npos;
}

core::Result<Directory> find_directory(std::string_view bytes) {
    const std::size_t end = find_end(bytes);
    if (end == std::string_view::npos) {
        return damaged("ZIP-en har ingen sluttpost");
    }
    if (two(bytes, end + 4) != 0 || two(bytes, end + 6) != 0) {
        return damaged("ZIP-en er delt i flere filer");
    }
    Directory out;
    out.count = two(bytes, end + 10);
    out.size = four(bytes, end + 12);
    out.offset = four(bytes, end + 16);
    out.end = end;
    const bool large = out.count == 0xFFFF || out.size == all_ones || out.offset == all_ones;
    if (large && end >= 20 && four(bytes, end - 20) == locator64_signature) {
        const std::uint64_t at = number(bytes, end - 12, 8);
        if (!holds(bytes, at, 56) || four(bytes, at) != end64_signature) {
            return damaged("ZIP64-sluttposten er skadet");
        }
        out.count = number(bytes, at + 32, 8);
        out.size = number(bytes, at + 40, 8);
        out.offset = number(bytes, at + 48, 8);
        out.end = at;
    }
    if (!holds(bytes, out.offset, out.size) || out.offset + out.size != out.end) {
        return damaged("ZIP-ens katalog ligger ikke foran sluttposten");
    }
    if (out.count == 0 || out.count > entries_max) {
        return damaged("ZIP-en har for mange filer eller ingen");
    }
    return out;
}

/// Sizes and offset from the ZIP64 field, where the header has all ones.
bool read_extra(std::string_view extra, ZipEntry& entry) {
    while (!extra.empty()) {
        if (extra.size() < 4 || extra.size() - 4 < two(extra, 2)) {
            return false;
        }
        std::string_view field = extra.substr(4, two(extra, 2));
        if (two(extra, 0) == 1) {
            for (std::uint64_t* value : {&entry.size, &entry.packed, &entry.header}) {
                if (*value == all_ones) {
                    if (field.size() < 8) {
                        return false;
                    }
                    *value = number(field, 0, 8);
                    field.remove_prefix(8);
                }
            }
        }
        extra.remove_prefix(4U + two(extra, 2));
    }
    return true;
}

bool is_good_name(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string::npos ||
        name.find('\0') != std::string::npos || name.find(':') != std::string::npos ||
        json::utf8_fault(name) != std::string::npos) {
        return false;
    }
    const std::string framed = "/" + name + "/";
    return framed.find("/../") == std::string::npos && framed.find("/./") == std::string::npos &&
           framed.find("//") == std::string::npos;
}

bool is_symbolic_link(std::string_view central) {
    constexpr unsigned unix_host = 3;
    return static_cast<unsigned char>(central[5]) == unix_host &&
           (four(central, 38) >> 16U & 0170000U) == 0120000U;
}

core::Result<ZipEntry> read_central(std::string_view bytes, std::uint64_t at, std::uint64_t end,
                                    std::uint64_t& next) {
    if (end - at < central_size || four(bytes, at) != central_signature) {
        return damaged("ZIP-ens katalog er skadet");
    }
    const std::size_t name_size = two(bytes, at + 28);
    const std::size_t extra_size = two(bytes, at + 30);
    const std::size_t comment_size = two(bytes, at + 32);
    next = at + central_size + name_size + extra_size + comment_size;
    if (next > end) {
        return damaged("ZIP-ens katalog er skadet");
    }
    ZipEntry entry;
    entry.name = bytes.substr(at + central_size, name_size);
    entry.flags = two(bytes, at + 8);
    entry.method = two(bytes, at + 10);
    entry.crc = four(bytes, at + 16);
    entry.packed = four(bytes, at + 20);
    entry.size = four(bytes, at + 24);
    entry.header = four(bytes, at + 42);
    if (!read_extra(bytes.substr(at + central_size + name_size, extra_size), entry)) {
        return damaged("ZIP-ens katalog er skadet");
    }
    if (!is_good_name(entry.name) || is_symbolic_link(bytes.substr(at, central_size))) {
        return damaged("ZIP-en har et filnavn som ikke er tillatt");
    }
    if ((entry.flags & encrypted_flag) != 0 || (entry.method != 0 && entry.method != Z_DEFLATED)) {
        return damaged("ZIP-en er kryptert eller komprimert på en ukjent måte");
    }
    if (entry.method == 0 && entry.packed != entry.size) {
        return damaged("ZIP-ens katalog er skadet");
    }
    return entry;
}

/// The local header says the same as the directory.
bool read_local(std::string_view bytes, ZipEntry& entry) {
    if (!holds(bytes, entry.header, local_size) || four(bytes, entry.header) != local_signature) {
        return false;
    }
    const std::size_t name_size = two(bytes, entry.header + 26);
    const std::size_t extra_size = two(bytes, entry.header + 28);
    entry.data = entry.header + local_size + name_size + extra_size;
    if (!holds(bytes, entry.data, entry.packed) ||
        bytes.substr(entry.header + local_size, name_size) != entry.name ||
        two(bytes, entry.header + 8) != entry.method) {
        return false;
    }
    if ((two(bytes, entry.header + 6) & descriptor_flag) != 0) {
        return true;   // sizes and CRC follow the content
    }
    ZipEntry local;
    local.packed = four(bytes, entry.header + 18);
    local.size = four(bytes, entry.header + 22);
    return four(bytes, entry.header + 14) == entry.crc &&
           read_extra(bytes.substr(entry.header + local_size + name_size, extra_size), local) &&
           local.packed == entry.packed && local.size == entry.size;
}

bool overlap(std::vector<ZipEntry> entries, std::uint64_t directory) {
    std::sort(entries.begin(), entries.end(),
              [](const ZipEntry& a, const ZipEntry& b) { return a.header < b.header; });
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::uint64_t limit = i + 1 < entries.size() ? entries[i + 1].header : directory;
        if (entries[i].data + entries[i].packed > limit) {
            return true;
        }
    }
    return false;
}

}   // namespace

core::Result<Zip> Zip::read(std::string_view bytes) {
    const auto directory = find_directory(bytes);
    if (!directory) {
        return directory.error();
    }
    Zip zip;
    zip.bytes_ = bytes;
    std::uint64_t at = directory->offset;
    for (std::uint64_t i = 0; i < directory->count; ++i) {
        std::uint64_t next = 0;
        auto entry = read_central(bytes, at, directory->end, next);
        if (!entry) {
            return entry.error();
        }
        if (!read_local(bytes, *entry)) {
            return damaged("En fil i ZIP-en er ikke det katalogen sier");
        }
        zip.entries_.push_back(std::move(*entry));
        at = next;
    }
    if (at != directory->end || overlap(zip.entries_, directory->offset)) {
        return damaged("Filer i ZIP-en ligger over hverandre");
    }
    return zip;
}

const ZipEntry* Zip::find(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const ZipEntry& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

ZipContent::ZipContent(const Zip& zip, const ZipEntry& entry)
    : entry_(entry), packed_(zip.bytes().substr(entry.data, entry.packed)) {
    if (entry_.method == Z_DEFLATED) {
        stream_ = std::make_unique<z_stream_s>();
        if (inflateInit2(stream_.get(), -MAX_WBITS) != Z_OK) {
            throw std::bad_alloc();
        }
    }
}

ZipContent::~ZipContent() {
    if (stream_) {
        inflateEnd(stream_.get());
    }
}

core::Result<std::size_t> ZipContent::read(std::span<char> out) {
    constexpr const char* words = "En fil i ZIP-en er skadet";
    std::size_t count = 0;
    if (!stream_) {
        count = std::min(out.size(), packed_.size());
        std::memcpy(out.data(), packed_.data(), count);
        packed_.remove_prefix(count);
    } else {
        constexpr std::size_t most = std::numeric_limits<uInt>::max();
        stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed_.data()));
        stream_->avail_in = static_cast<uInt>(std::min(packed_.size(), most));
        stream_->next_out = reinterpret_cast<Bytef*>(out.data());
        stream_->avail_out = static_cast<uInt>(std::min(out.size(), most));
        const uInt before = stream_->avail_in;
        const uInt room = stream_->avail_out;
        const int state = inflate(stream_.get(), Z_NO_FLUSH);
        packed_.remove_prefix(before - stream_->avail_in);
        count = room - stream_->avail_out;
        if (state != Z_OK && state != Z_STREAM_END && !(state == Z_BUF_ERROR && count > 0)) {
            return damaged(words);
        }
        if (count == 0 && (state != Z_STREAM_END || !packed_.empty())) {
            return damaged(words);
        }
    }
    given_ += count;
    crc_ = static_cast<std::uint32_t>(
        crc32(crc_, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(count)));
    if (given_ > entry_.size || (count == 0 && (given_ != entry_.size || crc_ != entry_.crc))) {
        return damaged(words);
    }
    return count;
}

core::Result<std::string> unpack(const Zip& zip, const ZipEntry& entry, std::size_t bytes_max) {
    if (entry.size > bytes_max) {
        return Failure(Errc::too_large, entry.name + " er for stor");
    }
    ZipContent content(zip, entry);
    std::string out;
    std::array<char, 16384> block{};
    while (true) {
        const auto got = content.read(block);
        if (!got) {
            return got.error();
        }
        if (*got == 0) {
            return out;
        }
        out.append(block.data(), *got);
    }
}

}   // namespace gateway::standin
