// What stands before and behind each entry's data, held against the central directory.

#include "gateway/seal/refusal.hpp"
#include "gateway/seal/zip_directory.hpp"
#include "gateway/seal/zip_format.hpp"

#include <algorithm>
#include <optional>

namespace gateway::seal::zip {
namespace {

using core::Result;

// All that changes how the data are read, or the name.
constexpr std::uint16_t flags_compared = flag_encrypted | flag_descriptor | flag_patched |
                                         flag_strongly_encrypted | flag_utf8 | flag_masked;
constexpr std::size_t descriptor_bytes_max = 24;

core::Failure disagree(const char* what) {
    return refused(Refusal::zip_headers_disagree, what);
}

/// Sizes of a local header, in its ZIP64 field where it says so.
struct LocalSizes {
    std::uint64_t packed_size = 0;
    std::uint64_t size = 0;
};

std::optional<LocalSizes> local_sizes(std::string_view header, std::string_view extra) {
    LocalSizes sizes{u32(header, 18), u32(header, 22)};
    if (sizes.packed_size != elsewhere32 && sizes.size != elsewhere32) {
        return sizes;
    }
    while (extra.size() >= 4) {
        const std::string_view field = extra.substr(4, u16(extra, 2));
        if (u16(extra, 0) == extra_zip64) {
            // Both stand here, whichever of them needed it; the unpacked size first.
            if (field.size() < 16) {
                return std::nullopt;
            }
            return LocalSizes{u64(field, 8), u64(field, 0)};
        }
        extra.remove_prefix(std::min(extra.size(), 4 + field.size()));
    }
    return sizes;
}

bool is_told(std::uint64_t value, std::uint64_t expected, bool may_come_later) {
    return value == expected || (may_come_later && value == 0);
}

/// Reads the local header and says where the data lie. Not a byte is read past `next`, so all
/// headers together cost no more than the container's size.
Result<void> check_header(RandomAccess& source, DirectoryEntry& one, std::uint64_t next) {
    if (next - one.local_offset < local_bytes) {
        return refused(Refusal::zip_entries_overlap);
    }
    const auto fixed = read_exactly(source, one.local_offset, local_bytes);
    if (fixed.has_error()) {
        return fixed.error();
    }
    const std::string_view header = *fixed;
    if (u32(header, 0) != local_signature) {
        return disagree("no local header");
    }
    const std::size_t name_bytes = u16(header, 26);
    const std::size_t extra_bytes = u16(header, 28);
    if (name_bytes != one.entry.name.size()) {
        return disagree("names");
    }
    if (name_bytes + extra_bytes > next - one.local_offset - local_bytes) {
        return refused(Refusal::zip_entries_overlap);
    }
    const auto variable =
        read_exactly(source, one.local_offset + local_bytes, name_bytes + extra_bytes);
    if (variable.has_error()) {
        return variable.error();
    }
    if (std::string_view(*variable).substr(0, name_bytes) != one.entry.name) {
        return disagree("names");
    }
    if (((u16(header, 6) ^ one.flags) & flags_compared) != 0 || u16(header, 8) != one.method) {
        return disagree("flags or method");
    }
    const auto sizes = local_sizes(header, std::string_view(*variable).substr(name_bytes));
    const bool later = (one.flags & flag_descriptor) != 0;
    if (!sizes || !is_told(u32(header, 14), one.entry.checksum, later) ||
        !is_told(sizes->packed_size, one.entry.packed_size, later) ||
        !is_told(sizes->size, one.entry.size, later)) {
        return disagree("sizes or checksum");
    }
    one.local_extra = extra_bytes != 0;
    one.entry.data_offset = one.local_offset + local_bytes + name_bytes + extra_bytes;
    return {};
}

/// With or without its signature, of 32 or 64 bits: its length says which.
bool is_descriptor(std::string_view bytes, const AsicEntry& entry) {
    if (bytes.size() == 16 || bytes.size() == descriptor_bytes_max) {
        if (u32(bytes, 0) != descriptor_signature) {
            return false;
        }
        bytes.remove_prefix(4);
    }
    if (u32(bytes, 0) != entry.checksum) {
        return false;
    }
    if (bytes.size() == 12) {
        return u32(bytes, 4) == entry.packed_size && u32(bytes, 8) == entry.size;
    }
    return u64(bytes, 4) == entry.packed_size && u64(bytes, 12) == entry.size;
}

/// What lies from the data's end to the next entry or the directory: a descriptor or nothing.
Result<void> check_behind(RandomAccess& source, const DirectoryEntry& one, std::uint64_t next) {
    const std::uint64_t begin = one.entry.data_offset;
    if (one.entry.packed_size > next - begin) {
        return refused(Refusal::zip_entries_overlap);
    }
    const std::uint64_t end = begin + one.entry.packed_size;
    const std::uint64_t behind = next - end;
    if ((one.flags & flag_descriptor) == 0) {
        return behind == 0 ? Result<void>() : refused(Refusal::zip_hidden_bytes);
    }
    if (behind > descriptor_bytes_max) {
        return refused(Refusal::zip_hidden_bytes);
    }
    if (behind != 12 && behind != 16 && behind != 20 && behind != descriptor_bytes_max) {
        return disagree("no descriptor");
    }
    const auto bytes = read_exactly(source, end, static_cast<std::size_t>(behind));
    if (bytes.has_error()) {
        return bytes.error();
    }
    return is_descriptor(*bytes, one.entry) ? Result<void>() : disagree("descriptor");
}

}   // namespace

Result<void> check_local_headers(RandomAccess& source, const DirectoryPlace& place,
                                 std::vector<DirectoryEntry>& entries) {
    std::vector<DirectoryEntry*> in_order;
    for (auto& one : entries) {
        in_order.push_back(&one);
    }
    std::sort(in_order.begin(), in_order.end(),
              [](const auto* a, const auto* b) { return a->local_offset < b->local_offset; });
    const std::uint64_t first = in_order.empty() ? place.offset : in_order.front()->local_offset;
    if (first != 0) {
        return refused(Refusal::zip_hidden_bytes, "before the first entry");
    }
    if (!in_order.empty() && in_order.back()->local_offset >= place.offset) {
        return refused(Refusal::zip_truncated, "an entry that begins behind all entries");
    }
    for (std::size_t i = 0; i < in_order.size(); ++i) {
        DirectoryEntry& one = *in_order[i];
        const std::uint64_t next =
            i + 1 < in_order.size() ? in_order[i + 1]->local_offset : place.offset;
        auto checked = check_header(source, one, next);
        if (!checked.has_error()) {
            checked = check_behind(source, one, next);
        }
        if (checked.has_error()) {
            return checked.error();
        }
    }
    return {};
}

}   // namespace gateway::seal::zip
