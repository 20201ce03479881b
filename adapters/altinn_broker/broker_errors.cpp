#include "adapters/altinn_broker/broker_errors.hpp"

#include "adapters/common/altinn/peer_problem.hpp"

#include <array>
#include <string>

namespace gateway::altinn_broker {

using altinn_platform::holds;
using altinn_platform::is_html;
using altinn_platform::number_in;
using altinn_platform::problem_of;
using altinn_platform::written;

namespace {

constexpr std::array<int, 14> with_texts{1, 2, 4, 5, 6, 7, 9, 16, 19, 20, 21, 26, 27, 28};
// The upload failed at Altinn's side, the storage is not ready.
constexpr std::array<int, 2> passing{8, 21};

int number_of(const json::Value& problem) {
    return number_in(problem, "BRO");
}

}   // namespace

std::span<const int> numbers_with_texts() {
    return with_texts;
}

int problem_number(const sdk::HttpResponse& response) {
    return number_of(problem_of(response));
}

sdk::Outcome outcome_of_refusal(const sdk::HttpResponse& response) {
    const json::Value problem = problem_of(response);
    const int number = number_of(problem);
    sdk::Outcome outcome(sdk::Verdict::rejected);
    outcome.upstream_text = sdk::peer_text(response.body);
    if (number != 0) {
        if (holds(with_texts, number)) {
            outcome.code = core::Code(written(number, "altinn_broker.bro_%05d"));
        } else {
            outcome.code = "altinn_broker.refused";
            outcome.params.emplace_back("code", written(number, "BRO-%05d"));
        }
        altinn_platform::mark_if_passing(outcome, response, number, passing);
        return outcome;
    }
    if (auto later = sdk::outcome_of_passing_status(response)) {
        return std::move(*later);
    }
    if (response.status == 401 || response.status == 403) {
        outcome.code = "altinn_broker.access_refused";
        outcome.params.emplace_back("code", std::to_string(response.status));
    } else if (problem.is_null() && is_html(response)) {
        return sdk::outcome_of_bad_answer(response,
                                          sdk::Effect::none);   // not Altinn, something on the way
    } else if (response.status == 413) {
        outcome.code = "altinn_broker.bro_00016";
    } else {
        outcome.code = "altinn_broker.refused";
        outcome.params.emplace_back("code", std::to_string(response.status));
    }
    return outcome;
}

}   // namespace gateway::altinn_broker
