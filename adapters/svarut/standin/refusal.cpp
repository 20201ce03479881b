#include "adapters/svarut/standin/refusal.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <chrono>

namespace gateway::svarut::standin {
namespace {

const char* phrase(int status) {
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Payload Too Large";
    case 415: return "Unsupported Media Type";
    default: return "Internal Server Error";
    }
}

}   // namespace

http::Response refusal(core::Time at, const http::Request& request, int status,
                       const std::string& message, const std::string& code) {
    json::Value body;
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
    body.set("timestamp", static_cast<std::int64_t>(milliseconds.count())).set("status", status);
    body.set("error", phrase(status)).set("errorId", gateway::standin::random_uuid());
    body.set("path", request.path).set("originalPath", request.path).set("message", message);
    body.set("errorCode", code.empty() ? json::Value() : json::Value(code));
    body.set("errorJson", json::Value());
    return gateway::standin::json_response(status, body);
}

}   // namespace gateway::svarut::standin
