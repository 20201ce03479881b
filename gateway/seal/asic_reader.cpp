#include "gateway/seal/asic_reader.hpp"

#include "gateway/seal/refusal.hpp"
#include "gateway/seal/zip_directory.hpp"
#include "gateway/seal/zip_format.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

namespace gateway::seal {
namespace {

using core::Result;

constexpr std::size_t piece_bytes = 32 * 1024;

}   // namespace

struct EntryReader::Impl {
    Impl(RandomAccess& from, AsicEntry what) : source(from), entry(std::move(what)) {}
    ~Impl() {
        if (inflating) {
            inflateEnd(&stream);
        }
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    RandomAccess& source;
    AsicEntry entry;
    std::uint64_t taken = 0;   // packed bytes read
    std::uint64_t given = 0;   // bytes handed out
    std::uint32_t checksum = 0;
    std::optional<core::Failure> failed;
    bool ended = false;
    bool inflating = false;
    z_stream stream{};
    std::array<char, piece_bytes> packed{};

    /// The next packed bytes, at most `out.size()`; 0 when all were read.
    Result<std::size_t> take(std::span<char> out) {
        const auto wanted = static_cast<std::size_t>(
            std::min<std::uint64_t>(out.size(), entry.packed_size - taken));
        if (wanted == 0) {
            return std::size_t{0};
        }
        const auto got = source.read_at(entry.data_offset + taken, out.first(wanted));
        if (got.has_error()) {
            return got.error();
        }
        if (*got == 0) {
            return refused(Refusal::zip_truncated);
        }
        taken += *got;
        return *got;
    }

    Result<std::size_t> next(std::span<char> out) {
        auto got = entry.deflated ? inflate_into(out) : take(out);
        if (got.has_error()) {
            return got;
        }
        given += *got;
        checksum = static_cast<std::uint32_t>(
            crc32_z(checksum, reinterpret_cast<const Bytef*>(out.data()), *got));
        if (*got != 0) {
            return got;
        }
        if (given != entry.size) {
            return refused(Refusal::zip_size_wrong);
        }
        if (checksum != entry.checksum) {
            return refused(Refusal::zip_checksum_wrong);
        }
        ended = true;
        return got;
    }

    Result<std::size_t> inflate_into(std::span<char> out) {
        if (!inflating) {
            if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
                return core::Failure(core::Errc::internal, "inflate does not start");
            }
            inflating = true;
        }
        if (at_stream_end) {
            return std::size_t{0};
        }
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30U));
        const uInt room = stream.avail_out;
        while (stream.avail_out == room) {
            if (stream.avail_in == 0) {
                const auto got = take(packed);
                if (got.has_error()) {
                    return got.error();
                }
                stream.next_in = reinterpret_cast<Bytef*>(packed.data());
                stream.avail_in = static_cast<uInt>(*got);
            }
            const int done = inflate(&stream, Z_NO_FLUSH);
            if (done == Z_STREAM_END) {
                at_stream_end = true;
                if (stream.avail_in != 0 || taken != entry.packed_size) {
                    return refused(Refusal::zip_data_malformed, "bytes behind the end");
                }
                break;
            }
            // Z_BUF_ERROR: nothing more to take, and the stream is not at its end.
            if (done != Z_OK) {
                return refused(Refusal::zip_data_malformed);
            }
        }
        const std::size_t made = room - stream.avail_out;
        if (made > entry.size - given) {
            return refused(Refusal::zip_size_wrong);
        }
        return made;
    }
    bool at_stream_end = false;
};

EntryReader::EntryReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EntryReader::EntryReader(EntryReader&&) noexcept = default;
EntryReader& EntryReader::operator=(EntryReader&&) noexcept = default;
EntryReader::~EntryReader() = default;

Result<std::size_t> EntryReader::read(std::span<char> out) {
    if (impl_->failed) {
        return *impl_->failed;
    }
    if (impl_->ended || out.empty()) {
        return std::size_t{0};
    }
    auto got = impl_->next(out);
    if (got.has_error()) {
        impl_->failed = got.error();
    }
    return got;
}

AsicReader::AsicReader(RandomAccess& source, std::vector<AsicEntry> entries)
    : source_(&source), entries_(std::move(entries)) {}

Result<AsicReader> AsicReader::open(RandomAccess& source, const AsicLimits& limits) {
    const auto place = zip::find_directory(source);
    if (place.has_error()) {
        return place.error();
    }
    auto directory = zip::read_directory(source, *place, limits);
    if (directory.has_error()) {
        return directory.error();
    }
    const auto checked = zip::check_local_headers(source, *place, *directory);
    if (checked.has_error()) {
        return checked.error();
    }
    std::vector<AsicEntry> entries;
    bool mimetype_first = false;
    bool mimetype_extra = false;
    for (auto& one : *directory) {
        if (one.entry.name == zip::mimetype_name) {
            mimetype_first = one.local_offset == 0;
            mimetype_extra = one.local_extra;
        }
        entries.push_back(std::move(one.entry));
    }
    AsicReader reader(source, std::move(entries));
    const auto looked = reader.look_at_mimetype(mimetype_first, mimetype_extra);
    if (looked.has_error()) {
        return looked.error();
    }
    return reader;
}

Result<void> AsicReader::look_at_mimetype(bool first, bool extra_field) {
    const AsicEntry* entry = find(zip::mimetype_name);
    if (entry == nullptr) {
        remarks_.emplace_back("seal.mimetype_missing");
        return {};
    }
    if (!first) {
        remarks_.emplace_back("seal.mimetype_not_first");
    }
    if (extra_field) {
        remarks_.emplace_back("seal.mimetype_extra_field");
    }
    if (entry->deflated) {
        remarks_.emplace_back("seal.mimetype_compressed");
    }
    constexpr std::size_t looked_at_max = 256;
    if (entry->size > looked_at_max) {
        remarks_.emplace_back("seal.mimetype_other");
        return {};
    }
    const auto value = read_all(*entry, looked_at_max);
    if (value.has_error()) {
        return value.error();
    }
    if (*value != zip::asic_e_media_type) {
        remarks_.emplace_back("seal.mimetype_other");
    }
    return {};
}

const AsicEntry* AsicReader::find(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [name](const AsicEntry& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

EntryReader AsicReader::extract(const AsicEntry& entry) const {
    return EntryReader(std::make_unique<EntryReader::Impl>(*source_, entry));
}

Result<std::string> AsicReader::read_all(const AsicEntry& entry, std::size_t bytes_max) const {
    if (entry.size > bytes_max) {
        return core::Failure(core::Errc::too_large, "a file of the container");
    }
    // One byte more: the last read is the one that finds the end.
    std::string bytes(static_cast<std::size_t>(entry.size) + 1, '\0');
    EntryReader reader = extract(entry);
    std::size_t size = 0;
    for (;;) {
        const auto got = reader.read(std::span(bytes).subspan(size));
        if (got.has_error()) {
            return got.error();
        }
        if (*got == 0) {
            break;
        }
        size += *got;
    }
    bytes.resize(size);
    return bytes;
}

}   // namespace gateway::seal
