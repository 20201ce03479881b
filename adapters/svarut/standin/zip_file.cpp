#include "adapters/svarut/standin/zip_file.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace gateway::svarut::standin {
namespace {

constexpr std::size_t block_bytes = 64U << 10U;
constexpr std::uint16_t deflated = 8;
constexpr std::uint16_t names_are_utf8 = 1U << 11U;

template <class Number>
void append(std::string& out, Number value) {
    for (std::size_t i = 0; i < sizeof value; ++i) {
        out += static_cast<char>(value >> (8 * i) & 0xffU);
    }
}

}   // namespace

ZipFile::ZipFile(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) {
        throw std::runtime_error("cannot create " + path);
    }
}

void ZipFile::put(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
        throw std::runtime_error("cannot write a ZIP");
    }
    at_ += static_cast<std::uint32_t>(bytes.size());
}

/// What local header and directory have in common: flags to sizes.
std::string ZipFile::fields(const Entry& entry) const {
    std::string out;
    append<std::uint16_t>(out, 20);
    append<std::uint16_t>(out, names_are_utf8);
    append<std::uint16_t>(out, entry.method);
    append<std::uint32_t>(out, 0x00210000);   // 1 January 1980
    append<std::uint32_t>(out, entry.checksum);
    append<std::uint32_t>(out, entry.packed);
    append<std::uint32_t>(out, entry.size);
    append<std::uint16_t>(out, static_cast<std::uint16_t>(entry.name.size()));
    append<std::uint16_t>(out, 0);
    return out;
}

void ZipFile::local(const Entry& entry) {
    std::string head;
    append<std::uint32_t>(head, 0x04034b50);
    put(head + fields(entry) + entry.name);
}

void ZipFile::add(const std::string& name, const std::string& path) {
    std::unique_ptr<std::FILE, Close> from(std::fopen(path.c_str(), "rb"));
    if (!from) {
        throw std::runtime_error("cannot open " + path);
    }
    Entry entry;
    entry.name = name;
    entry.offset = at_;
    std::string block(block_bytes, '\0');
    uLong checksum = crc32(0, nullptr, 0);
    for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), from.get())) > 0;
         entry.size += static_cast<std::uint32_t>(count)) {
        checksum =
            crc32(checksum, reinterpret_cast<const Bytef*>(block.data()), static_cast<uInt>(count));
    }
    entry.checksum = static_cast<std::uint32_t>(checksum);
    entry.packed = entry.size;
    local(entry);
    std::rewind(from.get());
    for (std::size_t count = 0;
         (count = std::fread(block.data(), 1, block.size(), from.get())) > 0;) {
        put(block.substr(0, count));
    }
    entries_.push_back(std::move(entry));
}

void ZipFile::add_zeros(const std::string& name, std::uint64_t bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib refuses");
    }
    Entry entry;
    entry.name = name;
    entry.offset = at_;
    entry.method = deflated;
    std::string zeros(block_bytes, '\0');
    std::string packed;
    std::string out(block_bytes, '\0');
    uLong checksum = crc32(0, nullptr, 0);
    for (std::uint64_t left = bytes; left > 0;) {
        const auto count = static_cast<uInt>(std::min<std::uint64_t>(left, zeros.size()));
        left -= count;
        checksum = crc32(checksum, reinterpret_cast<const Bytef*>(zeros.data()), count);
        stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
        stream.avail_in = count;
        do {
            stream.next_out = reinterpret_cast<Bytef*>(out.data());
            stream.avail_out = static_cast<uInt>(out.size());
            deflate(&stream, left == 0 ? Z_FINISH : Z_NO_FLUSH);
            packed.append(out, 0, out.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    entry.checksum = static_cast<std::uint32_t>(checksum);
    entry.size = static_cast<std::uint32_t>(bytes);
    entry.packed = static_cast<std::uint32_t>(packed.size());
    local(entry);
    put(packed);
    entries_.push_back(std::move(entry));
}

void ZipFile::finish() {
    const std::uint32_t begin = at_;
    for (const auto& entry : entries_) {
        std::string record;
        append<std::uint32_t>(record, 0x02014b50);
        append<std::uint16_t>(record, 20);
        record += fields(entry);
        append<std::uint16_t>(record, 0);   // comment
        append<std::uint16_t>(record, 0);   // disk
        append<std::uint16_t>(record, 0);   // internal attributes
        append<std::uint32_t>(record, 0);   // external attributes
        append<std::uint32_t>(record, entry.offset);
        put(record + entry.name);
    }
    const std::uint32_t size = at_ - begin;
    std::string end;
    append<std::uint32_t>(end, 0x06054b50);
    append<std::uint32_t>(end, 0);
    append<std::uint16_t>(end, static_cast<std::uint16_t>(entries_.size()));
    append<std::uint16_t>(end, static_cast<std::uint16_t>(entries_.size()));
    append<std::uint32_t>(end, size);
    append<std::uint32_t>(end, begin);
    append<std::uint16_t>(end, 0);
    put(end);
    if (std::fflush(file_.get()) != 0) {
        throw std::runtime_error("cannot write a ZIP");
    }
}

}   // namespace gateway::svarut::standin
