#include "adapters/common/altinn/peer_problem.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace gateway::altinn_platform {
namespace {

constexpr std::size_t digits = 5;

}   // namespace

json::Value problem_of(const sdk::HttpResponse& response) {
    auto parsed = json::parse(response.body);
    return parsed && parsed->is_object() ? std::move(*parsed) : json::Value();
}

int number_in(const json::Value& problem, std::string_view prefix) {
    const std::string_view code = problem["code"].as_string();
    if (code.size() != prefix.size() + 1 + digits || !code.starts_with(prefix) ||
        code[prefix.size()] != '-') {
        return 0;
    }
    int number = 0;
    for (const char c : code.substr(prefix.size() + 1)) {
        if (c < '0' || c > '9') {
            return 0;
        }
        number = number * 10 + (c - '0');
    }
    return number;
}

std::string written(int number, const char* format) {
    char text[32];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

bool holds(std::span<const int> numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool is_html(const sdk::HttpResponse& response) {
    return response.header("Content-Type").substr(0, 9) == "text/html" ||
           response.body.compare(0, 1, "<") == 0;
}

void mark_if_passing(sdk::Outcome& outcome, const sdk::HttpResponse& response, int number,
                     std::span<const int> passing) {
    if (holds(passing, number) || response.status >= 500 || response.status == 429) {
        outcome.verdict = sdk::Verdict::try_later;
        outcome.retry_after = response.retry_after();
        outcome.target_at_fault = response.status >= 500;
    }
}

}   // namespace gateway::altinn_platform
