#include "adapters/altinn/altinn_exchange.hpp"

#include "gateway/sdk/percent_encoding.hpp"

#include <algorithm>

namespace gateway::altinn {

using sdk::Effect;

namespace {

constexpr const char* correspondences = "/correspondence/api/v1/correspondence";
constexpr const char* attachments = "/correspondence/api/v1/attachment";

}   // namespace

bool Exchange::streams() const {
    return std::any_of(body.begin(), body.end(),
                       [](const Piece& piece) { return piece.document.has_value(); });
}

std::string Exchange::text() const {
    std::string all;
    for (const auto& piece : body) {
        all += piece.text;
    }
    return all;
}

Exchange json_post(std::string path, std::string body) {
    Exchange exchange("POST", std::move(path), Effect::possible);
    exchange.content_type = "application/json";
    exchange.body.emplace_back(std::move(body));
    return exchange;
}

Exchange upload_attachment(const std::string& attachment, const core::DocumentRef& document) {
    Exchange exchange("POST", std::string(attachments) + "/" + attachment + "/upload",
                      Effect::possible);
    exchange.content_type = "application/octet-stream";
    exchange.body.emplace_back(document);
    return exchange;
}

Exchange get_attachment(const std::string& attachment) {
    return Exchange("GET", std::string(attachments) + "/" + attachment, Effect::none);
}

Exchange delete_attachment(const std::string& attachment) {
    return Exchange("DELETE", std::string(attachments) + "/" + attachment,
                    Effect::none);   // twice does no harm
}

Exchange find_by_key(const std::string& resource, const std::string& key) {
    return Exchange("GET",
                    std::string(correspondences) + "?resourceId=" + sdk::percent_encoded(resource) +
                        "&role=Sender&idempotentKey=" + sdk::percent_encoded(key),
                    Effect::none);
}

Exchange get_overview(const std::string& correspondence) {
    return Exchange("GET", std::string(correspondences) + "/" + correspondence, Effect::none);
}

Exchange get_details(const std::string& correspondence) {
    return Exchange("GET", std::string(correspondences) + "/" + correspondence + "/details",
                    Effect::none);
}

Exchange purge(const std::string& correspondence) {
    return Exchange("DELETE", std::string(correspondences) + "/" + correspondence + "/purge",
                    Effect::possible);
}

}   // namespace gateway::altinn
