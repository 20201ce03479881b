#include "gateway/seal/asic_writer.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/seal/refusal.hpp"
#include "gateway/seal/zip_format.hpp"
#include "gateway/seal/zip_names.hpp"
#include "gateway/seal/zip_packing.hpp"

#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <unordered_set>
#include <vector>

namespace gateway::seal {
namespace {

using core::Errc;
using core::Result;

// What deflate can add to bytes that do not compress is far below a thousandth.
constexpr std::uint64_t plain_bytes_max = 0xffffffffULL - 0xffffffffULL / 1000;

// For a small file packing takes as long as half a signature, and saves next to nothing.
constexpr std::uint64_t worth_compressing = 16 * 1024;

struct DosTime {
    std::uint16_t time = 0;
    std::uint16_t date = 0;
};

DosTime dos_time(core::Time at) {
    using namespace std::chrono;
    const sys_seconds first = sys_days(year(1980) / January / 1);
    const sys_seconds last = sys_days(year(2107) / December / 31) + hours(23);
    const sys_seconds when = std::clamp(floor<seconds>(at), first, last);
    const sys_days day = floor<days>(when);
    const year_month_day date(day);
    const hh_mm_ss clock(when - day);
    DosTime made;
    made.time = static_cast<std::uint16_t>(
        clock.hours().count() << 11 | clock.minutes().count() << 5 | clock.seconds().count() / 2);
    made.date =
        static_cast<std::uint16_t>((static_cast<int>(date.year()) - 1980) << 9 |
                                   static_cast<int>(static_cast<unsigned>(date.month()) << 5U |
                                                    static_cast<unsigned>(date.day())));
    return made;
}

struct Entry {
    std::string name;
    std::string comment;
    std::uint16_t version = zip::version_deflated;
    std::uint16_t flags = zip::flag_utf8;
    std::uint16_t method = zip::method_deflated;
    std::uint32_t checksum = 0;
    std::uint64_t packed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

/// The file being written.
struct OpenFile {
    PackedFile told;
    Entry entry;
    crypto::Sha256Stream digest;
    bool zip64 = false;
    bool compress = true;
};

std::uint32_t or_elsewhere(std::uint64_t value) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, zip::elsewhere32));
}

