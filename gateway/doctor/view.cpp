#include "gateway/doctor/view.hpp"

namespace gateway::doctor {

namespace {

std::int64_t milliseconds(core::Duration took) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
}

json::Value view_of(const Step& step, texts::Language language) {
    json::Value view = json::Value::object();
    view.set("step", step.name)
        .set("place", step.place)
        .set("state", to_string(step.finding))
        .set("milliseconds", milliseconds(step.took))
        .set("seen", step.seen);
    if (!step.code.empty()) {
        const auto text = texts::render(step.code, step.params, language);
        view.set("code", step.code.value)
            .set("title", text.title)
            .set("text", text.detail)
            .set("owner", owner_of(step.code))
            .set("action", text.action);
    }
    return view;
}

}   // namespace

std::string owner_of(const core::Code& code) {
    const auto owner = texts::facts(code).owner;
    return owner == "national" || owner == "recipient" ? "component" : owner;
}

json::Value view_of(const Examination& examination, texts::Language language) {
    json::Value view = json::Value::object();
    if (!examination.connection.empty()) {
        view.set("connection", examination.connection)
            .set("adapter", examination.adapter)
            .set("environment", examination.environment)
            .set("tenant", examination.tenant.value);
    }
    json::Value steps = json::Value::array();
    for (const auto& step : examination.steps) {
        steps.push(view_of(step, language));
    }
    view.set("state", to_string(examination.finding()))
        .set("milliseconds", milliseconds(examination.took))
        .set("steps", std::move(steps));
    return view;
}

}   // namespace gateway::doctor
