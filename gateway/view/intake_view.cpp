#include "gateway/view/intake_view.hpp"

#include "gateway/texts/problem_json.hpp"

namespace gateway::view {

json::Value warnings_view(const std::vector<core::Problem>& warnings, texts::Language language) {
    json::Value list = json::Value::array();
    for (const auto& one : warnings) {
        list.push(texts::problem_item(one, language));
    }
    return list;
}

json::Value dry_run_view(const ports::IntakeAnswer& answer, texts::Language language) {
    json::Value problems = json::Value::array();
    if (answer.refusal) {
        for (const auto& one : answer.refusal->problems) {
            problems.push(texts::problem_item(one, language));
        }
        if (answer.refusal->problems.empty()) {
            const core::Problem whole("", answer.refusal->code, answer.refusal->params);
            problems.push(texts::problem_item(whole, language));
        }
    }
    json::Value route = json::Value::array();
    for (const auto& choice : answer.route) {
        const auto text = texts::render(choice.why, choice.params, language);
        json::Value one = json::Value::object();
        one.set("connection", choice.connection.value)
            .set("use", choice.use)
            .set("channel", core::to_string(choice.channel))
            .set("code", choice.why.value)
            .set("why", text.detail.empty() ? text.title : text.detail);
        route.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("ok", !answer.refusal.has_value())
        .set("problems", std::move(problems))
        .set("warnings", warnings_view(answer.warnings, language))
        .set("route", std::move(route));
    return view;
}

}   // namespace gateway::view
