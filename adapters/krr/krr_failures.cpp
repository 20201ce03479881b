#include "adapters/krr/krr_failures.hpp"

namespace gateway::krr {

std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response) {
    if (response.status == 200) {
        return std::nullopt;
    }
    if (const auto passing = sdk::outcome_of_passing_status(response)) {
        return failure_of(*passing);
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

}   // namespace gateway::krr
