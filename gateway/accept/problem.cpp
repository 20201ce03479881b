#include "gateway/accept/problem.hpp"

namespace gateway::accept {
namespace {

constexpr std::string_view type_base = "https://sluse.no/problems/";
constexpr const char* retry_after_seconds = "5";

}   // namespace

json::Value problem_item(const core::Problem& problem, texts::Language language) {
    const auto text = texts::render(problem.code, problem.params, language);
    json::Value item = json::Value::object();
    item.set("pointer", problem.pointer).set("code", problem.code.value).set("detail", text.detail);
    return item;
}

http::Response problem(const ports::Refusal& refusal, const CallContext& context) {
    const int status = texts::facts(refusal.code).status;
    return problem(refusal, context, status == 0 ? 500 : status);
}

http::Response problem(const ports::Refusal& refusal, const CallContext& context, int status) {
    const auto text = texts::render(refusal.code, refusal.params, context.language);
    json::Value body = json::Value::object();
    body.set("type", std::string(type_base) + refusal.code.value)
        .set("title", text.title)
        .set("status", status)
        .set("detail", text.detail)
        .set("instance", context.instance)
        .set("code", refusal.code.value)
        .set("owner", texts::facts(refusal.code).owner)
        .set("action", text.action)
        .set("trace", context.trace);
    json::Value errors = json::Value::array();
    for (const auto& one : refusal.problems) {
        errors.push(problem_item(one, context.language));
    }
    body.set("errors", std::move(errors));
    http::Response response(status, "application/problem+json", json::write(body));
    response.headers.emplace_back("Content-Language", texts::tag(context.language));
    response.headers.emplace_back("Cache-Control", "no-store");
    if (status == 401) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (status == 405) {
        for (const auto& [name, value] : refusal.params) {
            response.headers.emplace_back("Allow", value);
        }
    }
    if (status == 503 || status == 507) {
        response.headers.emplace_back("Retry-After", retry_after_seconds);
    }
    return response;
}

ports::Refusal refusal_of(const core::Failure& failure) {
    if (failure.is(core::Errc::storage_full)) {
        return ports::Refusal("service.storage_full");
    }
    if (failure.is(core::Errc::too_slow) || failure.is(core::Errc::timed_out)) {
        return ports::Refusal("request.too_slow");
    }
    if (failure.is(core::Errc::closed) || failure.is(core::Errc::malformed)) {
        return ports::Refusal("request.body_incomplete");
    }
    if (failure.is(core::Errc::storage_failed) || failure.is(core::Errc::corrupted)) {
        return ports::Refusal("service.storage_failed");
    }
    if (failure.is(core::Errc::unavailable)) {
        return ports::Refusal("service.draining");
    }
    return ports::Refusal("service.internal");
}

}   // namespace gateway::accept
