#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// An operator's wish with one connection: whatever acts its adapter knows, and what became of a
// request for a system user.

namespace gateway::admin {
namespace {

constexpr std::chrono::seconds act_time_max{45};
constexpr std::size_t name_length_max = 64;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= name_length_max &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

/// Codes of components have no status of their own: then how it ended says it.
int status_of(const sdk::ActAnswer& answer) {
    const int own = texts::problem_status(answer.code);
    if (own != 500 || answer.code.value == "service.internal") {
        return own;
    }
    switch (answer.verdict) {
    case sdk::Verdict::try_later: return 503;
    case sdk::Verdict::unknown: return 502;
    default: return 409;
    }
}

http::Response answer_of(sdk::ActAnswer answer, const core::ConnectionId& connection,
                         const texts::ProblemContext& context) {
    if (answer.verdict != sdk::Verdict::accepted) {
        const int status = status_of(answer);
        const ports::Refusal refusal(std::move(answer.code), std::move(answer.params));
        return api::problem(refusal, context, status);
    }
    json::Value view = json::Value::object();
    view.set("connection", connection.value).set("value", std::move(answer.value));
    return json_answer(200, view);
}

}   // namespace

sdk::Task<http::Response>
AdminApi::act_on_connection(AdminCall& call, core::ConnectionId connection, std::string name) {
    for (const auto& [member, value] : call.body.members()) {
        if (member != "why" && !(member == "with" && value.is_object())) {
            co_return problem(view::bad_member(member), call.context);
        }
    }
    if (!is_name(name)) {
        co_return problem(ports::Refusal("connection.no_such_act"), call.context);
    }
    sdk::Act act;
    act.name = name;
    act.with = call.body.has("with") ? call.body["with"] : json::Value::object();
    auto answer =
        co_await parts_.acts.act(connection, std::move(act), parts_.clock.in(act_time_max));
    const bool done = answer.verdict == sdk::Verdict::accepted;
    log_act(call, "connection_act",
            {{"connection", connection.value},
             {"name", name},
             {"outcome", done ? "done" : answer.code.value},
             {"why", call.author.why}});
    co_return answer_of(std::move(answer), connection, call.context);
}

sdk::Task<http::Response> AdminApi::show_system_user(AdminCall& call,
                                                     core::ConnectionId connection) {
    sdk::Act act;
    act.name = "system-user";
    act.with = json::Value::object();
    for (const auto& [name, value] : call.request.query) {
        if (name != "organisation" && name != "reference") {
            co_return problem(view::bad_parameter(name), call.context);
        }
        act.with.set(name, value);
    }
    auto answer =
        co_await parts_.acts.act(connection, std::move(act), parts_.clock.in(act_time_max));
    co_return answer_of(std::move(answer), connection, call.context);
}

}   // namespace gateway::admin
