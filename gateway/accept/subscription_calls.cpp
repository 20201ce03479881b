#include "gateway/accept/api.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/view/refusal.hpp"

// /v1/subscriptions: what HTTP adds to ports::Subscriptions.

namespace gateway::accept {
namespace {

http::Response answer_of(ports::SubscriptionAnswer answer, const CallContext& context,
                         int status = 200) {
    if (answer.refusal) {
        return problem(*answer.refusal, context);
    }
    return json_answer(status, answer.view);
}

}   // namespace

sdk::Task<http::Response> PublicApi::subscriptions(Call& call) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    auto& all = *parts_.subscriptions;
    const std::string& method = call.request.method;
    const bool reads = method == "GET" || method == "HEAD";
    std::string_view rest(call.request.path);
    rest.remove_prefix(subscriptions_path.size());
    if (rest.empty() && reads) {
        auto answer = co_await all.list(call.caller);
        co_return answer_of(std::move(answer), call.context);
    }
    if (rest.empty() && method != "POST") {
        co_return problem(view::method_not_allowed("GET, HEAD, POST"), call.context);
    }
    const auto slash = rest.find('/', 1);
    const auto id =
        rest.empty() ? std::optional<core::Uuid>() : core::parse_uuid(rest.substr(1, slash - 1));
    if (!rest.empty() && !id) {
        co_return problem(ports::Refusal("subscription.not_found"), call.context);
    }
    const auto act = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
    json::Value body = json::Value::object();
    if ((rest.empty() && method == "POST") || method == "PATCH" || act == "/replay") {
        ports::Refusal refusal;
        auto read =
            co_await read_json(*call.request.body, parts_.configuration.current()->limits, refusal);
        if (!read) {
            co_return problem(refusal, call.context);
        }
        body = std::move(*read);
    }
    ports::SubscriptionAnswer answer;
    if (rest.empty()) {
        answer = co_await all.create(call.caller, std::move(body));
        const auto made = answer.view["id"].as_string();
        auto response = answer_of(std::move(answer), call.context, 201);
        if (response.status == 201) {
            response.headers.emplace_back("Location", std::string(subscriptions_path) + "/" + made);
        }
        co_return response;
    }
    if (act.empty() && reads) {
        answer = co_await all.find(call.caller, *id);
    } else if (act.empty() && method == "PATCH") {
        answer = co_await all.change(call.caller, *id, std::move(body));
    } else if (act.empty() && method == "DELETE") {
        answer = co_await all.remove(call.caller, *id);
        if (!answer.refusal) {
            co_return http::Response(204);
        }
    } else if (act.empty()) {
        co_return problem(view::method_not_allowed("GET, HEAD, PATCH, DELETE"), call.context);
    } else if (act != "/rotate" && act != "/replay" && act != "/test") {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    } else if (method != "POST") {
        co_return problem(view::method_not_allowed("POST"), call.context);
    } else if (act == "/rotate") {
        answer = co_await all.rotate(call.caller, *id);
    } else if (act == "/replay") {
        answer = co_await all.replay(call.caller, *id, std::move(body));
    } else {
        answer = co_await all.test(call.caller, *id);
    }
    co_return answer_of(std::move(answer), call.context);
}

}   // namespace gateway::accept
