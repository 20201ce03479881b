#include "adapters/common/fiks/fiks_errors.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::fiks_platform {

using sdk::Outcome;
using sdk::Verdict;

namespace {

constexpr std::size_t error_id_bytes_max = 64;

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return made;
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= error_id_bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
           });
}

/// KS tells the two apart in words alone, on purpose not saying which of org, password and id.
Outcome unauthorised(const sdk::HttpResponse& response, const Access& access,
                     std::string_view token) {
    const std::string said = lower(response.body);
    Outcome outcome(Verdict::try_later, "fiks.unauthorised");
    if (said.find("access_token") != std::string::npos) {
        outcome.code = "fiks.token_refused";
    } else if (said.find("autentisering feilet") != std::string::npos) {
        const std::string consumer = consumer_of(token);
        outcome.code = "fiks.integration_refused";
        if (!access.organisation.empty() && !consumer.empty() && consumer != access.organisation) {
            outcome.code = "fiks.integration_of_other";
            outcome.params.emplace_back("expected", access.organisation);
        }
        outcome.params.emplace_back("organisation", consumer.empty() ? "-" : consumer);
    }
    outcome.target_at_fault = true;   // every call of the connection would be refused alike
    return outcome;
}

}   // namespace

PeerError read_error(const sdk::HttpResponse& response) {
    PeerError error;
    const auto body = json::parse(response.body);
    if (!body || !body->is_object()) {
        return error;
    }
    if (is_id((*body)["errorId"].as_string())) {
        error.id = (*body)["errorId"].as_string();
    }
    error.code = (*body)["errorCode"].as_string();
    error.message = (*body)["message"].as_string();
    error.more = (*body)["errorJson"];
    if (error.more.is_string()) {
        const auto inner = json::parse(error.more.as_string());
        error.more = inner ? *inner : json::Value();
    }
    return error;
}

std::string error_id(const sdk::HttpResponse& response) {
    const auto error = read_error(response);
    return error.id.empty() ? "-" : error.id;
}

std::optional<Outcome> outcome_of_common_refusal(const sdk::HttpResponse& response,
                                                 const Access& access, std::string_view token) {
    auto outcome = sdk::outcome_of_passing_status(response);
    if (outcome) {
        return outcome;
    }
    if (response.status == 401) {
        outcome = unauthorised(response, access, token);
    } else if (response.status == 403) {
        outcome.emplace(Verdict::rejected, "fiks.no_access");
    } else {
        return std::nullopt;
    }
    outcome->params.emplace_back("error", error_id(response));
    outcome->upstream_text = sdk::peer_text(response.body);
    return outcome;
}

Outcome outcome_of_refusal(const sdk::HttpResponse& response) {
    Outcome outcome(Verdict::rejected, "fiks.refused",
                    {{"status", std::to_string(response.status)}, {"error", error_id(response)}});
    outcome.upstream_text = sdk::peer_text(response.body);
    return outcome;
}

}   // namespace gateway::fiks_platform
