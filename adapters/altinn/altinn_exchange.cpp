#include "adapters/altinn/altinn_exchange.hpp"

#include <algorithm>
#include <cctype>

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

std::string query_escape(std::string_view text) {
    constexpr const char* digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
            escaped += c;
        } else {
            escaped += '%';
            escaped += digits[byte >> 4U];
            escaped += digits[byte & 0xFU];
        }
    }
    return escaped;
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
                    std::string(correspondences) + "?resourceId=" + query_escape(resource) +
                        "&role=Sender&idempotentKey=" + query_escape(key),
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
