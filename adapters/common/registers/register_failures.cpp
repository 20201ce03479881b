#include "adapters/common/registers/register_failures.hpp"

namespace gateway::registers {

sdk::RegisterFailure make_failure(core::Code code, core::Params params, bool passing) {
    sdk::RegisterFailure failure;
    failure.code = std::move(code);
    failure.params = std::move(params);
    failure.passing = passing;
    return failure;
}

sdk::RegisterFailure no_dataset(const sdk::RegisterQuery& query) {
    return make_failure("register.none", {{"dataset", query.dataset}}, false);
}

sdk::RegisterFailure failure_of(const sdk::TokenFailure& token) {
    auto failure = make_failure(token.code, token.params, token.passing);
    failure.retry_after = token.retry_after;
    return failure;
}

sdk::RegisterFailure failure_of(const core::Failure& exchange) {
    return make_failure(sdk::code_of_failure(exchange));
}

sdk::RegisterFailure failure_of(const sdk::Outcome& outcome) {
    auto failure =
        make_failure(outcome.code, outcome.params, outcome.verdict != sdk::Verdict::rejected);
    failure.retry_after = outcome.retry_after;
    return failure;
}

sdk::RegisterFailure failure_of_bad_answer(const sdk::HttpResponse& response) {
    return failure_of(sdk::outcome_of_bad_answer(response, sdk::Effect::none));
}

}   // namespace gateway::registers
