#pragma once

// manifest.json of an evidence package: what the signature covers, and through it all the rest.

#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::evidence {

inline constexpr std::string_view format_name = "sluse-evidence-v1";

inline constexpr std::string_view manifest_name = "manifest.json";
inline constexpr std::string_view signature_name = "manifest.sig";
inline constexpr std::string_view read_me_name = "LES-MEG.txt";
inline constexpr std::string_view public_key_name = "public-key.pem";
inline constexpr std::string_view message_name = "message.json";
inline constexpr std::string_view timeline_name = "timeline.json";
inline constexpr std::string_view attempts_name = "attempts.json";
inline constexpr std::string_view receipts_name = "receipts.json";
inline constexpr std::string_view result_name = "result.json";
inline constexpr std::string_view documents_folder = "documents/";

/// Events of one message in a package; a longer timeline says that it goes on.
inline constexpr std::size_t events_max = 20'000;
/// A line of the timeline is a few hundred bytes, and can hold what a component replied.
inline constexpr std::size_t text_bytes_max = 64U << 20U;
inline constexpr std::size_t manifest_bytes_max = 4U << 20U;

struct PackageFile {
    std::string name;
    std::string media_type;
    std::string sha256;   // 64 hexadecimal digits
    std::uint64_t size = 0;

    PackageFile() = default;
};

/// A document of the message, in the package or not.
struct DocumentLine {
    std::string sha256;
    std::uint64_t size = 0;
    std::string file;   // its name in the package; empty: only its digest is told

    DocumentLine() = default;
};

struct Manifest {
    std::string gateway;   // version that made it
    std::string message;
    std::string tenant;   // organisation number
    core::Time made_at{};
    std::string made_by;   // role
    std::string purpose;
    std::string trace;   // of the call: stands in the audit too
    bool with_documents = false;
    bool content_readable = true;   // false: erased, or its key is not at hand
    bool timeline_whole = true;     // false: it has more than events_max lines
    std::uint64_t events = 0;
    std::string public_key;   // base64url of 32 bytes
    std::vector<DocumentLine> documents;
    std::vector<PackageFile> files;   // in the package's order, behind manifest and signature

    Manifest() = default;
};

std::string write_manifest(const Manifest& manifest);
/// `malformed`: not a manifest of this format.
core::Result<Manifest> read_manifest(std::string_view text);

}   // namespace gateway::evidence
