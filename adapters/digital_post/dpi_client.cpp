#include "adapters/digital_post/dpi_client.hpp"

#include "adapters/digital_post/dpi_exchange.hpp"

namespace gateway::digital_post {

sdk::Outcome outcome_of(const sdk::TokenFailure& failure) {
    sdk::Outcome outcome(failure.passing ? sdk::Verdict::try_later : sdk::Verdict::rejected,
                         failure.code, failure.params);
    outcome.retry_after = failure.retry_after;
    outcome.target_at_fault =
        failure.passing;   // without a token every letter of the connection waits
    return outcome;
}

sdk::Task<Reply> Client::call(sdk::TokenRequest token, Build build, sdk::Deadline deadline) {
    for (int attempt = 0;; ++attempt) {
        const auto answer = co_await host_.tokens.token(token, deadline);
        if (!answer.token) {
            co_return Reply(outcome_of(answer.failure));
        }
        auto request = build();
        authorise(request, answer.token->value);
        auto response = co_await host_.http.send(std::move(request), deadline);
        if (!response) {
            co_return Reply(sdk::outcome_of_failure(response.error(), sdk::Effect::none));
        }
        if (response->status != 401 || attempt > 0) {
            co_return Reply(std::move(*response));
        }
        host_.tokens.invalidate(token, answer.token->value);
    }
}

}   // namespace gateway::digital_post
