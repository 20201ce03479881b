// Finding the central directory from the end of the container.

#include "gateway/seal/refusal.hpp"
#include "gateway/seal/zip_directory.hpp"
#include "gateway/seal/zip_format.hpp"

#include <algorithm>
#include <optional>

namespace gateway::seal::zip {
namespace {

using core::Result;

constexpr std::size_t comment_bytes_max = 0xffff;

struct End {
    std::uint64_t offset = 0;
    std::string_view record;
};

/// The one end record whose comment reaches exactly to the container's end.
Result<std::uint64_t> find_end(std::string_view tail) {
    bool seen = false;
    std::optional<std::uint64_t> found;
    for (std::size_t at = 0; at + end_bytes <= tail.size(); ++at) {
        if (tail[at] != 'P' || u32(tail, at) != end_signature) {
            continue;
        }
        seen = true;
        if (at + end_bytes + u16(tail, at + 20) == tail.size()) {
            if (found) {
                return refused(Refusal::zip_record_malformed, "two end records");
            }
            found = at;
        }
    }
    if (!found) {
        return refused(seen ? Refusal::zip_trailing_bytes : Refusal::zip_not_a_zip);
    }
    return *found;
}

/// A field of the end record, or its longer sister; they must not disagree.
bool agrees(std::uint64_t field, std::uint64_t elsewhere, std::uint64_t value) {
    return field == elsewhere || field == value;
}

/// The ZIP64 end record that a locator at `locator_offset` names.
Result<DirectoryPlace> read_end64(RandomAccess& source, std::string_view locator,
                                  std::uint64_t locator_offset, std::string_view end) {
    if (u32(locator, 4) != 0 || u32(locator, 16) > 1) {
        return refused(Refusal::zip_multi_disk);
    }
    const std::uint64_t offset = u64(locator, 8);
    if (locator_offset < end64_bytes || offset != locator_offset - end64_bytes) {
        return refused(Refusal::zip_record_malformed, "the ZIP64 end record's place");
    }
    const auto record = read_exactly(source, offset, end64_bytes);
    if (record.has_error()) {
        return record.error();
    }
    const std::string_view end64 = *record;
    if (u32(end64, 0) != end64_signature || u64(end64, 4) != end64_bytes - 12) {
        return refused(Refusal::zip_record_malformed, "the ZIP64 end record");
    }
    if (u32(end64, 16) != 0 || u32(end64, 20) != 0 || u64(end64, 24) != u64(end64, 32)) {
        return refused(Refusal::zip_multi_disk);
    }
    const DirectoryPlace place{u64(end64, 32), u64(end64, 48), u64(end64, 40)};
    if (!agrees(u16(end, 10), elsewhere16, place.count) ||
        !agrees(u32(end, 12), elsewhere32, place.size) ||
        !agrees(u32(end, 16), elsewhere32, place.offset)) {
        return refused(Refusal::zip_headers_disagree, "the two end records");
    }
    return place;
}

}   // namespace

Result<std::string> read_exactly(RandomAccess& source, std::uint64_t offset, std::size_t size) {
    const std::uint64_t end = source.size();
    if (offset > end || size > end - offset) {
        return refused(Refusal::zip_truncated);
    }
    std::string bytes(size, '\0');
    for (std::size_t got = 0; got < size;) {
        const auto read = source.read_at(offset + got, std::span(bytes).subspan(got));
        if (read.has_error()) {
            return read.error();
        }
        if (*read == 0) {
            return refused(Refusal::zip_truncated);
        }
        got += *read;
    }
    return bytes;
}

Result<DirectoryPlace> find_directory(RandomAccess& source) {
    const std::uint64_t size = source.size();
    const std::uint64_t tail_bytes = std::min<std::uint64_t>(size, end_bytes + comment_bytes_max);
    const auto tail = read_exactly(source, size - tail_bytes, tail_bytes);
    if (tail.has_error()) {
        return tail.error();
    }
    const auto found = find_end(*tail);
    if (found.has_error()) {
        return found.error();
    }
    const std::string_view end = std::string_view(*tail).substr(*found, end_bytes);
    std::uint64_t records_begin = size - tail_bytes + *found;
    if (u16(end, 4) != 0 && u16(end, 4) != elsewhere16) {
        return refused(Refusal::zip_multi_disk);
    }
    if (u16(end, 6) != u16(end, 4) || u16(end, 8) != u16(end, 10)) {
        return refused(Refusal::zip_multi_disk);
    }
    DirectoryPlace place{u16(end, 10), u32(end, 16), u32(end, 12)};
    std::string locator;
    if (records_begin >= end64_locator_bytes) {
        auto read = read_exactly(source, records_begin - end64_locator_bytes, end64_locator_bytes);
        if (read.has_error()) {
            return read.error();
        }
        locator = std::move(*read);
    }
    if (!locator.empty() && u32(locator, 0) == end64_locator_signature) {
        const auto place64 = read_end64(source, locator, records_begin - end64_locator_bytes, end);
        if (place64.has_error()) {
            return place64.error();
        }
        place = *place64;
        records_begin -= end64_locator_bytes + end64_bytes;
    } else if (u16(end, 4) == elsewhere16) {
        return refused(Refusal::zip_multi_disk);
    }
    if (place.offset > records_begin || place.size > records_begin - place.offset) {
        return refused(Refusal::zip_truncated, "the directory");
    }
    if (place.offset + place.size != records_begin) {
        return refused(Refusal::zip_hidden_bytes, "behind the directory");
    }
    return place;
}

}   // namespace gateway::seal::zip
