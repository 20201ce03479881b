#include "adapters/altinn_forms/forms_client.hpp"

namespace gateway::altinn_forms {
namespace {

sdk::Task<core::Result<sdk::HttpRequest>> ready(sdk::HttpRequest request) {
    co_return std::move(request);
}

}   // namespace

sdk::Task<Reply> FormsClient::call(Make make, sdk::Effect effect, sdk::Deadline deadline) {
    altinn_platform::PlatformClient::Build build = [&make] { return ready(make()); };
    co_return co_await platform_.call(token_request(settings_), std::move(build), effect, deadline);
}

sdk::Task<Reply> FormsClient::call_streaming(altinn_platform::PlatformClient::Build build,
                                             sdk::Effect effect, sdk::Deadline deadline) {
    co_return co_await platform_.call(token_request(settings_), std::move(build), effect, deadline);
}

sdk::Outcome outcome_of(const Reply& reply) {
    if (!reply.response) {
        return reply.outcome;
    }
    const sdk::HttpResponse& response = *reply.response;
    if (auto passing = sdk::outcome_of_passing_status(response)) {
        return std::move(*passing);
    }
    if (response.status < 400) {
        return sdk::outcome_of_bad_answer(response, sdk::Effect::none);
    }
    sdk::Outcome outcome(sdk::Verdict::rejected, "altinn_forms.refused");
    if (response.status == 401 || response.status == 403) {
        outcome.code = "altinn_forms.access_refused";
    } else if (response.status == 404 || response.status == 410) {
        outcome.code = "altinn_forms.not_found";
    }
    outcome.params.emplace_back("status", std::to_string(response.status));
    outcome.upstream_text = sdk::peer_text(response.body);
    return outcome;
}

}   // namespace gateway::altinn_forms
