#include "gateway/texts/problem_json.hpp"

#include <string_view>

namespace gateway::texts {
namespace {

constexpr std::string_view type_base = "https://sluse.no/problems/";
constexpr const char* retry_after_seconds = "5";

}   // namespace

int problem_status(const core::Code& code) {
    const int status = facts(code).status;
    return status == 0 ? 500 : status;
}

json::Value problem_item(const core::Problem& problem, Language language) {
    const auto text = render(problem.code, problem.params, language);
    json::Value item = json::Value::object();
    item.set("pointer", problem.pointer).set("code", problem.code.value).set("detail", text.detail);
    return item;
}

ProblemAnswer problem_json(const core::Code& code, const core::Params& params,
                           const std::vector<core::Problem>& problems,
                           const ProblemContext& context, int status) {
    const auto text = render(code, params, context.language);
    ProblemAnswer answer;
    answer.status = status;
    answer.body = json::Value::object();
    answer.body.set("type", std::string(type_base) + code.value)
        .set("title", text.title)
        .set("status", status)
        .set("detail", text.detail)
        .set("instance", context.instance)
        .set("code", code.value)
        .set("owner", facts(code).owner)
        .set("action", text.action)
        .set("trace", context.trace);
    json::Value errors = json::Value::array();
    for (const auto& one : problems) {
        errors.push(problem_item(one, context.language));
    }
    answer.body.set("errors", std::move(errors));
    answer.headers.emplace_back("Content-Language", tag(context.language));
    answer.headers.emplace_back("Cache-Control", "no-store");
    if (status == 401) {
        answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (status == 405) {
        for (const auto& [name, value] : params) {
            answer.headers.emplace_back("Allow", value);
        }
    }
    if (status == 503 || status == 507) {
        answer.headers.emplace_back("Retry-After", retry_after_seconds);
    }
    return answer;
}

}   // namespace gateway::texts