/// crc32() of zlib for any length.
std::uint32_t continue_checksum(std::uint32_t checksum, std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(checksum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Formats that are compressed themselves: once more costs time and gains nothing.
bool is_compressed(std::string_view type) {
    static constexpr std::string_view types[] = {
        "application/pdf",
        "application/zip",
        "application/gzip",
        "application/vnd.etsi.asic-e+zip",
        "application/octet-stream",   // DPI has ZIP files sent so
        "image/",
        "audio/",
        "video/",
        "application/vnd.openxmlformats-",
        "application/vnd.oasis.opendocument.",
    };
    return type != "image/svg+xml" && type != "image/bmp" && type != "image/tiff" &&
           std::any_of(std::begin(types), std::end(types),
                       [type](std::string_view known) { return type.starts_with(known); });
}

core::Failure misuse(const char* what) {
    return {Errc::invalid_argument, what};
}

}   // namespace

struct AsicWriter::Impl {
    explicit Impl(AsicOptions with) : options(with), time(dos_time(with.modified)) {}

    AsicOptions options;
    DosTime time;
    zip::Compressing compressing;
    zip::Storing storing;
    std::vector<Entry> entries;
    std::unordered_set<std::string> names;   // folded
    std::uint64_t at = 0;                    // bytes that went out
    bool finished = false;

    std::optional<OpenFile> open;

    std::string local_header(const Entry& entry, bool zip64) const {
        std::string header;
        const bool described = (entry.flags & zip::flag_descriptor) != 0;
        const std::uint32_t told_elsewhere = zip64 ? zip::elsewhere32 : 0;
        zip::append(header, zip::local_signature);
        zip::append(header, entry.version);
        zip::append(header, entry.flags);
        zip::append(header, entry.method);
        zip::append(header, time.time);
        zip::append(header, time.date);
        zip::append(header, described ? 0 : entry.checksum);
        zip::append(header, described ? told_elsewhere : or_elsewhere(entry.packed_size));
        zip::append(header, described ? told_elsewhere : or_elsewhere(entry.size));
        zip::append(header, static_cast<std::uint16_t>(entry.name.size()));
        zip::append(header, static_cast<std::uint16_t>(zip64 ? 20 : 0));
        header += entry.name;
        if (zip64) {
            zip::append(header, zip::extra_zip64);
            zip::append(header, std::uint16_t{16});
            header.append(16, '\0');   // the descriptor has them
        }
        return header;
    }

    std::string central_header(const Entry& entry) const {
        std::string extra;
        for (const std::uint64_t value : {entry.size, entry.packed_size, entry.offset}) {
            if (value >= zip::elsewhere32) {
                zip::append(extra, value);
            }
        }
        std::string header;
        zip::append(header, zip::central_signature);
        const std::uint16_t version = extra.empty() ? entry.version : zip::version_zip64;
        zip::append(header, static_cast<std::uint16_t>(zip::made_by_unix | version));
        zip::append(header, version);   // needed
        zip::append(header, entry.flags);
        zip::append(header, entry.method);
        zip::append(header, time.time);
        zip::append(header, time.date);
        zip::append(header, entry.checksum);
        zip::append(header, or_elsewhere(entry.packed_size));
        zip::append(header, or_elsewhere(entry.size));
        zip::append(header, static_cast<std::uint16_t>(entry.name.size()));
        zip::append(header, static_cast<std::uint16_t>(extra.empty() ? 0 : extra.size() + 4));
        zip::append(header, static_cast<std::uint16_t>(entry.comment.size()));
        zip::append(header, std::uint16_t{0});      // disk
        zip::append(header, std::uint16_t{0});      // internal attributes
        zip::append(header, zip::unix_file_mode);   // external attributes
        zip::append(header, or_elsewhere(entry.offset));
        header += entry.name;
        if (!extra.empty()) {
            zip::append(header, zip::extra_zip64);
            zip::append(header, static_cast<std::uint16_t>(extra.size()));
            header += extra;
        }
        header += entry.comment;
        return header;
    }

    std::string end_records(std::uint64_t directory_bytes) const {
        const std::uint64_t count = entries.size();
        std::string end;
        if (count >= zip::elsewhere16 || directory_bytes >= zip::elsewhere32 ||
            at >= zip::elsewhere32) {
            zip::append(end, zip::end64_signature);
            zip::append(end, std::uint64_t{zip::end64_bytes - 12});
            zip::append(end, static_cast<std::uint16_t>(zip::made_by_unix | zip::version_zip64));
            zip::append(end, zip::version_zip64);
            zip::append(end, std::uint32_t{0});   // disks
            zip::append(end, std::uint32_t{0});
            zip::append(end, count);
            zip::append(end, count);
            zip::append(end, directory_bytes);
            zip::append(end, at);
            zip::append(end, zip::end64_locator_signature);
            zip::append(end, std::uint32_t{0});
            zip::append(end, at + directory_bytes);
            zip::append(end, std::uint32_t{1});
        }
        const auto count16 =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(count, zip::elsewhere16));
        zip::append(end, zip::end_signature);
        zip::append(end, std::uint16_t{0});
        zip::append(end, std::uint16_t{0});
        zip::append(end, count16);
        zip::append(end, count16);
        zip::append(end, or_elsewhere(directory_bytes));
        zip::append(end, or_elsewhere(at));
        const std::string comment = options.comment ? mimetype_comment() : std::string();
        zip::append(end, static_cast<std::uint16_t>(comment.size()));
        return end + comment;
    }

    static std::string mimetype_comment() {
        return std::string(zip::mimetype_name) + "=" + std::string(zip::asic_e_media_type);
    }

    void put(std::string_view bytes, std::string& out) {
        out += bytes;
        at += bytes.size();
    }

    /// Before anything else, once.
    void put_mimetype(std::string& out) {
        if (!entries.empty() || !options.mimetype) {
            return;
        }
        Entry entry;
        entry.name = zip::mimetype_name;
        entry.comment = options.comment ? mimetype_comment() : std::string();
        entry.version = zip::version_stored;
        entry.method = zip::method_stored;
        entry.checksum = continue_checksum(0, zip::asic_e_media_type);
        entry.packed_size = entry.size = zip::asic_e_media_type.size();
        put(local_header(entry, false), out);
        put(zip::asic_e_media_type, out);
        names.insert(folded_name(entry.name));
        entries.push_back(std::move(entry));
    }

    void deflate_into(std::string_view bytes, bool last, std::string& out) {
        const std::uint64_t made =
            open->compress ? compressing.run(bytes, last, out) : storing.run(bytes, last, out);
        open->entry.packed_size += made;
        at += made;
    }

    std::string descriptor() const {
        std::string text;
        zip::append(text, zip::descriptor_signature);
        zip::append(text, open->entry.checksum);
        for (const std::uint64_t size : {open->entry.packed_size, open->entry.size}) {
            if (open->zip64) {
                zip::append(text, size);
            } else {
                zip::append(text, static_cast<std::uint32_t>(size));
            }
        }
        return text;
    }
};

