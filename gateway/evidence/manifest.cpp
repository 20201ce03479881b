#include "gateway/evidence/manifest.hpp"

#include "gateway/core/ids.hpp"
#include "gateway/json/value.hpp"
#include "gateway/seal/asic_writer.hpp"
#include "gateway/seal/zip_names.hpp"

#include <algorithm>

namespace gateway::evidence {
namespace {

core::Failure no_manifest(const char* what) {
    return core::Failure(core::Errc::malformed, what);
}

bool is_digest_and_size(const json::Value& line) {
    return core::parse_sha256(line["sha256"].as_string()) && line["size"].is_int() &&
           line["size"].as_int() >= 0;
}

/// On one line, and nothing that a terminal obeys: what a stranger's package says of itself is
/// shown.
bool is_line(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte < 0x20 || byte == 0x7f || (byte == 0xc2 && next < 0xa0)) {
            return false;
        }
    }
    return true;
}

bool is_file_name(const std::string& name) {
    return is_line(name) && seal::check_entry_name(name, seal::AsicWriter::name_bytes_max);
}

bool says_lines(const Manifest& manifest) {
    const auto& all = {manifest.gateway, manifest.message, manifest.tenant,    manifest.made_by,
                       manifest.purpose, manifest.trace,   manifest.public_key};
    return std::all_of(all.begin(), all.end(), is_line);
}

}   // namespace

std::string write_manifest(const Manifest& manifest) {
    json::Value documents = json::Value::array();
    for (const auto& document : manifest.documents) {
        json::Value line = json::Value::object();
        line.set("sha256", document.sha256).set("size", document.size);
        line.set("included", !document.file.empty());
        if (!document.file.empty()) {
            line.set("file", document.file);
        }
        documents.push(std::move(line));
    }
    json::Value files = json::Value::array();
    for (const auto& file : manifest.files) {
        json::Value line = json::Value::object();
        line.set("name", file.name)
            .set("mediaType", file.media_type)
            .set("size", file.size)
            .set("sha256", file.sha256);
        files.push(std::move(line));
    }
    json::Value view = json::Value::object();
    view.set("format", format_name)
        .set("gateway", manifest.gateway)
        .set("message", manifest.message)
        .set("tenant", manifest.tenant)
        .set("madeAt", core::to_rfc3339(manifest.made_at))
        .set("madeBy", manifest.made_by)
        .set("purpose", manifest.purpose)
        .set("trace", manifest.trace)
        .set("withDocuments", manifest.with_documents)
        .set("contentReadable", manifest.content_readable)
        .set("timelineWhole", manifest.timeline_whole)
        .set("events", manifest.events)
        .set("publicKey", manifest.public_key)
        .set("documents", std::move(documents))
        .set("files", std::move(files));
    return json::write_pretty(view) + "\n";
}

core::Result<Manifest> read_manifest(std::string_view text) {
    const auto view = json::parse_or_failure(text, {.bytes_max = manifest_bytes_max});
    if (!view) {
        return view.error();
    }
    if ((*view)["format"].as_string() != format_name) {
        return no_manifest("format");
    }
    Manifest manifest;
    manifest.gateway = (*view)["gateway"].as_string();
    manifest.message = (*view)["message"].as_string();
    manifest.tenant = (*view)["tenant"].as_string();
    const auto made_at = core::parse_rfc3339((*view)["madeAt"].as_string());
    if (!made_at) {
        return no_manifest("madeAt");
    }
    manifest.made_at = *made_at;
    manifest.made_by = (*view)["madeBy"].as_string();
    manifest.purpose = (*view)["purpose"].as_string();
    manifest.trace = (*view)["trace"].as_string();
    manifest.with_documents = (*view)["withDocuments"].as_bool();
    manifest.content_readable = (*view)["contentReadable"].as_bool();
    manifest.timeline_whole = (*view)["timelineWhole"].as_bool();
    manifest.events = static_cast<std::uint64_t>((*view)["events"].as_int());
    manifest.public_key = (*view)["publicKey"].as_string();
    if (!says_lines(manifest)) {
        return no_manifest("text");
    }
    for (const auto& line : (*view)["documents"].items()) {
        DocumentLine document;
        if (!is_digest_and_size(line) || !is_line(line["file"].as_string())) {
            return no_manifest("documents");
        }
        document.sha256 = line["sha256"].as_string();
        document.size = static_cast<std::uint64_t>(line["size"].as_int());
        document.file = line["file"].as_string();
        manifest.documents.push_back(std::move(document));
    }
    for (const auto& line : (*view)["files"].items()) {
        PackageFile file;
        if (!is_digest_and_size(line) || !is_file_name(line["name"].as_string())) {
            return no_manifest("files");
        }
        file.name = line["name"].as_string();
        file.media_type = line["mediaType"].as_string();
        file.sha256 = line["sha256"].as_string();
        file.size = static_cast<std::uint64_t>(line["size"].as_int());
        manifest.files.push_back(std::move(file));
    }
    return manifest;
}

}   // namespace gateway::evidence
