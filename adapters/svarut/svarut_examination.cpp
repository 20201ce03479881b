#include "adapters/svarut/svarut_adapter.hpp"
#include "adapters/svarut/svarut_exchange.hpp"

namespace gateway::svarut {

sdk::Needs SvarUtAdapter::needs(const core::TenantId&) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.access.base_url);
    needs.tokens.push_back(fiks_platform::token_request(settings_.access));
    return needs;
}

/// The kinds of shipments there are: needs all three headers, and changes nothing.
sdk::Task<sdk::ProbeAnswer> SvarUtAdapter::probe(core::TenantId, sdk::Deadline deadline) {
    const auto reply = co_await client_.get(types_request(settings_.access.base_url).url, deadline);
    if (!reply.response) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, reply.outcome.code, reply.outcome.params);
    }
    co_return sdk::read_probe(*reply.response);
}

}   // namespace gateway::svarut
