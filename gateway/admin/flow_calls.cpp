#include "gateway/admin/api.hpp"
#include "gateway/admin/flow_now.hpp"
#include "gateway/admin/flow_stream.hpp"
#include "gateway/view/refusal.hpp"

// The flow as it is now, once or as it changes.

namespace gateway::admin {

sdk::Task<http::Response> AdminApi::flow(AdminCall& call) {
    ports::Refusal refusal;
    auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto part = call.session ? systems_of(call.session->grants, tenant->value)
                                   : std::set<std::string, std::less<>>();
    if (call.request.header("Accept").find("text/event-stream") != std::string_view::npos) {
        http::Response response(200);
        response.headers.emplace_back("Content-Type", "text/event-stream");
        response.headers.emplace_back("Cache-Control", "no-store");
        response.stream =
            make_flow_stream(parts_, *flow_watch_, draining_, std::move(*tenant), part);
        response.flush_each_read = true;
        co_return response;
    }
    auto view = co_await flow_now(parts_, *tenant);
    if (!view) {
        co_return problem(view::refusal_of(view.error()), call.context);
    }
    if (!part.empty()) {
        keep_systems(*view, part);
    }
    co_return json_answer(200, *view);
}

}   // namespace gateway::admin
