#include "gateway/app/inbound_content.hpp"

#include "gateway/core/time.hpp"

#include <algorithm>

namespace gateway::app {
namespace {

constexpr std::size_t dedupe_bytes_max = 200;
constexpr std::size_t order_bytes_max = 255;
constexpr std::size_t documents_max = 1000;
constexpr std::size_t keys_max = 50;

void set_unless_empty(json::Value& object, const char* name, const std::string& value) {
    if (!value.empty()) {
        object.set(name, value);
    }
}

json::Value document_of(const core::DocumentRef& document) {
    json::Value one = json::Value::object();
    one.set("sha256", document.sha256.to_hex())
        .set("size", document.size)
        .set("name", document.name);
    set_unless_empty(one, "title", document.title);
    set_unless_empty(one, "mediaType", document.media_type);
    set_unless_empty(one, "md5", document.md5_hex);
    return one;
}

/// "form/v1"
bool is_type(const std::string& type) {
    const auto slash = type.find('/');
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return slash != std::string::npos && slash > 0 && slash <= 40 && type.size() > slash + 2 &&
           type[slash + 1] == 'v' &&
           std::all_of(type.begin(), type.begin() + static_cast<std::ptrdiff_t>(slash), lower) &&
           std::all_of(type.begin() + static_cast<std::ptrdiff_t>(slash) + 2, type.end(), digit);
}

}   // namespace

std::string mistake_in(const sdk::InboundMessage& message) {
    if (!is_type(message.type)) {
        return "type";
    }
    if (message.dedupe_id.empty() || message.dedupe_id.size() > dedupe_bytes_max) {
        return "dedupe id";
    }
    if (message.order_key.size() > order_bytes_max || message.memo.size() > memo_bytes_max ||
        message.documents.size() > documents_max || message.keys.size() > keys_max) {
        return "order key, memo, keys or the number of documents";
    }
    if (!message.content.is_object() || !(message.from.is_object() || message.from.is_null())) {
        return "content or sender is no object";
    }
    const bool settled =
        message.tell_when_settled || message.receipt_owner == sdk::ReceiptOwner::system;
    if (message.tell_when_stored && settled) {
        return "told when stored and when settled";
    }
    return {};
}

json::Value opened_inbound(const crypto::ContentKey* key, const char* purpose, core::InboxId id,
                           const std::string& sealed) {
    if (key == nullptr || sealed.empty()) {
        return {};
    }
    const auto text = key->open(purpose, id.to_bytes(), sealed);
    if (text.has_error()) {
        return {};
    }
    auto value = json::parse_or_failure(*text, {});
    return value ? std::move(*value) : json::Value();
}

sdk::Settlement settlement_of(ports::SettlementKind kind) {
    switch (kind) {
    case ports::SettlementKind::acknowledged: return sdk::Settlement::acknowledged;
    case ports::SettlementKind::rejected: return sdk::Settlement::rejected;
    case ports::SettlementKind::stored: return sdk::Settlement::stored;
    case ports::SettlementKind::overdue: break;
    }
    return sdk::Settlement::overdue;
}

json::Value oddity_content(const sdk::Oddity& oddity) {
    json::Value documents = json::Value::array();
    for (const auto& document : oddity.documents) {
        documents.push(document_of(document));
    }
    json::Value content = json::Value::object();
    content.set("documents", std::move(documents)).set("memo", oddity.memo);
    return content;
}

json::Value inbound_content(const sdk::InboundMessage& message,
                            const std::vector<std::string>& marks) {
    json::Value facts = json::Value::object();
    set_unless_empty(facts, "account", message.facts.account);
    set_unless_empty(facts, "resource", message.facts.resource);
    set_unless_empty(facts, "app", message.facts.app);
    set_unless_empty(facts, "messageType", message.facts.message_type);
    set_unless_empty(facts, "sender", message.facts.sender);
    json::Value documents = json::Value::array();
    for (const auto& document : message.documents) {
        documents.push(document_of(document));
    }
    json::Value keys = json::Value::object();
    for (const auto& [name, value] : message.keys) {
        keys.set(name, value);
    }
    json::Value noted = json::Value::array();
    for (const auto& mark : marks) {
        noted.push(mark);
    }
    const bool systems = message.receipt_owner == sdk::ReceiptOwner::system;
    json::Value content = json::Value::object();
    content.set("from", message.from)
        .set("facts", std::move(facts))
        .set("keys", std::move(keys))
        .set("content", message.content)
        .set("documents", std::move(documents))
        .set("marks", std::move(noted))
        .set("receiptOwner", systems ? "system" : "gateway")
        .set("upstreamId", message.dedupe_id)
        .set("memo", message.memo);
    if (message.received_at) {
        content.set("receivedAt", core::to_rfc3339(*message.received_at));
    }
    set_unless_empty(content, "orderKey", message.order_key);
    return content;
}

}   // namespace gateway::app
