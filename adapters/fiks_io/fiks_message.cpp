#include "adapters/fiks_io/fiks_message.hpp"

#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "adapters/fiks_io/fiks_package.hpp"
#include "adapters/fiks_io/media_types.hpp"

#include <algorithm>

namespace gateway::fiks_io {

using core::Errc;
using core::Failure;
using core::Result;
using fiks_platform::uuid_in;

namespace {

std::string media_type_for(const core::DocumentRef& document) {
    return document.media_type.empty() ? media_type_of(document.name) : document.media_type;
}

Result<Prepared> prepare_protocol(const core::Delivery& delivery, const json::Value& content) {
    Prepared made;
    made.type = find(content["messageType"].as_string());
    if (made.type == nullptr) {
        return Failure(Errc::invalid_argument, "an unknown message type");
    }
    Outgoing& message = made.message;
    message.to = uuid_in(content["to"]["account"].as_string());
    message.correlation = content["correlation"].as_string();
    message.in_reply_to = uuid_in(content["replyTo"]["messageId"].as_string());
    if (content["ttlSeconds"].is_int()) {
        message.ttl = std::chrono::seconds(content["ttlSeconds"].as_int());
    }
    const json::Value& payload = content["payload"];
    if (!payload.is_null()) {
        std::string name = payload["name"].as_string();
        if (name.empty() && made.type->payload.empty()) {
            return Failure(Errc::invalid_argument, "a payload without a name");
        }
        if (name.empty()) {
            name = made.type->payload.front();
        }
        message.files.emplace_back(name, media_type_of(name),
                                   payload.has("json") ? json::write(payload["json"])
                                                       : payload["text"].as_string());
    }
    for (const auto& document : delivery.documents) {
        message.files.emplace_back(document.name, media_type_for(document), document);
    }
    return made;
}

Result<Prepared> prepare_archive(const core::Delivery& delivery, const json::Value& content) {
    const arkiv::Origin origin(delivery.system.value, delivery.message.to_string(),
                               delivery.accepted_at);
    auto archive = arkiv::message_of(content, delivery.documents, origin);
    if (!archive) {
        return archive.error();
    }
    Prepared made;
    made.type = find(archive->message_type);
    if (made.type == nullptr) {
        return Failure(Errc::invalid_argument, "an unknown message type");
    }
    made.message.files.emplace_back(archive->payload_name, "application/xml",
                                    std::move(archive->payload));
    for (const auto& one : archive->documents) {
        const core::DocumentRef& document = delivery.documents.at(one.index);
        made.message.files.emplace_back(one.name, media_type_for(document), document);
    }
    return made;
}

}   // namespace

Result<Prepared> prepare(const core::Delivery& delivery) {
    json::ParseLimits limits;
    limits.bytes_max = delivery.content.size();
    const auto content = json::parse_or_failure(delivery.content, limits);
    const auto with = json::parse_or_failure(delivery.settings.empty() ? "{}" : delivery.settings);
    if (!content || !with) {
        return Failure(Errc::invalid_argument, "content or settings");
    }
    auto made = delivery.type == "archive/v1" ? prepare_archive(delivery, *content)
                                              : prepare_protocol(delivery, *content);
    if (!made) {
        return made;
    }
    made->route = read_route(*with);
    Outgoing& message = made->message;
    message.tenant = delivery.tenant;
    message.type = made->type->name;
    message.client_id = uuid_in(delivery.upstream_key);
    if (message.client_id.empty()) {
        message.client_id = delivery.id.to_string();
    }
    if (message.to.empty()) {
        message.to = made->route.to;
    }
    if (message.correlation.empty() && made->type->opens()) {
        // By it the receiver knows an answer also when the answer to this sending was lost.
        message.correlation = delivery.id.to_string();
    }
    if (!message.ttl && made->route.ttl) {
        message.ttl = *made->route.ttl;
    }
    return made;
}

std::optional<std::chrono::seconds> first_answer_within(const Prepared& prepared) {
    const MessageType& type = *prepared.type;
    if (!type.opens() || type.answers.empty()) {
        return std::nullopt;
    }
    constexpr std::chrono::hours late{1};   // an answer to what was fetched in the last minute
    std::chrono::seconds within = prepared.route.answer_within.value_or(type.first_within);
    if (prepared.message.ttl) {   // what nobody has fetched by then nobody answers
        const auto ttl = std::chrono::ceil<std::chrono::seconds>(*prepared.message.ttl);
        within = std::min(within, ttl + late);
    }
    return within;
}

}   // namespace gateway::fiks_io
