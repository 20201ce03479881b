#include "adapters/digital_post/standin/problem.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "gateway/json/value.hpp"

namespace gateway::digital_post::standin {

namespace {

const char* title_of(int status) {
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    default: return "Error";
    }
}

}   // namespace

http::Response to_response(const Refusal& refusal) {
    json::Value body;
    body.set("type", "about:blank").set("title", title_of(refusal.status));
    body.set("status", refusal.status).set("detail", refusal.detail);
    body.set("instance", "urn:uuid:" + gateway::standin::random_uuid());
    http::Response response(refusal.status, "application/problem+json", json::write(body));
    if (refusal.status == 401) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    return response;
}

http::Response already_used() {
    return gateway::standin::text_response(400,
                                           "InstanceIdentifier or ConversationId already used.");
}

}   // namespace gateway::digital_post::standin
