#include "adapters/altinn_forms/standin/answers.hpp"

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::altinn_forms::standin {

namespace kit = gateway::standin;
using json::Value;

std::string written(core::Time time) {
    std::string text = core::to_rfc3339(time);
    text.insert(text.size() - 1, "0000");
    return text;
}

http::Response bare_string(int status, const std::string& text) {
    http::Response response = kit::text_response(status, text);
    return response;
}

http::Response problem(int status, const std::string& title) {
    Value body;
    body.set("type", "about:blank").set("title", title).set("status", status);
    http::Response response = kit::json_response(status, body);
    for (auto& [name, value] : response.headers) {
        if (name == "Content-Type") {
            value = "application/problem+json";
        }
    }
    return response;
}

Value shown(const Value& value) {
    if (value.is_array()) {
        Value out = Value::array();
        for (const Value& item : value.items()) {
            out.push(shown(item));
        }
        return out;
    }
    if (!value.is_object()) {
        return value;
    }
    Value out = Value::object();
    for (const auto& [name, member] : value.members()) {
        if (!name.starts_with('_')) {
            out.set(name, shown(member));
        }
    }
    return out;
}

}   // namespace gateway::altinn_forms::standin
