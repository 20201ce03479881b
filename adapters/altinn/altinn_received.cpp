#include "adapters/altinn/altinn_received.hpp"

#include "adapters/altinn/altinn_answers.hpp"
#include "adapters/common/altinn/peer_values.hpp"

namespace gateway::altinn {
namespace {

constexpr std::size_t files_max = 100;
constexpr std::size_t raw_max = 512U << 10U;

void copy_text(json::Value& content, const char* name, const json::Value& text) {
    if (!text.as_string().empty()) {
        content.set(name, text.as_string());
    }
}

}   // namespace

std::optional<ReceivedLetter> read_received(const sdk::HttpResponse& response) {
    auto parsed = json::parse(response.body);
    if (response.status != 200 || !parsed || !parsed->is_object()) {
        return std::nullopt;
    }
    ReceivedLetter letter;
    const json::Value& body = *parsed;
    const auto id = id_from(body["correspondenceId"]);
    const auto& files = body["content"]["attachments"].items();
    if (!id || !body["status"].is_string() || files.size() > files_max) {
        return std::nullopt;
    }
    letter.id = *id;
    letter.status = body["status"].as_string();
    letter.confirm = body["isConfirmationNeeded"].as_bool();
    for (const auto& one : files) {
        ReceivedFile file;
        const auto file_id = id_from(one["id"]);
        if (!file_id) {
            return std::nullopt;
        }
        file.id = *file_id;
        file.name = altinn_platform::safe_file_name(one["fileName"].as_string());
        file.media_type = one["dataType"].as_string();
        letter.files.push_back(std::move(file));
    }
    letter.body = std::move(*parsed);
    return letter;
}

sdk::InboundMessage message_of(const ReceivedLetter& letter, const Source& source,
                               std::vector<core::DocumentRef> documents) {
    const json::Value& body = letter.body;
    sdk::InboundMessage message;
    message.tenant = source.tenant;
    message.type = "letter/v1";
    message.dedupe_id = letter.id;
    message.facts.account = source.organisation;
    message.facts.resource = source.resource;
    message.facts.sender = altinn_platform::organisation_in(body["sender"].as_string());
    message.from = json::Value::object();
    copy_text(message.from, "name", body["messageSender"]);
    if (!message.facts.sender.empty()) {
        message.from.set("organisation", message.facts.sender);
    }
    json::Value recipient;
    recipient.set("organisation", source.organisation);
    json::Value& content = message.content;
    content.set("type", "letter").set("version", 1).set("recipient", std::move(recipient));
    copy_text(content, "title", body["content"]["messageTitle"]);
    copy_text(content, "summary", body["content"]["messageSummary"]);
    copy_text(content, "body", body["content"]["messageBody"]);
    copy_text(content, "language", body["content"]["language"]);
    copy_text(content, "reference", body["sendersReference"]);
    copy_text(content, "dueAt", body["dueDateTime"]);
    content.set("confirm", letter.confirm);
    const json::Value& properties = body["propertyList"];
    if (properties.is_object() && !properties.members().empty()) {
        content.set("properties", properties);
    }
    json::Value files = json::Value::array();
    for (const auto& document : documents) {
        json::Value file;
        file.set("name", document.name).set("sha256", document.sha256.to_hex());
        file.set("md5", document.md5_hex).set("size", static_cast<std::int64_t>(document.size));
        files.push(std::move(file));
    }
    content.set("documents", std::move(files));
    if (!body["sendersReference"].as_string().empty()) {
        message.keys.emplace("reference", body["sendersReference"].as_string());
    }
    message.documents = std::move(documents);
    const auto published = core::parse_rfc3339(body["published"].as_string());
    if (published) {
        message.received_at = *published;
    }
    message.raw = json::write(body).substr(0, raw_max);
    message.raw_media_type = "application/json";
    return message;
}

}   // namespace gateway::altinn
