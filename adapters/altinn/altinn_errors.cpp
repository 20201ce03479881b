#include "adapters/altinn/altinn_errors.hpp"

#include "adapters/common/altinn/peer_problem.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace gateway::altinn {

using altinn_platform::holds;
using altinn_platform::is_html;
using altinn_platform::number_in;
using altinn_platform::problem_of;
using altinn_platform::written;

namespace {

constexpr std::array<int, 83> with_texts{
    1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1013, 1014, 1016, 1017, 1018,
    1022, 1023, 1026, 1029, 1030, 1032, 1033, 1034, 1035, 1036, 1037, 1038, 1039, 1042,
    1043, 1044, 1045, 1046, 1047, 1050, 1051, 1052, 1053, 1054, 1055, 1060, 1061, 2000,
    2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 2010, 2011, 2012, 2013, 2014,
    2015, 2016, 2017, 2022, 3001, 3002, 3003, 3004, 3005, 3006, 3007, 3020, 3021, 3024,
    3025, 3026, 3028, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4010};

// KRR did not answer, the resource registry did not answer, the storage failed, the upload was
// slow; and the notification service failed, which answers 500.
constexpr std::array<int, 6> passing{1032, 2000, 2002, 2022, 3026, 3028};

constexpr std::size_t paths_length_max = 200;

/// Names of fields, without anything a value could hide in.
void add_path(std::string& paths, const std::string& path) {
    const bool plain =
        !path.empty() && path.size() <= 80 && std::all_of(path.begin(), path.end(), [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '[' ||
                   c == ']' || c == '_' || c == '$';
        });
    if (plain && paths.size() + path.size() < paths_length_max &&
        paths.find(path) == std::string::npos) {
        paths += paths.empty() ? path : ", " + path;
    }
}

std::string validation_paths(const json::Value& problem) {
    std::string paths;
    for (const auto& error : problem["validationErrors"].items()) {
        for (const auto& path : error["paths"].items()) {
            add_path(paths, path.as_string());
        }
    }
    for (const auto& [field, messages] : problem["errors"].members()) {
        add_path(paths, field);
    }
    return paths.empty() ? "-" : paths;
}

int number_of(const json::Value& problem) {
    if (const std::int64_t number = problem["errorCode"].as_int(); number > 0 && number < 100'000) {
        return static_cast<int>(number);
    }
    return number_in(problem, "CORR");
}

/// The code and parameters of a numbered refusal: its own words, or those of its range.
void name_number(sdk::Outcome& outcome, int number) {
    if (holds(with_texts, number)) {
        outcome.code = core::Code(written(number, "altinn.corr_%05d"));
        return;
    }
    outcome.params.emplace_back("code", written(number, "CORR-%05d"));
    switch (number / 1000) {
    case 2: outcome.code = "altinn.attachment_refused"; break;
    case 3: outcome.code = "altinn.notification_refused"; break;
    case 4: outcome.code = "altinn.access_refused"; break;
    default: outcome.code = "altinn.correspondence_refused"; break;
    }
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
        name_number(outcome, number);
        altinn_platform::mark_if_passing(outcome, response, number, passing);
        return outcome;
    }
    if (auto later = sdk::outcome_of_passing_status(response)) {
        return std::move(*later);
    }
    if (response.status == 401 || response.status == 403) {
        outcome.code = "altinn.access_refused";
        outcome.params.emplace_back("code", std::to_string(response.status));
    } else if (problem.is_null() && is_html(response)) {
        return sdk::outcome_of_bad_answer(response,
                                          sdk::Effect::none);   // not Altinn, something on the way
    } else if (problem.has("validationErrors") || problem.has("errors")) {
        outcome.code = "altinn.validation_failed";
        outcome.params.emplace_back("paths", validation_paths(problem));
    } else if (response.status == 400) {
        outcome.code = "altinn.correspondence_refused";   // some faults answer with a bare string
        outcome.params.emplace_back("code", "400");
    } else {
        outcome.code = "upstream.refused";
        outcome.params.emplace_back("status", std::to_string(response.status));
    }
    return outcome;
}

}   // namespace gateway::altinn
