#pragma once

// META-INF/ASiCManifest.xml of an ASiC-E container with CAdES: the digests of all files, which the
// CMS signature covers. Written as KS's Java client writes it; read as liberally as KS's own
// clients write (two misspelt namespaces, an older version, a digest URI that never was). Pure; any
// thread.

#include "gateway/core/failure.hpp"
#include "gateway/seal/finding.hpp"
#include "gateway/seal/signed_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

inline constexpr std::string_view cades_manifest_name = "META-INF/ASiCManifest.xml";

/// The first file is marked as the root one. `invalid_argument`: no file or more than 2000, a name
/// that stands twice or is no XML text, a signature that is not META-INF/....p7s.
core::Result<std::string> write_cades_manifest(const std::vector<FileToSign>& files,
                                               std::string_view signature_name);

struct CadesReference {
    std::string uri;
    std::string digest;   // 32 bytes, SHA-256
};

struct CadesManifest {
    std::string signature_uri;   // empty: not said, META-INF/signature.p7s is meant
    std::vector<CadesReference> files;
    bool dialect = false;   // another namespace or digest URI than the standard's
};

/// `seal.xml_unsafe`, `seal.xml_malformed`, `seal.manifest_malformed` {part},
/// `seal.signature_algorithm` {part} for another digest than SHA-256.
Judged<CadesManifest> read_cades_manifest(std::string_view bytes);

/// Which entries of a container are manifest and signature; names differ in case between clients.
struct CadesEntries {
    std::string manifest;
    std::string signature;
};

/// `seal.manifest_missing`, `seal.signature_missing`, `seal.signatures_several` {count} when there
/// is more than one of either.
Judged<CadesEntries> find_cades_entries(const std::vector<std::string>& names);

}   // namespace gateway::seal
