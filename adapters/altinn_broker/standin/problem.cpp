#include "adapters/altinn_broker/standin/problem.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/ids.hpp"

#include <array>
#include <cstdio>

namespace gateway::altinn_broker::standin {

namespace {

using json::Value;

struct Known {
    int number;
    int status;
    const char* words;
};

// Numbers and statuses are the service's; the words are ours.
constexpr std::array<Known, 26> known{{
    {1, 404, "No such file transfer"},
    {2, 400, "The service owner is not set up for Broker"},
    {3, 400, "Nothing is uploaded yet"},
    {4, 409, "An upload was made or begun before; make a new file transfer"},
    {5, 403, "The resource has to be registered, with a service owner"},
    {6, 401, "The token does not give access to the resource"},
    {7, 403, "The file cannot be downloaded now; see the status"},
    {8, 500, "The upload failed"},
    {9, 400, "The checksum does not fit the file"},
    {10, 400, "Only a published file transfer can be confirmed"},
    {11, 400, "The greatest size cannot be negative"},
    {12, 400, "The greatest size cannot be zero"},
    {13, 400, "The greatest size is above what is scanned"},
    {14, 400, "The time to live is an ISO 8601 duration"},
    {15, 400, "The time to live is at most 365 days"},
    {16, 400, "The file is larger than the resource allows"},
    {17, 400, "The grace period is an ISO 8601 duration"},
    {18, 400, "The grace period is at most 24 hours"},
    {19, 400, "Download before confirming"},
    {20, 400, "The resource is not approved for transfers without scan"},
    {21, 503, "The storage is not ready"},
    {22, 400, "The greatest size is above 100 GB"},
    {26, 403, "Neither sender nor recipient is the party that the resource requires"},
    {27, 403, "The sender is not on the resource's access list"},
    {28, 403, "A recipient is not on the resource's access list"},
    {29, 416, "The range lies outside the file"},
}};

http::Response finish(int status, Value body) {
    const std::string trace = core::to_hex(gateway::standin::random_bytes(16));
    body.set("traceId", "00-" + trace + "-" + trace.substr(0, 16) + "-00");
    return http::Response(status, "application/problem+json; charset=utf-8", json::write(body));
}

Value problem(int status) {
    Value body;
    body.set("type", "https://tools.ietf.org/html/rfc9110#section-15.5");
    body.set("title", status < 500 ? "The request was refused" : "The service failed");
    body.set("status", status);
    return body;
}

}   // namespace

http::Response refusal(int number) {
    for (const Known& entry : known) {
        if (entry.number == number) {
            std::array<char, 16> code{};
            std::snprintf(code.data(), code.size(), "BRO-%05d", number);
            Value body = problem(entry.status);
            body.set("detail", entry.words).set("code", code.data());
            return finish(entry.status, std::move(body));
        }
    }
    return plain_problem(500, "");
}

http::Response wrong_field(std::string_view field, std::string_view why) {
    Value fault;
    fault.set("code", "STD.VLD-00000").set("title", std::string(why));
    fault.set("paths", Value::array().push(std::string(field)));
    Value errors = Value::object();
    errors.set(std::string(field), Value::array().push(std::string(why)));
    Value body = problem(400);
    body.set("code", "STD-00000").set("validationErrors", Value::array().push(std::move(fault)));
    body.set("errors", std::move(errors));
    return finish(400, std::move(body));
}

http::Response plain_problem(int status, std::string_view detail) {
    Value body = problem(status);
    body.set("detail", std::string(detail));
    return finish(status, std::move(body));
}

http::Response too_many(int seconds) {
    Value body;
    body.set("statusCode", 429);
    body.set("message",
             "Rate limit is exceeded. Try again in " + std::to_string(seconds) + " seconds.");
    http::Response response = gateway::standin::json_response(429, body);
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return response;
}

http::Response unauthorised() {
    http::Response response(401);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

}   // namespace gateway::altinn_broker::standin
