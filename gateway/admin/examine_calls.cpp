#include "gateway/admin/api.hpp"
#include "gateway/doctor/doctor.hpp"
#include "gateway/doctor/view.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// The connection doctor: questions that make calls, but change nothing.

namespace gateway::admin {
namespace {

json::Value answer_of(const std::vector<doctor::Examination>& all, texts::Language language) {
    json::Value items = json::Value::array();
    auto worst = doctor::Finding::green;
    for (const auto& one : all) {
        const auto finding = one.finding();
        if (finding == doctor::Finding::red || worst == doctor::Finding::green) {
            worst = finding;
        }
        items.push(doctor::view_of(one, language));
    }
    json::Value answer = json::Value::object();
    answer.set("state", doctor::to_string(worst)).set("examinations", std::move(items));
    return answer;
}

}   // namespace

sdk::Task<http::Response> AdminApi::examine(AdminCall& call,
                                            std::optional<core::ConnectionId> connection) {
    core::TenantId tenant;
    for (const auto& [member, value] : call.body.members()) {
        if (member != "tenant" || !connection || !value.is_string()) {
            co_return problem(view::bad_member(member), call.context);
        }
        tenant = core::TenantId(value.as_string());
    }
    // On behalf of one that it is not for, a session may not examine; nor of the first that serves.
    if (call.session && !call.session->whole && tenant.value.empty()) {
        co_return problem(ports::Refusal("admin.tenant_required"), call.context);
    }
    if (parts_.doctor == nullptr) {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    std::vector<doctor::Examination> all;
    if (connection) {
        auto one = co_await parts_.doctor->examine(*connection, tenant);
        if (!one) {
            co_return problem(
                ports::Refusal("connection.unknown", {{"connection", connection->value}}),
                call.context);
        }
        all.push_back(std::move(*one));
    } else {
        all = co_await parts_.doctor->examine_all();
    }
    call.author.who = call.who;
    log_act(call, "examine", {{"connection", connection ? connection->value : "all"}});
    co_return json_answer(200, answer_of(all, call.context.language));
}

}   // namespace gateway::admin
