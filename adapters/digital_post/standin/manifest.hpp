#pragma once

// manifest.xml: which files a package holds and for whom. Facts: wire notes 2.5.

#include "gateway/core/failure.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::digital_post::standin {

struct ManifestDocument {
    std::string href;
    std::string mime;
    std::string title;
    std::string language;
    std::string data_href;   // an extension's file; empty for most
    std::string data_mime;
};

struct Manifest {
    std::string avsender;   // organisation number
    std::string sender_unit;
    std::optional<std::string> mailbox;
    std::vector<ManifestDocument> documents;   // the main document first
};

/// Against schemas/manifest.xsd, and taken apart. `malformed` with words for the sender otherwise.
core::Result<Manifest> read_manifest(std::string_view text);

/// The types of files that operators take.
bool is_allowed_mime(std::string_view mime);
bool is_allowed_extension_mime(std::string_view mime);

}   // namespace gateway::digital_post::standin
