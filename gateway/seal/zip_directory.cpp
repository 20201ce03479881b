#include "gateway/seal/zip_directory.hpp"

#include "gateway/seal/refusal.hpp"
#include "gateway/seal/zip_format.hpp"
#include "gateway/seal/zip_names.hpp"

#include <optional>
#include <unordered_set>

namespace gateway::seal::zip {
namespace {

using core::Result;

constexpr std::uint32_t unix_type_mask = 0170000;
constexpr std::uint32_t unix_file = 0100000;
constexpr std::uint32_t unix_folder = 0040000;
constexpr std::uint32_t dos_folder = 0x10;
constexpr std::uint32_t dos_volume_label = 0x08;

std::string at_entry(std::size_t index) {
    return "entry " + std::to_string(index + 1);
}

/// Extra fields of the central directory that we look at.
struct Extra {
    std::optional<std::string_view> zip64;
    std::optional<std::string_view> unicode_path;
};

std::optional<Extra> parse_extra(std::string_view bytes) {
    Extra extra;
    while (!bytes.empty()) {
        if (bytes.size() < 4 || u16(bytes, 2) > bytes.size() - 4) {
            return std::nullopt;
        }
        const std::string_view field = bytes.substr(4, u16(bytes, 2));
        auto* const wanted = u16(bytes, 0) == extra_zip64          ? &extra.zip64
                             : u16(bytes, 0) == extra_unicode_path ? &extra.unicode_path
                                                                   : nullptr;
        if (wanted != nullptr) {
            if (*wanted) {
                return std::nullopt;
            }
            *wanted = field;
        }
        bytes.remove_prefix(4 + field.size());
    }
    return extra;
}

/// Takes the values that the record keeps in its ZIP64 field, in their fixed order.
bool take_zip64(std::uint64_t& value, std::string_view& field) {
    if (value != elsewhere32) {
        return true;
    }
    if (field.size() < 8) {
        return false;
    }
    value = u64(field, 0);
    field.remove_prefix(8);
    return true;
}

bool is_special(const AsicEntry& entry, std::uint32_t attributes) {
    const std::uint32_t type = attributes >> 16U & unix_type_mask;
    const bool folder = entry.is_folder();
    if ((attributes & dos_volume_label) != 0 || (!folder && (attributes & dos_folder) != 0)) {
        return true;
    }
    return type != 0 && type != (folder ? unix_folder : unix_file);
}

Result<void> judge_method(const DirectoryEntry& one) {
    constexpr std::uint16_t encrypted = flag_encrypted | flag_strongly_encrypted | flag_masked;
    if ((one.flags & encrypted) != 0) {
        return refused(Refusal::zip_entry_encrypted);
    }
    if ((one.flags & flag_patched) != 0 ||
        (one.method != method_stored && one.method != method_deflated)) {
        return refused(Refusal::zip_method_unsupported, "method " + std::to_string(one.method));
    }
    if (one.method == method_stored && one.entry.size != one.entry.packed_size) {
        return refused(Refusal::zip_headers_disagree, "stored, but of two sizes");
    }
    if (one.entry.is_folder() && one.entry.size != 0) {
        return refused(Refusal::zip_entry_special, "a folder with content");
    }
    return {};
}

/// Sizes so far, and the names.
class Judge {
public:
    explicit Judge(const AsicLimits& limits) : limits_(limits) {}

    Result<void> take(const AsicEntry& entry) {
        if (entry.size > limits_.entry_bytes_max || entry.packed_size > limits_.entry_bytes_max) {
            return refused(Refusal::zip_entry_too_large);
        }
        if (entry.size > limits_.total_bytes_max - size_) {
            return refused(Refusal::zip_total_too_large);
        }
        size_ += entry.size;
        packed_size_ += entry.packed_size;
        if (is_too_dense(entry.size, entry.packed_size) || is_too_dense(size_, packed_size_)) {
            return refused(Refusal::zip_ratio_too_high);
        }
        const auto named = check_entry_name(entry.name, limits_.name_bytes_max);
        if (named.has_error()) {
            return named.error();
        }
        if (!names_.insert(folded_name(entry.name)).second) {
            return refused(Refusal::zip_name_duplicate);
        }
        return {};
    }

private:
    bool is_too_dense(std::uint64_t size, std::uint64_t packed_size) const {
        return size > limits_.ratio_free_bytes && size / limits_.ratio_max > packed_size;
    }

