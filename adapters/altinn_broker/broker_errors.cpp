#include "adapters/altinn_broker/broker_errors.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace gateway::altinn_broker {
namespace {

constexpr std::array<int, 14> with_texts{1, 2, 4, 5, 6, 7, 9, 16, 19, 20, 21, 26, 27, 28};
// The upload failed at Altinn's side, the storage is not ready.
constexpr std::array<int, 2> passing{8, 21};

template <class List>
bool holds(const List& list, int number) {
    return std::find(list.begin(), list.end(), number) != list.end();
}

std::string written(int number, const char* format) {
    char text[32];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

json::Value problem_of(const sdk::HttpResponse& response) {
    auto parsed = json::parse(response.body);
    return parsed && parsed->is_object() ? std::move(*parsed) : json::Value();
}

int number_of(const json::Value& problem) {
    const std::string& code = problem["code"].as_string();
    if (code.size() != 9 || code.compare(0, 4, "BRO-") != 0) {
        return 0;
    }
    int number = 0;
    for (const char c : code.substr(4)) {
        if (c < '0' || c > '9') {
            return 0;
        }
        number = number * 10 + (c - '0');
    }
    return number;
}

bool is_html(const sdk::HttpResponse& response) {
    return response.header("Content-Type").substr(0, 9) == "text/html" ||
           response.body.compare(0, 1, "<") == 0;
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
        if (holds(passing, number) || response.status >= 500 || response.status == 429) {
            outcome.verdict = sdk::Verdict::try_later;
            outcome.retry_after = response.retry_after();
            outcome.target_at_fault = response.status >= 500;
        }
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
