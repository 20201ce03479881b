#include "adapters/common/altinn/platform_client.hpp"

#include "gateway/crypto/jws.hpp"

#include <algorithm>

namespace gateway::altinn_platform {

using std::chrono::seconds;

namespace {

constexpr seconds exchange_time_max{20};
constexpr seconds token_life_max{30 *
                                 60};   // what Altinn says of its tokens; never believed for longer
constexpr seconds margin{30};           // not given out shorter than this before its end
constexpr seconds failure_pause{2};
constexpr std::size_t tenants_max = 1000;
constexpr std::size_t token_bytes_max = 64U << 10U;

sdk::TokenFailure token_failure(core::Code code, bool passing) {
    sdk::TokenFailure failure;
    failure.code = std::move(code);
    failure.passing = passing;
    return failure;
}

sdk::Outcome outcome_of(const sdk::TokenFailure& failure) {
    sdk::Outcome outcome(failure.passing ? sdk::Verdict::try_later : sdk::Verdict::rejected,
                         failure.code, failure.params);
    outcome.retry_after = failure.retry_after;
    outcome.target_at_fault =
        failure.passing;   // without a token every letter of the connection waits
    return outcome;
}

/// The token itself: text, by some gateways in JSON quotes.
std::string bare(std::string_view body) {
    const auto first = body.find_first_not_of(" \t\r\n\"");
    const auto last = body.find_last_not_of(" \t\r\n\"");
    return first == std::string_view::npos ? std::string()
                                           : std::string(body.substr(first, last - first + 1));
}

}   // namespace

sdk::Outcome document_outcome(const core::Failure& failure) {
    const bool gone = failure.is(core::Errc::not_found) || failure.is(core::Errc::corrupted);
    return sdk::Outcome(gone ? sdk::Verdict::rejected : sdk::Verdict::try_later,
                        "delivery.document_unreadable");
}

sdk::Task<Reply> PlatformClient::call(sdk::TokenRequest request, Build build, sdk::Effect effect,
                                      sdk::Deadline deadline) {
    for (int attempt = 0;; ++attempt) {
        const auto answer = co_await token(request, deadline);
        if (!answer.token) {
            co_return Reply(outcome_of(answer.failure));
        }
        auto call = co_await build();
        if (!call) {
            co_return Reply(document_outcome(call.error()));
        }
        call->headers.emplace_back("Authorization", "Bearer " + answer.token->value);
        if (!access_.subscription_key.empty()) {
            call->headers.emplace_back("Ocp-Apim-Subscription-Key", access_.subscription_key);
        }
        auto response = co_await host_.http.send(std::move(*call), deadline);
        if (!response) {
            co_return Reply(sdk::outcome_of_failure(response.error(), effect));
        }
        if (response->status != 401 || attempt > 0) {
            co_return Reply(std::move(*response));
        }
        invalidate(request, answer.token->value);
    }
}

sdk::Task<void> PlatformClient::stop() {
    for (auto& [request, entry] : entries_) {
        co_await entry->flight.stop();
    }
}

sdk::Task<sdk::Health> PlatformClient::check_health(sdk::Deadline deadline) {
    sdk::HttpRequest request(
        "GET", access_.base_url + "/authentication/api/v1/openid/.well-known/openid-configuration");
    const auto answer = co_await host_.http.send(std::move(request), deadline);
    if (!answer) {
        co_return sdk::Health(sdk::Condition::down, sdk::code_of_failure(answer.error()));
    }
    if (const auto passing = sdk::outcome_of_passing_status(*answer)) {
        co_return sdk::Health(sdk::Condition::degraded, passing->code, passing->params);
    }
    if (const auto trouble = token_trouble()) {
        co_return sdk::Health(sdk::Condition::degraded, trouble->code, trouble->params);
    }
    co_return sdk::Health();
}

std::optional<sdk::TokenFailure> PlatformClient::token_trouble() const {
    for (const auto& [request, entry] : entries_) {
        if (entry->failure) {
            return entry->failure;
        }
    }
    return std::nullopt;
}

void PlatformClient::end_pauses() {
    for (auto& [request, entry] : entries_) {
        if (entry->failure && !entry->failure->retry_after) {
            entry->retry_at = host_.clock.steady();
        }
    }
}

PlatformClient::Entry& PlatformClient::entry_for(const sdk::TokenRequest& request) {
    const auto found = entries_.find(request);
    if (found != entries_.end()) {
        return *found->second;
    }
    if (entries_.size() >= tenants_max) {
        std::erase_if(entries_, [](const auto& item) { return item.second->flight.idle(); });
    }
    return *entries_.emplace(request, std::make_unique<Entry>(host_.clock)).first->second;
}

sdk::Task<sdk::TokenAnswer> PlatformClient::token(sdk::TokenRequest request,
                                                  sdk::Deadline deadline) {
    if (!access_.exchange) {
        co_return co_await host_.tokens.token(std::move(request), deadline);
    }
    Entry& entry = entry_for(request);
    const auto now = host_.clock.steady();
    sdk::TokenAnswer answer;
    if (!entry.token.empty() && now < entry.ends_at) {
        answer.token = sdk::Token(entry.token, entry.expires_at);
        co_return answer;
    }
    if (entry.failure && now < entry.retry_at) {
        answer.failure = *entry.failure;
        co_return answer;
    }
    auto exchanging = exchange_token(std::move(request));
    auto exchanged = co_await entry.flight.join(deadline, std::move(exchanging));
    if (!exchanged) {
        answer.failure = token_failure("upstream.timed_out", true);
        co_return answer;
    }
    co_return std::move(*exchanged);
}

void PlatformClient::invalidate(const sdk::TokenRequest& request, const std::string& token) {
    if (!access_.exchange) {
        host_.tokens.invalidate(request, token);
        return;
    }
    const auto found = entries_.find(request);
    if (found != entries_.end() && found->second->token == token) {
        found->second->token.clear();
    }
}

/// From Maskinporten's token to Altinn's; a Maskinporten token that Altinn refuses is replaced
/// once.
sdk::Task<sdk::TokenAnswer> PlatformClient::exchange_token(sdk::TokenRequest request) {
    const auto deadline = host_.clock.in(exchange_time_max);
    sdk::TokenAnswer result;
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto maskinporten = co_await host_.tokens.token(request, deadline);
        if (!maskinporten.token) {
            result.failure = std::move(maskinporten.failure);
            break;
        }
        const auto response = co_await ask_for_exchange(*maskinporten.token, deadline);
        if (!response) {
            result.failure = token_failure(sdk::code_of_failure(response.error()), true);
            break;
        }
        result = read_exchanged(request, *response);
        if (response->status != 401) {
            break;
        }
        host_.tokens.invalidate(request, maskinporten.token->value);
    }
    keep(request, result);
    co_return result;
}

