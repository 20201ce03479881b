#include "adapters/altinn/altinn_adapter.hpp"
#include "adapters/altinn/altinn_errors.hpp"

namespace gateway::altinn {

namespace {

constexpr int letter_unknown = 1001;

}   // namespace

sdk::Needs AltinnAdapter::needs(const core::TenantId& tenant) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.access.base_url);
    needs.tokens.push_back(token_request(settings_, tenant));
    for (const auto& source : settings_.sources) {
        if (source.tenant == tenant) {
            needs.tokens.push_back(receiving_token(settings_, source));
        }
    }
    return needs;
}

/// A letter that nobody has: whoever is told so with Correspondence's own number has been let in.
sdk::Task<sdk::ProbeAnswer> AltinnAdapter::probe(core::TenantId tenant, sdk::Deadline deadline) {
    const auto exchange = get_overview(host_.ids.uuid().to_string());
    client_.end_pauses();
    const auto reply = co_await client_.call(tenant, exchange, deadline);
    if (!reply.response) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, reply.outcome.code, reply.outcome.params);
    }
    auto read = sdk::read_probe(*reply.response);
    if (reply.response->status == 404 && problem_number(*reply.response) == letter_unknown) {
        read.finding = sdk::Finding::green;
        read.code = {};
        read.proves_access = true;
    }
    if (read.finding == sdk::Finding::green && client_.lacks_owner(tenant)) {
        read.finding = sdk::Finding::yellow;
        read.code = core::Code("altinn.not_service_owner");
    }
    co_return read;
}

}   // namespace gateway::altinn
