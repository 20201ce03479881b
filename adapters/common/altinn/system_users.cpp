#include "adapters/common/altinn/system_users.hpp"

#include "adapters/common/altinn/peer_problem.hpp"

namespace gateway::altinn_platform {
namespace {

constexpr std::size_t code_length_max = 40;

sdk::ActAnswer refused(core::Code code, core::Params params = {}) {
    sdk::ActAnswer answer;
    answer.code = std::move(code);
    answer.params = std::move(params);
    return answer;
}

sdk::ActAnswer answer_of(const sdk::Outcome& outcome) {
    sdk::ActAnswer answer = refused(outcome.code, outcome.params);
    answer.verdict = outcome.verdict;
    return answer;
}

sdk::ActAnswer accepted(json::Value value) {
    sdk::ActAnswer answer;
    answer.verdict = sdk::Verdict::accepted;
    answer.value = std::move(value);
    return answer;
}

/// The request in a good answer; null otherwise.
json::Value request_in(const Reply& reply) {
    if (!reply.response || (reply.response->status != 200 && reply.response->status != 201)) {
        return {};
    }
    const auto value = json::parse(reply.response->body);
    return value ? shown_request(*value) : json::Value();
}

/// Of an answer that holds no request.
sdk::ActAnswer refusal_in(const Reply& reply, sdk::Effect effect) {
    if (!reply.response) {
        return answer_of(reply.outcome);
    }
    const sdk::HttpResponse& response = *reply.response;
    if (const auto passing = sdk::outcome_of_passing_status(response)) {
        return answer_of(*passing);
    }
    if (response.status < 400) {
        return answer_of(sdk::outcome_of_bad_answer(response, effect));
    }
    const std::string status = std::to_string(response.status);
    if (response.status == 401 || response.status == 403) {
        return refused("system_user.access_refused", {{"status", status}});
    }
    const std::string code = problem_of(response)["code"].as_string();
    const bool plain =
        code.size() <= code_length_max &&
        code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ-.0123456789") == std::string::npos;
    return refused("system_user.refused",
                   {{"status", status}, {"code", code.empty() || !plain ? "-" : code}});
}

sdk::Task<core::Result<sdk::HttpRequest>> ready(sdk::HttpRequest request) {
    co_return std::move(request);
}

}   // namespace

bool SystemUsers::knows(std::string_view act) {
    return act == "request-system-user" || act == "system-user";
}

sdk::TokenRequest SystemUsers::token() const {
    sdk::TokenRequest request;
    request.scopes = settings_.scopes;
    return request;   // the client's own: who registered the system asks
}

sdk::Task<sdk::ActAnswer> SystemUsers::act(sdk::Act act, sdk::Deadline deadline) {
    if (settings_.system_id.empty()) {
        co_return refused("system_user.system_missing");
    }
    const auto wish = read_wish(settings_, act.with);
    if (!wish) {
        co_return refused("system_user.wish_wrong");
    }
    if (act.name == "request-system-user") {
        co_return co_await request(*wish, deadline);
    }
    co_return co_await look(*wish, deadline);
}

sdk::Task<sdk::ActAnswer> SystemUsers::request(const SystemUserWish& wish, sdk::Deadline deadline) {
    if (wish.rights.empty() && wish.packages.empty()) {
        co_return refused("system_user.wish_wrong");
    }
    PlatformClient::Build build = [&] {
        return ready(request_system_user(access_, settings_, wish));
    };
    const auto reply =
        co_await client_.call(token(), std::move(build), sdk::Effect::possible, deadline);
    json::Value made = request_in(reply);
    if (!made.is_null()) {
        co_return accepted(shown_wish(settings_, wish).set("request", std::move(made)));
    }
    auto refusal = refusal_in(reply, sdk::Effect::possible);
    // A lost answer, or one there is already: what there is, is shown.
    const bool there_already = reply.response && reply.response->status == 409;
    if (refusal.verdict == sdk::Verdict::unknown || there_already) {
        auto found = co_await look(wish, deadline);
        if (!found.value["request"].is_null()) {
            co_return found;
        }
    }
    co_return refusal;
}

sdk::Task<sdk::ActAnswer> SystemUsers::look(const SystemUserWish& wish, sdk::Deadline deadline) {
    PlatformClient::Build build = [&] { return ready(find_system_user(access_, settings_, wish)); };
    const auto reply =
        co_await client_.call(token(), std::move(build), sdk::Effect::none, deadline);
    auto shown = shown_wish(settings_, wish);
    if (reply.response && reply.response->status == 404) {
        co_return accepted(std::move(shown));
    }
    json::Value found = request_in(reply);
    if (found.is_null()) {
        co_return refusal_in(reply, sdk::Effect::none);
    }
    shown.set("request", std::move(found));
    co_return accepted(std::move(shown));
}

}   // namespace gateway::altinn_platform
