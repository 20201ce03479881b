#include "gateway/evidence/package.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/evidence/public_key.hpp"
#include "gateway/evidence/read_me.hpp"
#include "gateway/seal/zip_names.hpp"

#include <algorithm>
#include <array>

namespace gateway::evidence {
namespace {

constexpr std::size_t name_bytes_max = 120;
constexpr std::size_t extension_bytes_max = 10;
constexpr const char* json_type = "application/json";

/// What tells how an attempt went.
bool is_of_attempt(std::string_view event) {
    return event.starts_with("attempt_") || event == "looked_up" || event == "recovered";
}

/// What somebody else has confirmed.
bool is_receipt(std::string_view event) {
    constexpr std::array<std::string_view, 9> receipts{
        "sent",   "delivered",   "read",          "confirmed",    "returned",
        "failed", "notice_sent", "notice_failed", "receipt_other"};
    return std::find(receipts.begin(), receipts.end(), event) != receipts.end();
}

json::Value events_where(const PackageFacts& facts, bool (*wanted)(std::string_view)) {
    json::Value found = json::Value::array();
    for (const auto& event : facts.events) {
        if (wanted(event["event"].as_string())) {
            found.push(event);
        }
    }
    return found;
}

std::string up_to(std::string_view text, std::size_t bytes) {
    if (text.size() > bytes) {
        // Never within a character.
        while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80U) {
            --bytes;
        }
        text = text.substr(0, bytes);
    }
    return std::string(text);
}

/// A name that every system can unpack, and that nobody's folder is left by. Its number makes it
/// the only one.
std::string name_in_package(std::size_t number, const std::string& accepted) {
    auto dot = accepted.rfind('.');
    if (dot == std::string::npos || accepted.size() - dot > extension_bytes_max) {
        dot = accepted.size();
    }
    auto name =
        up_to(std::string_view(accepted).substr(0, dot), name_bytes_max) + accepted.substr(dot);
    constexpr std::string_view no_name_has = "/\\:*?\"<>|";
    std::replace_if(
        name.begin(), name.end(),
        [&](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte < 0x20 || byte == 0x7f || no_name_has.find(c) != std::string_view::npos;
        },
        '_');
    while (!name.empty() && (name.back() == '.' || name.back() == ' ')) {
        name.pop_back();
    }
    const auto counted = std::string(number < 10 ? "0" : "") + std::to_string(number);
    auto whole = std::string(documents_folder) + counted + "-" + name;
    if (name.empty() || !seal::check_entry_name(whole, whole.size())) {
        whole = std::string(documents_folder) + counted;
    }
    return whole;
}

PackageFile line_of(const PackageText& text) {
    PackageFile file;
    file.name = text.name;
    file.media_type = text.media_type;
    file.sha256 = crypto::sha256(text.text).to_hex();
    file.size = text.text.size();
    return file;
}

std::string json_text(const json::Value& value) {
    return json::write_pretty(value) + "\n";
}

json::Value about(const PackageFacts& facts, std::string_view member, json::Value value) {
    json::Value view = json::Value::object();
    view.set("message", facts.message.to_string()).set(member, std::move(value));
    return view;
}

}   // namespace

Package make_package(const PackageFacts& facts, const crypto::Vault& vault) {
    Manifest manifest;
    manifest.gateway = facts.gateway;
    manifest.message = facts.message.to_string();
    manifest.tenant = facts.tenant.value;
    manifest.made_at = facts.made_at;
    manifest.made_by = facts.made_by;
    manifest.purpose = facts.purpose;
    manifest.trace = facts.trace;
    manifest.with_documents = facts.with_documents;
    manifest.content_readable = facts.content_readable;
    manifest.timeline_whole = facts.timeline_whole;
    manifest.events = facts.events.size();
    manifest.public_key = crypto::base64url_encode(vault.verification_key());

    Package package;
    package.made_at = facts.made_at;
    for (const auto& document : facts.documents) {
        DocumentLine line;
        line.sha256 = document.sha256.to_hex();
        line.size = document.size;
        if (facts.with_documents) {
            PackageFile file;
            file.name = name_in_package(package.documents.size() + 1, document.name);
            file.media_type = document.media_type;
            file.sha256 = line.sha256;
            file.size = document.size;
            line.file = file.name;
            package.documents.push_back(std::move(file));
        }
        manifest.documents.push_back(std::move(line));
    }

    json::Value timeline = json::Value::array();
    for (const auto& event : facts.events) {
        timeline.push(event);
    }
    json::Value attempts = about(facts, "deliveries", facts.view["deliveries"]);
    attempts.set("events", events_where(facts, is_of_attempt));
    std::vector<PackageText> texts;
    texts.emplace_back(read_me_name, "text/plain; charset=utf-8", write_read_me(manifest));
    texts.emplace_back(public_key_name, "application/x-pem-file",
                       write_public_key(vault.verification_key()));
    texts.emplace_back(message_name, json_type, json_text(facts.view));
    texts.emplace_back(timeline_name, json_type,
                       json_text(about(facts, "events", std::move(timeline))));
    texts.emplace_back(attempts_name, json_type, json_text(attempts));
    texts.emplace_back(receipts_name, json_type,
                       json_text(about(facts, "events", events_where(facts, is_receipt))));
    texts.emplace_back(result_name, json_type, json_text(about(facts, "result", facts.result)));
    for (const auto& text : texts) {
        manifest.files.push_back(line_of(text));
    }
    manifest.files.insert(manifest.files.end(), package.documents.begin(), package.documents.end());

    auto signed_text = write_manifest(manifest);
    auto signature = vault.sign(signed_text);
    package.texts.emplace_back(manifest_name, json_type, std::move(signed_text));
    package.texts.emplace_back(signature_name, "application/octet-stream", std::move(signature));
    std::move(texts.begin(), texts.end(), std::back_inserter(package.texts));
    return package;
}

}   // namespace gateway::evidence
