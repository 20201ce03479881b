#include "adapters/altinn_forms/standin/instance_calls.hpp"

#include "adapters/altinn_forms/standin/answers.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <charconv>

namespace gateway::altinn_forms::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t json_bytes_max = 1U << 20U;
constexpr std::size_t upload_bytes_max = 250U << 20U;

/// The name of `Content-Disposition: attachment; filename="..."`, which is decoded as an URL's
/// part.
std::string file_name(const http::Request& request) {
    const auto given =
        kit::header_parameter(request.header("Content-Disposition"), "filename").value_or("");
    std::string name;
    for (std::size_t i = 0; i < given.size(); ++i) {
        unsigned byte = 0;
        const char* const digits = given.data() + i + 1;
        if (given[i] == '%' && i + 2 < given.size() &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            name += static_cast<char>(byte);
            i += 2;
        } else {
            name += given[i] == '+' ? ' ' : given[i];
        }
    }
    return name;
}

http::Response json_answer(int status, const Value& value) {
    return kit::json_response(status, shown(value));
}

/// An app writes as a number what Storage writes as a word.
http::Response app_answer(int status, const Value& instance) {
    Value value = instance;
    Value of_it = value["status"];
    of_it.set("readStatus", 0);
    value.set("status", std::move(of_it));
    return json_answer(status, value);
}

}   // namespace

sdk::Task<http::Response> InstanceCalls::one(http::Request& request, const Owner& owner,
                                             const std::vector<std::string>& parts,
                                             const std::string& app) {
    Value* instance = parts.size() < 2 ? nullptr : instances_.find(parts[0] + "/" + parts[1]);
    if (instance == nullptr || (!app.empty() && (*instance)["appId"].as_string() != app)) {
        co_return problem(404, "Not Found");
    }
    if ((*instance)["org"].as_string() != owner.org) {
        co_return http::Response(403);
    }
    const bool get = request.method == "GET";
    const std::string what = parts.size() > 2 ? parts[2] : "";
    if (get ? !owner.reads : !owner.writes) {
        co_return http::Response(403);
    }
    if (get && parts.size() == 2) {
        co_return json_answer(200, *instance);
    }
    if (get && what == "dataelements" && parts.size() == 3) {
        Value list;
        list.set("dataElements", (*instance)["data"]);
        co_return json_answer(200, list);
    }
    if (get && what == "data" && parts.size() == 4) {
        co_return download(request, *instance, parts[3]);
    }
    if (request.method == "POST" && what == "complete" && parts.size() == 3) {
        co_return confirm(*instance, owner.org);
    }
    if (request.method == "PUT" && what == "substatus" && parts.size() == 3) {
        const std::string id = (*instance)["id"].as_string();
        http::Response answer = co_await set_substatus(request, *instance);
        const Value* changed = instances_.find(id);
        if (!app.empty() && answer.status == 200 && changed != nullptr) {
            co_return app_answer(200, *changed);
        }
        co_return answer;
    }
    if (request.method == "POST" && what == "data" && parts.size() == 3) {
        if (!app.empty() && (*instance)["status"]["isArchived"].as_bool()) {
            co_return bare_string(409, "Cannot upload data for archived or deleted instance " +
                                           (*instance)["id"].as_string());
        }
        co_return co_await upload(request, *instance);
    }
    co_return problem(404, "Not Found");
}

http::Response InstanceCalls::download(http::Request& request, const Value& instance,
                                       const std::string& id) {
    const Value* element = instances_.element(instance, id);
    if (element == nullptr) {
        return problem(404, "Not Found");
    }
    http::Response response(200, (*element)["contentType"].as_string(), instances_.read(*element));
    if (faults_.take("half_data", request)) {
        response.body.resize(response.body.size() / 2);   // whole HTTP, half of the bytes
    }
    return response;
}

http::Response InstanceCalls::confirm(Value& instance, const std::string& org) {
    for (const Value& confirmation : instance["completeConfirmations"].items()) {
        if (confirmation["stakeholderId"].as_string() == org) {
            return json_answer(200, instance);
        }
    }
    Value confirmation;
    confirmation.set("stakeholderId", org).set("confirmedOn", written(instances_.now()));
    Value all = instance["completeConfirmations"];
    all.push(std::move(confirmation));
    instance.set("completeConfirmations", std::move(all));
    instance.set("lastChangedBy", org);
    instances_.touch(instance);
    instances_.save(instance);
    return json_answer(200, instance);
}

sdk::Task<http::Response> InstanceCalls::set_substatus(http::Request& request, Value& instance) {
    const auto body = co_await kit::read_json(request, json_bytes_max);
    if (!body || !body->is_object() || (*body)["label"].as_string().empty()) {
        co_return bare_string(400,
                              "Invalid sub status: " + std::string("the label must be defined."));
    }
    Value substatus;
    substatus.set("label", (*body)["label"]).set("description", (*body)["description"]);
    Value status = instance["status"];
    status.set("substatus", std::move(substatus));
    instance.set("status", std::move(status));
    instances_.touch(instance);
    instances_.save(instance);
    publish_("app.instance.substatus.changed", instance);
    co_return json_answer(200, instance);
}

sdk::Task<http::Response> InstanceCalls::upload(http::Request& request, Value& instance) {
    const std::string type = request.query_value("dataType").value_or("");
    if (type.empty()) {
        co_return problem(400, "Element type must be provided.");
    }
    const std::string id = instance["id"].as_string();
    const auto body = co_await sdk::read_all(*request.body, upload_bytes_max);
    Value* still = instances_.find(id);   // others were served meanwhile
    if (!body || still == nullptr) {
        co_return problem(400, "The body could not be read.");
    }
    const std::string name = file_name(request);
    const Value& element =
        instances_.add_data(*still, type, kit::media_type(request), name, *body, Value());
    co_return json_answer(201, element);
}

sdk::Task<http::Response> InstanceCalls::instantiate(http::Request& request, const Owner& owner,
                                                     const std::string& app) {
    if (!owner.writes || !app.starts_with(owner.org + "/")) {
        co_return http::Response(403);
    }
    const auto body = co_await kit::read_json(request, json_bytes_max);
    const Value nothing;
    const Value& who = body ? (*body)["instanceOwner"] : nothing;
    const bool named = !who["personNumber"].as_string().empty() ||
                       !who["organisationNumber"].as_string().empty() ||
                       !who["partyId"].as_string().empty();
    if (!body || !named) {
        co_return bare_string(400, "Failed to lookup party: instanceOwner must name one.");
    }
    Value& instance = instances_.create(app, who, owner.number);
    for (const char* member : {"dueBefore", "visibleAfter"}) {
        if ((*body)[member].is_string()) {
            instance.set(member, (*body)[member]);
        }
    }
    std::string model = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<skjema>";
    for (const auto& [field, value] : (*body)["prefill"].members()) {
        model += "<felt navn=\"" + field + "\">" + value.as_string() + "</felt>";
    }
    instances_.add_data(instance, "model", "application/xml", "", model + "</skjema>\n", Value());
    publish_("app.instance.created", instance);
    co_return app_answer(201, instance);
}

}   // namespace gateway::altinn_forms::standin
