#include "adapters/common/standin/system_users.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/time.hpp"

#include <algorithm>
#include <array>

namespace gateway::standin {

using json::Value;

namespace {

constexpr std::size_t request_bytes_max = 256U << 10U;
constexpr std::string_view base = "/authentication/api/v1/systemuser/request/vendor";
constexpr std::array<std::string_view, 3> resources{"sluse-brev", "sluse-filer",
                                                    "sluse-filoverforing"};

http::Response refusal(int status, const std::string& code, const std::string& detail) {
    Value body;
    body.set("type", "https://www.rfc-editor.org/rfc/rfc9110").set("title", "Refused");
    body.set("status", status).set("detail", detail).set("code", code);
    http::Response response = json_response(status, body);
    response.headers.front().second = "application/problem+json";
    return response;
}

bool is_organisation(const std::string& text) {
    return text.size() == 9 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}   // namespace

SystemUsers::SystemUsers(const World& world, const std::string& vendor)
    : journal_(world.options.state + "/system-users.jsonl"),
      clock_(world.clock),
      vendor_(vendor),
      system_(vendor + "_sluse") {
    for (auto& [id, request] : journal_.take("systemuser")) {
        requests_.emplace(id, request);
    }
}

void SystemUsers::clear() {
    requests_.clear();
    journal_.clear();
}

bool SystemUsers::is_for(std::string_view path) {
    return path.starts_with(base);
}

sdk::Task<http::Response> SystemUsers::handle(http::Request& request, const AltinnCaller& caller) {
    const auto parts = segments(std::string_view(request.path).substr(base.size()));
    const bool own = caller.organisation == vendor_;
    if (parts.empty() && request.method == "POST") {
        if (!own || !caller.may("altinn:authentication/systemuser.request.write")) {
            co_return http::Response(403);
        }
        co_return co_await create(request);
    }
    if (request.method != "GET" || parts.empty()) {
        co_return http::Response(404);
    }
    if (!own || !caller.may("altinn:authentication/systemuser.request.read")) {
        co_return http::Response(403);
    }
    const Value* found = nullptr;
    if (parts.size() == 1) {
        found = find(parts[0]);
    } else if (parts.size() == 4 && parts[0] == "byexternalref") {
        found = find(parts[1], parts[2], parts[3]);
    }
    if (found == nullptr) {
        co_return refusal(404, "AUTH-00010", "The request was not found.");
    }
    co_return json_response(200, *found);
}

sdk::Task<http::Response> SystemUsers::create(http::Request& request) {
    const auto body = co_await read_json(request, request_bytes_max);
    if (!body || !body->is_object() || !is_organisation((*body)["partyOrgNo"].as_string())) {
        co_return refusal(400, "STD-00000", "One or more validation errors occurred.");
    }
    const std::string& system = (*body)["systemId"].as_string();
    if (system != system_) {
        co_return refusal(404, "AUTH-00011", "The system is not registered.");
    }
    for (const Value& right : (*body)["rights"].items()) {
        for (const Value& pair : right["resource"].items()) {
            const std::string& value = pair["value"].as_string();
            if (std::find(resources.begin(), resources.end(), value) == resources.end()) {
                co_return refusal(400, "AUTH-00012",
                                  "A right is not among the registered system's.");
            }
        }
    }
    if ((*body)["rights"].items().empty() && (*body)["accessPackages"].items().empty()) {
        co_return refusal(400, "AUTH-00013", "Rights or access packages must be given.");
    }
    std::string reference = (*body)["externalRef"].as_string();
    if (reference.empty()) {
        reference = (*body)["partyOrgNo"].as_string();
    }
    if (const Value* same = find(system, (*body)["partyOrgNo"].as_string(), reference)) {
        const std::string& status = (*same)["status"].as_string();
        if (status == "New") {
            co_return json_response(200, *same);
        }
        if (status == "Accepted") {
            co_return refusal(409, "AUTH-00014", "A system user with this reference exists.");
        }
    }
    const std::string id = random_uuid();
    Value made;
    made.set("id", id).set("externalRef", reference).set("systemId", system);
    made.set("partyOrgNo", (*body)["partyOrgNo"]);
    made.set("rights", (*body)["rights"].is_array() ? (*body)["rights"] : Value::array());
    made.set("accessPackages",
             (*body)["accessPackages"].is_array() ? (*body)["accessPackages"] : Value::array());
    made.set("status", "New").set("redirectUrl", (*body)["redirectUrl"]);
    made.set("confirmUrl", url_ + "/authfront/ui/auth/vendorrequest?id=" + id);
    made.set("created", core::to_rfc3339(clock_.now()))
        .set("timedOut", false)
        .set("escalated", false);
    journal_.put("systemuser", id, made);
    http::Response response = json_response(201, made);
    requests_[id] = std::move(made);
    co_return response;
}

Value* SystemUsers::find(const std::string& id) {
    const auto found = requests_.find(lower(id));
    return found == requests_.end() ? nullptr : &found->second;
}

Value* SystemUsers::find(const std::string& system, const std::string& party,
                         const std::string& reference) {
    Value* newest = nullptr;
    for (auto& [id, request] : requests_) {
        if (request["systemId"].as_string() == system &&
            request["partyOrgNo"].as_string() == party &&
            request["externalRef"].as_string() == reference &&
            (newest == nullptr ||
             (*newest)["created"].as_string() < request["created"].as_string())) {
            newest = &request;
        }
    }
    return newest;
}

std::string SystemUsers::answer(const Value& command) {
    Value* found = find(command["id"].as_string());
    for (auto& [id, request] : requests_) {
        if (found == nullptr &&
            request["externalRef"].as_string() == command["externalRef"].as_string()) {
            found = &request;
        }
    }
    if (found == nullptr) {
        return "no such request";
    }
    const std::string& act = command["act"].as_string();
    if (act == "escalate") {
        found->set("escalated", true);
    } else if (act == "timeout") {
        found->set("status", "Timedout").set("timedOut", true);
    } else if (act == "approve" || act == "reject" || act == "deny") {
        found->set("status", act == "approve"  ? "Accepted"
                             : act == "reject" ? "Rejected"
                                               : "Denied");
    } else {
        return "act is approve, reject, deny, timeout or escalate";
    }
    journal_.put("systemuser", (*found)["id"].as_string(), *found);
    return {};
}

Value SystemUsers::state() const {
    Value list = Value::array();
    for (const auto& [id, request] : requests_) {
        list.push(request);
    }
    return list;
}

}   // namespace gateway::standin
