#include "adapters/echo/echo_codec.hpp"

#include "gateway/sdk/exchange.hpp"

namespace gateway::echo {
namespace {

constexpr std::size_t reference_length_max = 200;

std::string reference_of(const sdk::HttpResponse& response) {
    if (!response.is_json()) {
        return {};
    }
    const auto body = json::parse(response.body);
    if (!body) {
        return {};
    }
    const std::string& id = (*body)["id"].as_string();
    return id.size() <= reference_length_max ? id : std::string();
}

}   // namespace

core::Result<Settings> read_settings(const std::string& base_url,
                                     const std::string& settings_json) {
    const auto parsed = json::parse_or_failure(settings_json);
    if (!parsed) {
        return parsed.error();
    }
    Settings settings;
    settings.base_url = base_url;
    if (const auto* path = parsed->find("path")) {
        settings.path = path->as_string();
    }
    if (base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "echo needs base_url");
    }
    return settings;
}

core::Channel channel_of(const json::Value& with) {
    return core::parse_channel(with["channel"].as_string()).value_or(core::Channel::digital);
}

std::vector<core::Problem> check(const json::Value& message, const json::Value& with) {
    std::vector<core::Problem> problems;
    if (message["mustBe"].as_string() == "paper" && core::is_digital(channel_of(with))) {
        problems.emplace_back("/mustBe", "letter.must_be_paper");
    }
    return problems;
}

sdk::HttpRequest encode(const Settings& settings, const core::Delivery& delivery) {
    sdk::HttpRequest request("POST", settings.base_url + settings.path);
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Idempotency-Key", delivery.upstream_key);
    const auto with = json::parse(delivery.settings.empty() ? "{}" : delivery.settings);
    if (with && with->has("queue")) {
        request.headers.emplace_back("X-Queue", (*with)["queue"].as_string());
    }
    request.body = delivery.content;
    return request;
}

sdk::Outcome decode(const core::Result<sdk::HttpResponse>& answer) {
    if (!answer) {
        return sdk::outcome_of_failure(answer.error(), sdk::Effect::possible);
    }
    if (auto passing = sdk::outcome_of_passing_status(*answer)) {
        return std::move(*passing);
    }
    if (answer->status >= 200 && answer->status < 300) {
        sdk::Outcome outcome(sdk::Verdict::accepted);
        outcome.upstream_reference = reference_of(*answer);
        outcome.delivered_already = true;   // nobody tells echo what happened later
        return outcome;
    }
    if (answer->status < 400) {
        return sdk::outcome_of_bad_answer(*answer,
                                          sdk::Effect::possible);   // a redirect is no answer
    }
    sdk::Outcome outcome(sdk::Verdict::rejected, "upstream.refused");
    outcome.params.emplace_back("status", std::to_string(answer->status));
    outcome.upstream_text = sdk::peer_text(answer->body);
    return outcome;
}

}   // namespace gateway::echo
