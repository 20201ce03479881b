#include "adapters/maskinporten/maskinporten_adapter.hpp"
#include "adapters/maskinporten/maskinporten_errors.hpp"

// An examination asks past every cache: what is kept may hide that nothing new can be had.

namespace gateway::maskinporten {

sdk::Needs MaskinportenAdapter::needs(const core::TenantId&) const {
    sdk::Needs needs;   // its scopes are those of the connections that borrow from it
    needs.places.push_back(settings_.base_url);
    return needs;
}

/// The metadata document, which is given to everybody.
sdk::Task<sdk::ProbeAnswer> MaskinportenAdapter::probe(core::TenantId, sdk::Deadline deadline) {
    const auto answer = co_await host_.http.send(metadata_request(settings_), deadline);
    if (!answer) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, code_without_answer(answer.error()));
    }
    auto read = sdk::read_probe(*answer);
    if (read.finding != sdk::Finding::green) {
        co_return read;
    }
    const auto metadata = read_metadata(settings_, *answer);
    if (!metadata) {
        const bool other = metadata.error().is(core::Errc::conflict);
        co_return sdk::ProbeAnswer(sdk::Finding::red,
                                   other ? core::Code("maskinporten.metadata_mismatch")
                                         : core::Code("doctor.call.not_the_component"),
                                   std::move(read.params));
    }
    read.proves_access = false;
    co_return read;
}

sdk::Task<sdk::TokenAnswer> MaskinportenAdapter::fresh_token(sdk::TokenRequest request,
                                                             sdk::Deadline deadline) {
    request = normalised(settings_, std::move(request));
    auto reply = co_await fetch_once(request, deadline);
    if (reply.repeat_with_new_grant) {
        reply = co_await fetch_once(request, deadline);
    }
    sdk::TokenAnswer answer;
    if (reply.ok()) {
        answer.token = sdk::Token(reply.token, host_.clock.now() + reply.expires_in);
    } else {
        answer.failure = reply.failure;
    }
    co_return answer;
}

}   // namespace gateway::maskinporten
