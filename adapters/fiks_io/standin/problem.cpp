#include "adapters/fiks_io/standin/problem.hpp"

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::fiks_io::standin {

namespace {

const char* title_of(int status) {
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 410: return "Gone";
    case 413: return "Payload Too Large";
    case 415: return "Unsupported Media Type";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
    }
}

}   // namespace

http::Response to_response(const Refusal& refusal, const std::string& path, std::int64_t now_ms) {
    json::Value body;
    body.set("timestamp", now_ms).set("status", refusal.status);
    body.set("error", title_of(refusal.status));
    body.set("errorId", gateway::standin::random_uuid());
    body.set("path", path).set("originalPath", path).set("message", refusal.message);
    body.set("errorCode", json::Value()).set("errorJson", json::Value());
    return gateway::standin::json_response(refusal.status, body);
}

}   // namespace gateway::fiks_io::standin
