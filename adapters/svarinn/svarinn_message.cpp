#include "adapters/svarinn/svarinn_message.hpp"

namespace gateway::svarinn {

using json::Value;

namespace {

constexpr std::size_t raw_max = 256U << 10U;
// What transfer/v1 takes for a case of ours.
constexpr std::int64_t case_year_min = 1900;
constexpr std::int64_t case_year_max = 2999;
constexpr std::int64_t case_sequence_max = 999'999'999;

void set_text(Value& out, const char* name, const std::string& text) {
    if (!text.empty()) {
        out.set(name, text);
    }
}

Value party(const Party& given) {
    Value out = Value::object();
    set_text(out, "organisation", given.organisation);
    set_text(out, "person", given.person);
    set_text(out, "name", given.name);
    if (!given.lines.empty()) {
        Value lines = Value::array();
        for (const auto& line : given.lines) {
            lines.push(line);
        }
        out.set("lines", std::move(lines));
    }
    set_text(out, "postalCode", given.postal_code);
    set_text(out, "city", given.city);
    set_text(out, "country", given.country);
    return out;
}

/// Our own case, by the numbers the sender gave for import.
Value case_of(const Value& import) {
    Value out = Value::object();
    if (import.has("folderId")) {
        out.set("id", import["folderId"]);
    }
    const std::int64_t year = import["caseYear"].as_int();
    const std::int64_t sequence = import["caseSequence"].as_int();
    if (year >= case_year_min && year <= case_year_max && sequence > 0 &&
        sequence <= case_sequence_max) {
        out.set("year", import["caseYear"]).set("sequence", import["caseSequence"]);
    }
    return out;
}

Value documents_of(const Listed& listed, const std::vector<core::DocumentRef>& documents) {
    Value out = Value::array();
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto& document = documents[i];
        Value file;
        file.set("name", document.name).set("sha256", document.sha256.to_hex());
        file.set("md5", document.md5_hex).set("size", static_cast<std::int64_t>(document.size));
        set_text(file, "mediaType", document.media_type);
        set_text(file, "documentType", listed.files[i].type);
        out.push(std::move(file));
    }
    return out;
}

Value reply_of(const Listed& listed) {
    Value out = Value::object();
    if (!listed.reply_to.empty()) {
        out.set("wanted", true).set("to", party(listed.reply_to));
    }
    set_text(out, "answers", listed.answers);
    return out;
}

void set_object(Value& content, const char* name, Value value) {
    if (!value.members().empty()) {
        content.set(name, std::move(value));
    }
}

Value content_of(const Listed& listed, const std::vector<core::DocumentRef>& documents,
                 const Settings& settings) {
    const std::string& organisation = listed.recipient.organisation;
    Value recipient;
    recipient.set("organisation", organisation.empty() ? settings.tenant.value : organisation);
    Value content;
    content.set("type", "transfer").set("version", 1).set("recipient", std::move(recipient));
    set_text(content, "title", listed.title);
    set_text(content, "reference", listed.reference);
    set_text(content, "category", listed.category);
    content.set("securityLevel", listed.level);
    if (listed.confidential) {
        Value confidentiality;
        content.set("confidentiality", confidentiality.set("level", "confidential"));
    }
    set_object(content, "case", case_of(listed.for_import));
    content.set("documents", documents_of(listed, documents));
    if (!listed.links.items().empty()) {
        content.set("links", listed.links);
    }
    set_object(content, "reply", reply_of(listed));
    Value archive = Value::object();
    if (listed.for_import.is_object()) {
        archive.set("forImport", listed.for_import);
    }
    if (listed.from_sender.is_object()) {
        archive.set("fromSender", listed.from_sender);
    }
    set_object(content, "archive", std::move(archive));
    return content;
}

}   // namespace

sdk::InboundMessage message_of(const Listed& listed, std::vector<core::DocumentRef> documents,
                               const Settings& settings, core::Time now) {
    sdk::InboundMessage message;
    message.tenant = settings.tenant;
    message.type = "transfer/v1";
    message.dedupe_id = listed.id;
    message.facts.account = listed.recipient.organisation;
    message.facts.message_type = listed.category;
    message.facts.sender = listed.sender.organisation;
    message.from = party(listed.sender);
    set_text(message.from, "system", listed.system);
    message.content = content_of(listed, documents, settings);
    if (message.content.has("reference")) {
        message.keys.emplace("reference", listed.reference);
    }
    message.documents = std::move(documents);
    message.received_at = listed.received_at;
    message.raw = json::write(listed.raw);
    if (message.raw.size() > raw_max) {
        message.raw.clear();   // half of it would be no JSON
    }
    message.raw_media_type = "application/json";
    message.receipt_owner = settings.receipt_owner;
    if (settings.receipt_owner == sdk::ReceiptOwner::system) {
        message.answer_by = now + settings.answer_within;
    }
    return message;
}

}   // namespace gateway::svarinn