FileToPack::FileToPack(std::string path, std::string type, std::uint64_t bytes)
    : name(std::move(path)),
      media_type(std::move(type)),
      size(bytes),
      compress(size >= worth_compressing && !is_compressed(media_type)) {}

AsicWriter::AsicWriter(AsicOptions options) : impl_(std::make_unique<Impl>(options)) {}
AsicWriter::AsicWriter(AsicWriter&&) noexcept = default;
AsicWriter& AsicWriter::operator=(AsicWriter&&) noexcept = default;
AsicWriter::~AsicWriter() = default;

core::Result<void> AsicWriter::begin_file(FileToPack file, std::string& out) {
    if (impl_->open || impl_->finished) {
        return misuse("a file is open, or the container is finished");
    }
    auto named = check_entry_name(file.name, name_bytes_max);
    if (named.has_error()) {
        return named.error();
    }
    if (file.name.ends_with('/')) {
        return refused(Refusal::zip_name_unsafe, "a file named as a folder");
    }
    impl_->put_mimetype(out);
    if (impl_->entries.size() == files_max) {
        return refused(Refusal::zip_entries_too_many);
    }
    if (!impl_->names.insert(folded_name(file.name)).second) {
        return refused(Refusal::zip_name_duplicate);
    }
    OpenFile& open = impl_->open.emplace();
    open.zip64 = file.size > plain_bytes_max;
    open.entry.name = file.name;
    open.entry.version = open.zip64 ? zip::version_zip64 : zip::version_deflated;
    open.entry.flags = zip::flag_utf8 | zip::flag_descriptor;
    open.entry.offset = impl_->at;
    open.told.name = std::move(file.name);
    open.told.media_type = std::move(file.media_type);
    open.told.size = file.size;
    open.compress = file.compress;
    if (open.compress) {
        impl_->compressing.begin();
    }
    impl_->put(impl_->local_header(open.entry, open.zip64), out);
    return {};
}

core::Result<void> AsicWriter::write(std::string_view bytes, std::string& out) {
    if (!impl_->open) {
        return misuse("no file is open");
    }
    OpenFile& open = *impl_->open;
    if (bytes.size() > open.told.size - open.entry.size) {
        return misuse("more bytes than the file has");
    }
    open.entry.size += bytes.size();
    open.entry.checksum = continue_checksum(open.entry.checksum, bytes);
    open.digest.update(bytes);
    impl_->deflate_into(bytes, false, out);
    return {};
}

core::Result<PackedFile> AsicWriter::end_file(std::string& out) {
    if (!impl_->open) {
        return misuse("no file is open");
    }
    OpenFile& open = *impl_->open;
    if (open.entry.size != open.told.size) {
        return misuse("fewer bytes than the file has");
    }
    impl_->deflate_into({}, true, out);
    impl_->put(impl_->descriptor(), out);
    PackedFile told = std::move(open.told);
    told.sha256 = open.digest.finish();
    impl_->entries.push_back(std::move(open.entry));
    impl_->open.reset();
    return told;
}

core::Result<void> AsicWriter::finish(std::string& out) {
    if (impl_->open || impl_->finished) {
        return misuse("a file is open, or the container is finished");
    }
    impl_->put_mimetype(out);
    std::string directory;
    for (const Entry& entry : impl_->entries) {
        directory += impl_->central_header(entry);
    }
    out += directory;
    out += impl_->end_records(directory.size());
    impl_->finished = true;
    return {};
}

}   // namespace gateway::seal
