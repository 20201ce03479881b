#include "adapters/krr/krr_failures.hpp"

namespace gateway::krr {
namespace {

sdk::RegisterFailure of_outcome(const sdk::Outcome& outcome) {
    auto failure = make_failure(outcome.code, outcome.params);
    failure.retry_after = outcome.retry_after;
    return failure;
}

}   // namespace

sdk::RegisterFailure make_failure(core::Code code, core::Params params, bool passing) {
    sdk::RegisterFailure failure;
    failure.code = std::move(code);
    failure.params = std::move(params);
    failure.passing = passing;
    return failure;
}

sdk::RegisterFailure failure_of(const sdk::TokenFailure& token) {
    auto failure = make_failure(token.code, token.params, token.passing);
    failure.retry_after = token.retry_after;
    return failure;
}

sdk::RegisterFailure failure_of(const core::Failure& exchange) {
    return make_failure(sdk::code_of_failure(exchange));
}

std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response) {
    if (response.status == 200) {
        return std::nullopt;
    }
    if (const auto passing = sdk::outcome_of_passing_status(response)) {
        return of_outcome(*passing);
    }
    core::Params params{{"status", std::to_string(response.status)}};
    if (response.status == 401 || response.status == 403) {
        return make_failure("krr.access_refused", std::move(params), false);
    }
    if (response.status >= 400) {
        return make_failure("krr.refused", std::move(params), false);
    }
    return failure_of_bad_answer(response);
}

sdk::RegisterFailure failure_of_bad_answer(const sdk::HttpResponse& response) {
    return of_outcome(sdk::outcome_of_bad_answer(response, sdk::Effect::none));
}

}   // namespace gateway::krr
