#include "adapters/krr/krr_caller.hpp"

#include "adapters/krr/krr_failures.hpp"

namespace gateway::krr {

sdk::Task<Reply> Caller::call_with_token(core::TenantId tenant, Make make, sdk::Deadline deadline) {
    const auto wanted = token_request(settings_, tenant);
    for (int attempt = 0;; ++attempt) {
        const auto answer = co_await host_.tokens.token(wanted, deadline);
        if (!answer.token) {
            Reply none;
            none.failure = failure_of(answer.failure);
            co_return none;
        }
        auto request = make();
        request.headers.emplace_back("Authorization", "Bearer " + answer.token->value);
        auto reply = co_await send(std::move(request), deadline);
        if (attempt > 0 || !reply.response || reply.response->status != 401) {
            co_return reply;
        }
        host_.tokens.invalidate(wanted, answer.token->value);
    }
}

sdk::Task<Reply> Caller::call(Make make, sdk::Deadline deadline) {
    auto request = make();
    co_return co_await send(std::move(request), deadline);
}

sdk::Task<Reply> Caller::send(sdk::HttpRequest request, sdk::Deadline deadline) {
    Reply reply;
    reply.asked_at = host_.clock.now();
    auto answer = co_await host_.http.send(std::move(request), deadline);
    if (answer) {
        reply.response = std::move(*answer);
    } else {
        reply.failure = failure_of(answer.error());
    }
    co_return reply;
}

}   // namespace gateway::krr