sdk::Task<core::Result<sdk::HttpResponse>>
PlatformClient::ask_for_exchange(const sdk::Token& token, sdk::Deadline deadline) {
    std::string url = access_.base_url + "/authentication/api/v1/exchange/maskinporten";
    if (access_.exchange_test) {
        url += "?test=true";
    }
    sdk::HttpRequest request("GET", std::move(url));
    request.headers.emplace_back("Authorization", "Bearer " + token.value);
    request.headers.emplace_back("Accept", "text/plain");
    if (!access_.subscription_key.empty()) {
        request.headers.emplace_back("Ocp-Apim-Subscription-Key", access_.subscription_key);
    }
    request.answer_bytes_max = token_bytes_max;
    co_return co_await host_.http.send(std::move(request), deadline);
}

sdk::TokenAnswer PlatformClient::read_exchanged(const sdk::TokenRequest& request,
                                                const sdk::HttpResponse& response) {
    sdk::TokenAnswer answer;
    if (const auto passing = sdk::outcome_of_passing_status(response)) {
        answer.failure = token_failure(passing->code, true);
        answer.failure.params = passing->params;
        answer.failure.retry_after = passing->retry_after;
        return answer;
    }
    if (response.status >= 400) {
        answer.failure = token_failure("altinn.exchange_refused", false);
        answer.failure.params.emplace_back("status", std::to_string(response.status));
        return answer;
    }
    const std::string token = bare(response.body);
    const auto parts = crypto::jws_split(token);
    const auto claims = parts ? json::parse(parts->payload_json) : json::parse("");
    if (response.status != 200 || !claims || !claims->is_object()) {
        answer.failure =
            token_failure(sdk::outcome_of_bad_answer(response, sdk::Effect::none).code, true);
        return answer;
    }
    const auto now = host_.clock.now();
    const core::Time said(seconds((*claims)["exp"].as_int()));
    const core::Time most = now + token_life_max;
    answer.token = sdk::Token(token, claims->has("exp") ? std::min(said, most) : most);
    const auto& scopes = request.scopes;
    const bool as_owner =
        std::find(scopes.begin(), scopes.end(), "altinn:serviceowner") != scopes.end();
    const bool lacks_owner = as_owner && !claims->has("urn:altinn:org");
    if (lacks_owner) {
        host_.log.write(sdk::Severity::warning, "altinn.not_service_owner", {});
    }
    if (const auto found = entries_.find(request); found != entries_.end()) {
        found->second->lacks_owner = lacks_owner;
    }
    return answer;
}

bool PlatformClient::lacks_owner(const sdk::TokenRequest& request) const {
    const auto found = entries_.find(request);
    return found != entries_.end() && found->second->lacks_owner;
}

void PlatformClient::keep(const sdk::TokenRequest& request, const sdk::TokenAnswer& answer) {
    const auto found = entries_.find(request);
    if (found == entries_.end()) {
        return;
    }
    Entry& entry = *found->second;
    const auto now = host_.clock.steady();
    if (!answer.token) {
        entry.failure = answer.failure;
        entry.retry_at =
            now + std::max(failure_pause, answer.failure.retry_after.value_or(seconds(0)));
        host_.log.write(sdk::Severity::warning, "altinn.no_token",
                        core::Params{{"code", answer.failure.code.value}});
        return;
    }
    entry.failure.reset();
    entry.token = answer.token->value;
    entry.expires_at = answer.token->expires_at;
    entry.ends_at = now + (entry.expires_at - host_.clock.now()) - margin;
}

}   // namespace gateway::altinn_platform