    const AsicLimits& limits_;
    std::uint64_t size_ = 0;
    std::uint64_t packed_size_ = 0;
    std::unordered_set<std::string> names_;
};

/// Takes one record off the front of `directory`.
Result<DirectoryEntry> take_record(std::string_view& directory) {
    if (directory.size() < central_bytes || u32(directory, 0) != central_signature) {
        return refused(Refusal::zip_record_malformed);
    }
    const std::string_view record = directory.substr(0, central_bytes);
    const std::size_t name_bytes = u16(record, 28);
    const std::size_t extra_bytes = u16(record, 30);
    const std::size_t comment_bytes = u16(record, 32);
    directory.remove_prefix(central_bytes);
    if (name_bytes + extra_bytes + comment_bytes > directory.size()) {
        return refused(Refusal::zip_record_malformed);
    }
    const auto extra = parse_extra(directory.substr(name_bytes, extra_bytes));
    if (!extra) {
        return refused(Refusal::zip_record_malformed, "an extra field");
    }
    DirectoryEntry one;
    one.flags = u16(record, 8);
    one.method = u16(record, 10);
    one.entry.name = directory.substr(0, name_bytes);
    one.entry.checksum = u32(record, 16);
    one.entry.packed_size = u32(record, 20);
    one.entry.size = u32(record, 24);
    one.entry.deflated = one.method == method_deflated;
    one.local_offset = u32(record, 42);
    directory.remove_prefix(name_bytes + extra_bytes + comment_bytes);
    if (extra->zip64) {
        std::string_view field = *extra->zip64;
        if (!take_zip64(one.entry.size, field) || !take_zip64(one.entry.packed_size, field) ||
            !take_zip64(one.local_offset, field)) {
            return refused(Refusal::zip_record_malformed, "a ZIP64 field");
        }
    }
    const std::uint16_t disk = u16(record, 34);
    if (disk != 0 && !(disk == elsewhere16 && extra->zip64)) {
        return refused(Refusal::zip_multi_disk);
    }
    // Another name for the same entry, after version and checksum: some programs would take it.
    if (extra->unicode_path &&
        (extra->unicode_path->size() < 5 || extra->unicode_path->substr(5) != one.entry.name)) {
        return refused(Refusal::zip_headers_disagree, "two names");
    }
    if (is_special(one.entry, u32(record, 38))) {
        return refused(Refusal::zip_entry_special);
    }
    return one;
}

}   // namespace

Result<std::vector<DirectoryEntry>>
read_directory(RandomAccess& source, const DirectoryPlace& place, const AsicLimits& limits) {
    if (place.count > limits.entries_max) {
        return refused(Refusal::zip_entries_too_many,
                       "more than " + std::to_string(limits.entries_max));
    }
    if (place.size > limits.directory_bytes_max) {
        return refused(Refusal::zip_directory_too_large);
    }
    const auto bytes = read_exactly(source, place.offset, static_cast<std::size_t>(place.size));
    if (bytes.has_error()) {
        return bytes.error();
    }
    std::vector<DirectoryEntry> entries;
    Judge judge(limits);
    std::string_view rest = *bytes;
    for (std::size_t i = 0; i < place.count; ++i) {
        auto one = take_record(rest);
        auto judged = one.has_error() ? Result<void>(one.error()) : judge_method(*one);
        if (!judged.has_error()) {
            judged = judge.take(one->entry);
        }
        if (judged.has_error()) {
            core::Failure why = judged.error();
            why.detail = at_entry(i) + (why.detail.empty() ? "" : ": " + why.detail);
            return why;
        }
        entries.push_back(std::move(*one));
    }
    if (!rest.empty()) {
        return refused(Refusal::zip_record_malformed, "more records than the end record says");
    }
    return entries;
}

}   // namespace gateway::seal::zip
