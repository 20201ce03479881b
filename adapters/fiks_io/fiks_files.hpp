#pragma once

// The files of a message, on their way out.

#include "gateway/core/delivery.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::fiks_io {

/// A file of a package: a document of the store, or a small text of our own making.
struct PackageFile {
    std::string name;
    std::string media_type;
    std::optional<core::DocumentRef> document;
    std::string text;   // without a document

    PackageFile() = default;
    PackageFile(std::string what, std::string type, core::DocumentRef from)
        : name(std::move(what)), media_type(std::move(type)), document(std::move(from)) {}
    PackageFile(std::string what, std::string type, std::string bytes)
        : name(std::move(what)), media_type(std::move(type)), text(std::move(bytes)) {}
    std::uint64_t size() const { return document ? document->size : text.size(); }
};

/// Empty: a message without payload.
using Files = std::vector<PackageFile>;

}   // namespace gateway::fiks_io
