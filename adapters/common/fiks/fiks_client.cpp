#include "adapters/common/fiks/fiks_client.hpp"

#include "adapters/common/fiks/fiks_errors.hpp"

namespace gateway::fiks_platform {

using sdk::Outcome;
using sdk::Verdict;

namespace {

sdk::Task<Built> plain_get(std::string url) {
    sdk::HttpRequest request("GET", std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    co_return Built(std::move(request));
}

/// Turned away before anything was done.
bool at_the_door(int status) {
    return status == 408 || status == 429 || status == 503;
}

Reply judge(sdk::HttpResponse response, const Access& access, const std::string& token,
            sdk::Effect effect) {
    auto common = outcome_of_common_refusal(response, access, token);
    if (!common) {
        return Reply(std::move(response));
    }
    if (response.status >= 500 && effect == sdk::Effect::possible &&
        !at_the_door(response.status)) {
        common->verdict = Verdict::unknown;
    }
    return Reply(std::move(*common));
}

}   // namespace

Outcome outcome_of(const sdk::TokenFailure& failure) {
    Outcome outcome(failure.passing ? Verdict::try_later : Verdict::rejected, failure.code,
                    failure.params);
    outcome.retry_after = failure.retry_after;
    outcome.target_at_fault = failure.passing;   // without a token all of the connection waits
    return outcome;
}

sdk::Task<Reply> Client::call(Build build, sdk::Effect effect, sdk::Deadline deadline) {
    const auto wish = token_request(access_);
    for (int tries = 1;; ++tries) {
        const auto answer = co_await host_.tokens.token(wish, deadline);
        if (!answer.token) {
            co_return Reply(outcome_of(answer.failure));
        }
        auto built = co_await build();
        if (!built.request) {
            co_return Reply(std::move(built.outcome));
        }
        authorise(*built.request, access_, answer.token->value);
        auto response = co_await host_.http.send(std::move(*built.request), deadline);
        if (!response) {
            co_return Reply(sdk::outcome_of_failure(response.error(), effect));
        }
        if (response->status != 401 || tries > 1) {
            co_return judge(std::move(*response), access_, answer.token->value, effect);
        }
        host_.tokens.invalidate(wish, answer.token->value);
    }
}

sdk::Task<Reply> Client::get(std::string url, sdk::Deadline deadline) {
    Build build = [&] { return plain_get(url); };
    co_return co_await call(std::move(build), sdk::Effect::none, deadline);
}

}   // namespace gateway::fiks_platform
