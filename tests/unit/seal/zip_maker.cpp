#include "tests/unit/seal/zip_maker.hpp"

#include "gateway/seal/refusal.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tests {

using gateway::core::Errc;
using gateway::core::Failure;
using gateway::core::Result;

std::string le(std::uint64_t value, std::size_t bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8U) {
        text += static_cast<char>(value & 0xffU);
    }
    return text;
}

std::uint32_t crc32_of(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string deflated(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("deflate");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

std::string MadeZip::bytes() {
    std::string out = before;
    std::string directory;
    for (const MadeEntry& one : entries) {
        const std::string packed =
            one.data.value_or(one.deflate ? deflated(one.content) : one.content);
        const std::uint16_t method = one.method.value_or(one.deflate ? 8 : 0);
        const std::uint16_t flags =
            static_cast<std::uint16_t>(one.flags | (one.descriptor ? 0x0008U : 0U));
        const std::uint32_t crc = one.crc.value_or(crc32_of(one.content));
        const auto size = one.size.value_or(static_cast<std::uint32_t>(one.content.size()));
        const auto packed_size =
            one.packed_size.value_or(static_cast<std::uint32_t>(packed.size()));
        const std::uint64_t offset = one.offset.value_or(static_cast<std::uint32_t>(out.size()));
        const std::string local_name = one.local_name.value_or(one.name);
        out += "PK\x03\x04" + le(20, 2) + le(one.local_flags.value_or(flags), 2) +
               le(one.local_method.value_or(method), 2) + le(0, 4) +
               le(one.local_crc.value_or(one.descriptor ? 0 : crc), 4) +
               le(one.local_packed_size.value_or(one.descriptor ? 0 : packed_size), 4) +
               le(one.local_size.value_or(one.descriptor ? 0 : size), 4) +
               le(local_name.size(), 2) + le(one.local_extra.size(), 2) + local_name +
               one.local_extra + packed;
        if (one.descriptor) {
            out += one.descriptor_bytes.value_or("PK\x07\x08" + le(crc, 4) + le(packed_size, 4) +
                                                 le(size, 4));
        }
        out += one.behind;
        directory += "PK\x01\x02" + le(one.made_by, 2) + le(20, 2) + le(flags, 2) + le(method, 2) +
                     le(0, 4) + le(crc, 4) + le(packed_size, 4) + le(size, 4) +
                     le(one.name.size(), 2) + le(one.extra.size(), 2) + le(0, 2) +
                     le(one.disk.value_or(0), 2) + le(0, 2) + le(one.external, 4) + le(offset, 4) +
                     one.name + one.extra;
    }
    directory_at = out.size();
    directory_bytes = directory.size();
    const auto all = static_cast<std::uint16_t>(entries.size());
    out += directory + behind_directory + "PK\x05\x06" + le(disk.value_or(0), 2) +
           le(disk.value_or(0), 2) + le(disk_count.value_or(count.value_or(all)), 2) +
           le(count.value_or(all), 2) +
           le(directory_size.value_or(static_cast<std::uint32_t>(directory.size())), 4) +
           le(directory_offset.value_or(static_cast<std::uint32_t>(directory_at)), 4) +
           le(comment_size.value_or(static_cast<std::uint16_t>(comment.size())), 2) + comment +
           trailing;
    return out;
}

MadeZip container(std::vector<MadeEntry> entries) {
    MadeZip zip;
    MadeEntry mimetype("mimetype", "application/vnd.etsi.asic-e+zip");
    mimetype.deflate = false;
    zip.entries.push_back(mimetype);
    zip.entries.insert(zip.entries.end(), entries.begin(), entries.end());
    return zip;
}

Result<std::size_t> StringAccess::read_at(std::uint64_t offset, std::span<char> out) {
    if (offset >= bytes_.size()) {
        return std::size_t{0};
    }
    const std::size_t count = std::min({out.size(), piece_, bytes_.size() - offset});
    if (fails_from && offset + count > *fails_from) {
        return Failure(Errc::storage_failed, "read");
    }
    std::copy_n(bytes_.data() + offset, count, out.data());
    read_bytes += count;
    return count;
}

std::string refusal_of(const std::string& zip, const gateway::seal::AsicLimits& limits) {
    StringAccess source(zip);
    const auto told = [](const Failure& failure) {
        const auto name = gateway::seal::refusal_name(failure);
        return name.empty() ? failure.to_string() : std::string(name);
    };
    const auto reader = gateway::seal::AsicReader::open(source, limits);
    if (reader.has_error()) {
        return told(reader.error());
    }
    std::array<char, 5000> block{};
    for (const auto& entry : reader->entries()) {
        auto file = reader->extract(entry);
        for (;;) {
            const auto got = file.read(block);
            if (got.has_error()) {
                return told(got.error());
            }
            if (*got == 0) {
                break;
            }
        }
    }
    return {};
}

std::string refusal_of(MadeZip zip, const gateway::seal::AsicLimits& limits) {
    return refusal_of(zip.bytes(), limits);
}

std::string refusal_with(const EntryChange& change) {
    MadeEntry entry("letter.txt", "what the letter says, what the letter says");
    change(entry);
    return refusal_of(container({entry}));
}

}   // namespace tests
