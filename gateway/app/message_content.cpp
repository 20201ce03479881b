#include "gateway/app/message_content.hpp"

#include "gateway/route/telling.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace gateway::app {
namespace {

using crypto::TokenKind;

void set_default(json::Value& object, std::string_view name, json::Value value) {
    if (!object.has(name)) {
        object.set(name, std::move(value));
    }
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 21> media_types{{
    {"pdf", "application/pdf"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pps", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"zip", "application/zip"},
    {"html", "text/html"},
    {"txt", "text/plain"},
    {"csv", "text/csv"},
    {"xml", "application/xml"},
    {"json", "application/json"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"bmp", "image/bmp"},
    {"png", "image/png"},
    {"dcm", "application/dicom"},
}};

std::string media_type_by_name(const std::string& name) {
    const auto dot = name.rfind('.');
    std::string ending = dot == std::string::npos ? std::string() : name.substr(dot + 1);
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    for (const auto& [known, type] : media_types) {
        if (known == ending) {
            return std::string(type);
        }
    }
    return "application/octet-stream";
}

std::optional<core::Time> time_of(const json::Value& message, std::string_view member) {
    const auto at = core::parse_rfc3339(message[member].as_string());
    return at ? std::optional(*at) : std::nullopt;
}

std::vector<ports::SearchToken> tokens_of(const json::Value& content, const crypto::Vault& vault) {
    std::vector<ports::SearchToken> tokens;
    const auto add = [&](TokenKind kind, const std::string& value) {
        if (!value.empty()) {
            tokens.emplace_back(static_cast<std::uint8_t>(kind), vault.token(kind, value));
        }
    };
    add(TokenKind::reference, content["reference"].as_string());
    add(TokenKind::case_id, content["case"]["id"].as_string());
    for (const auto* kind : {"person", "organisation"}) {
        add(TokenKind::recipient, content["recipient"][kind].as_string());
    }
    for (const auto& document : content["documents"].items()) {
        add(TokenKind::file_name, document["name"].as_string());
    }
    return tokens;
}

/// The message as the sender stated it: the same by JSON and by multipart, whatever defaults a
/// later version fills in.
std::string fingerprint_text(const ports::IntakeRequest& request,
                             const std::vector<core::DocumentRef>& documents) {
    json::Value stated = request.message;
    if (auto* list = stated.find("documents")) {
        auto& items = list->mutable_items();
        for (std::size_t i = 0; i < items.size() && i < documents.size(); ++i) {
            items[i].remove("part");
            items[i].set("sha256", documents[i].sha256.to_hex());
        }
    }
    return json::write_canonical(stated);
}

ports::NewEvent accepted_event(sdk::Ids& ids, core::Time now) {
    ports::NewEvent event;
    event.id = ids.next<core::EventId>();
    event.at = now;
    event.name = "accepted";
    event.code = "accepted";
    return event;
}

}   // namespace

void fill_defaults(json::Value& message) {
    set_default(message, "language", "nb");
    if (auto* documents = message.find("documents")) {
        for (auto& document : documents->mutable_items()) {
            const std::string name = document["name"].as_string();
            set_default(document, "title", name);
            set_default(document, "mediaType", media_type_by_name(name));
        }
    }
    if (message["type"].as_string() != "letter") {
        return;
    }
    set_default(message, "kind", "information");
    set_default(message, "mustBe", "any");
    set_default(message, "securityLevel", 3);
    if (message.has("unread")) {
        set_default(message, "openReceipt", true);   // else nobody would learn that it was opened
    }
    for (const auto* flag : {"confirm", "openReceipt", "ignoreReservation"}) {
        set_default(message, flag, false);
    }
}

void resolve(json::Value& document, const ports::StoredDocument& stored) {
    document.remove("part");
    document.set("sha256", stored.hash.to_hex())
        .set("md5", stored.md5_hex)
        .set("size", stored.size);
}

core::DocumentRef reference_to(const json::Value& document, const ports::StoredDocument& stored) {
    core::DocumentRef reference;
    reference.sha256 = stored.hash;
    reference.md5_hex = stored.md5_hex;
    reference.size = stored.size;
    reference.name = document["name"].as_string();
    reference.title = document["title"].as_string();
    reference.media_type = document["mediaType"].as_string();
    return reference;
}

std::vector<core::DocumentRef> references_in(const json::Value& content) {
    std::vector<core::DocumentRef> references;
    for (const auto& document : content["documents"].items()) {
        ports::StoredDocument stored;
        if (const auto hash = core::parse_sha256(document["sha256"].as_string())) {
            stored.hash = *hash;
        }
        stored.md5_hex = document["md5"].as_string();
        stored.size =
            static_cast<std::uint64_t>(std::max<std::int64_t>(0, document["size"].as_int()));
        references.push_back(reference_to(document, stored));
    }
    return references;
}

ports::ChosenWay chosen_way(const route::Decision& decision, route::Trail before,
                            std::optional<core::Time> expires_at, core::Time now) {
    const auto& target = decision.chosen()->target;
    before.expires_at = expires_at;
    ports::ChosenWay way;
    way.connection = target.connection;
    way.settings = target.with;
    way.channel = target.channel;
    way.choice = route::write(route::trail_of(decision, before));
    way.expires_at = expires_at;
    if (target.give_up) {
        const auto gives_up = now + *target.give_up;
        way.expires_at = expires_at ? std::min(*expires_at, gives_up) : gives_up;
    }
    return way;
}

std::vector<core::Problem> check_times(const json::Value& message, core::Time now) {
    std::vector<core::Problem> problems;
    for (const auto* member : {"notBefore", "expiresAt", "dueAt"}) {
        if (message.has(member) && !time_of(message, member)) {
            problems.emplace_back(std::string("/") + member,
                                  "message.date_invalid");   // 31 February fits the pattern
        }
    }
    const auto not_before = time_of(message, "notBefore");
    const auto expires = time_of(message, "expiresAt");
    if (expires && *expires <= now) {
        problems.emplace_back("/expiresAt", "message.expired_before_accept");
    }
    if (expires && not_before && *expires <= *not_before) {
        problems.emplace_back("/expiresAt", "message.expires_before_not_before");
    }
    return problems;
}

std::string printable_type(const std::string& type) {
    const bool plain = type.size() <= 64 && std::all_of(type.begin(), type.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
                                  c == '-' || c == '_';
                       });
    return plain ? type : "?";
}

ports::AcceptCommand accept_command(const MessageFacts& facts, const crypto::Vault& vault,
                                    sdk::Ids& ids, core::Time now, std::chrono::hours lifetime) {
    ports::AcceptCommand command;
    command.tenant = facts.request.caller.tenant;
    command.system = facts.request.caller.system;
    command.message = ids.next<core::MessageId>();
    command.type = facts.type;
    command.at = now;

    json::Value content = std::move(facts.content);
    command.tokens = tokens_of(content, vault);   // its id as reference needs none
    set_default(content, "reference", command.message.to_string());
    const auto text = json::write(content);
    const auto owner = command.message.to_bytes();
    const auto key = vault.new_key(ids, owner);
    command.sealed_content = key.key.seal(ids, "content", owner, text);
    command.wrapped_key = key.wrapped;
    command.content_bytes = text.size();
    for (const auto& document : facts.documents) {
        if (std::find(command.documents.begin(), command.documents.end(), document.sha256) ==
            command.documents.end()) {
            command.documents.push_back(document.sha256);
        }
    }
    if (facts.request.idempotency_key) {
        ports::IdempotencyClaim claim;
        claim.key_token = vault.token(TokenKind::idempotency_key, *facts.request.idempotency_key);
        claim.fingerprint = vault.fingerprint(fingerprint_text(facts.request, facts.documents));
        command.idempotency = std::move(claim);
    }

    auto& delivery = command.delivery;
    delivery.id = ids.next<core::DeliveryId>();
    delivery.upstream_key =
        delivery.id.to_string();   // fixed before the first attempt, the same over all of them
    delivery.due = std::max(now, time_of(content, "notBefore").value_or(now));
    delivery.expires_at =
        time_of(content, "expiresAt").value_or(std::max(now, delivery.due) + lifetime);
    if (const auto& order = content["orderKey"].as_string(); !order.empty()) {
        delivery.order_token = vault.token(TokenKind::order_key, order);
    }
    command.events.push_back(accepted_event(ids, now));
    if (facts.decision.chosen() != nullptr) {
        auto way = chosen_way(facts.decision, {}, delivery.expires_at, delivery.due);
        delivery.connection = way.connection;
        delivery.settings = std::move(way.settings);
        delivery.channel = way.channel;
        delivery.choice = std::move(way.choice);
        delivery.expires_at = way.expires_at;
        auto told = route::events_of(facts.decision, ids, now);
        std::move(told.begin(), told.end(), std::back_inserter(command.events));
    }
    return command;
}

}   // namespace gateway::app
