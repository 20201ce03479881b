#pragma once

// What an evidence package is made of, from what is known of a message. Pure: documents are told of
// by digest and size, and streamed by package_stream.

#include "gateway/core/ids.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/evidence/manifest.hpp"
#include "gateway/json/value.hpp"

#include <string>
#include <vector>

namespace gateway::evidence {

/// As it was accepted.
struct AcceptedDocument {
    std::string name;
    std::string media_type;
    core::Sha256 sha256;
    std::uint64_t size = 0;

    AcceptedDocument() = default;
};

struct PackageFacts {
    std::string gateway;   // version
    core::TenantId tenant;
    core::MessageId message;
    core::Time made_at{};
    std::string made_by;   // role
    std::string purpose;
    std::string trace;
    bool with_documents = false;
    bool content_readable = true;
    bool timeline_whole = true;
    json::Value view;                  // the message, as whoever asks may see it
    std::vector<json::Value> events;   // its timeline, oldest first; each with "event"
    json::Value result;
    std::vector<AcceptedDocument> documents;

    PackageFacts() = default;
};

/// A file of which all is known.
struct PackageText {
    std::string name;
    std::string media_type;
    std::string text;

    PackageText() = default;
    PackageText(std::string_view called, std::string type, std::string bytes)
        : name(called), media_type(std::move(type)), text(std::move(bytes)) {}
};

struct Package {
    core::Time made_at{};
    std::vector<PackageText> texts;       // first; manifest and signature before all others
    std::vector<PackageFile> documents;   // then these, in this order; none without documents

    Package() = default;
};

Package make_package(const PackageFacts& facts, const crypto::Vault& vault);

}   // namespace gateway::evidence
