#pragma once

// An ASiC-E container (ETSI EN 319 162-1; a ZIP) written as a stream, as the official DPI samples
// are: `mimetype` first, stored, its value at byte 38; all other files deflated, sizes in
// descriptors, names in UTF-8. ZIP64 where sizes, count or places ask for it.

#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"
#include "gateway/seal/signed_file.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::seal {

struct AsicOptions {
    core::Time modified{};   // of every file, written as UTC in steps of two seconds from 1980 on
    bool comment = false;    // "mimetype=..." on container and first entry, as Java's writer does
    bool mimetype = true;    // false: an ordinary ZIP, which says nothing of what it is

    AsicOptions() = default;
};

struct FileToPack {
    std::string name;
    std::string media_type;   // for the signature; it is not written into the container
    std::uint64_t size = 0;   // exactly as many bytes follow
    bool compress = true;     // false: in deflate's stored blocks, a tenth of the time

    FileToPack() = default;
    /// Compressed unless it is small, or the type says that it is already.
    FileToPack(std::string path, std::string type, std::uint64_t bytes);
};

/// What a signature says of a file, and its size.
struct PackedFile : FileToSign {
    std::uint64_t size = 0;
};

/// One thread at a time; each call appends to the caller's `out`. After a failure of write(),
/// end_file() or finish() the container is of no use.
class AsicWriter {
public:
    static constexpr std::size_t files_max = 100'000;
    static constexpr std::size_t name_bytes_max = 512;

    explicit AsicWriter(AsicOptions options);
    AsicWriter(AsicWriter&&) noexcept;
    AsicWriter& operator=(AsicWriter&&) noexcept;
    ~AsicWriter();

    /// `seal.zip_name_unsafe`, `seal.zip_name_not_text`, `seal.zip_name_duplicate`,
    /// `seal.zip_entries_too_many`; `invalid_argument` while a file is open.
    core::Result<void> begin_file(FileToPack file, std::string& out);
    /// `invalid_argument` past the file's size.
    core::Result<void> write(std::string_view bytes, std::string& out);
    /// `invalid_argument` before the file's size is reached.
    core::Result<PackedFile> end_file(std::string& out);
    /// The directory; nothing may be called after. `invalid_argument` while a file is open.
    core::Result<void> finish(std::string& out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::seal
