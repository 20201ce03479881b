#include "adapters/altinn_broker/broker_adapter.hpp"
#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_exchange.hpp"

namespace gateway::altinn_broker {

namespace {

sdk::Task<core::Result<sdk::HttpRequest>> examined_transfer(std::string url, std::string id) {
    co_return get_overview(url, id);
}

}   // namespace

sdk::Needs BrokerAdapter::needs(const core::TenantId& tenant) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.access.base_url);
    needs.tokens.push_back(token_of(settings_, tenant.value));
    for (const auto& source : settings_.sources) {
        if (source.tenant == tenant) {
            needs.tokens.push_back(token_of(settings_, source.organisation));
        }
    }
    return needs;
}

/// A transfer that nobody has: whoever is told so with Broker's own number has been let in. It
/// draws from the budget of calls, not from that of searches.
sdk::Task<sdk::ProbeAnswer> BrokerAdapter::probe(core::TenantId tenant, sdk::Deadline deadline) {
    const auto url = settings_.access.base_url;
    const auto id = host_.ids.uuid().to_string();
    altinn_platform::PlatformClient::Build build =
        [url, id]() -> sdk::Task<core::Result<sdk::HttpRequest>> {
        return examined_transfer(url, id);
    };
    auto token = token_of(settings_, tenant.value);
    client_.end_pauses();
    const auto reply =
        co_await client_.call(std::move(token), std::move(build), sdk::Effect::none, deadline);
    if (!reply.response) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, reply.outcome.code, reply.outcome.params);
    }
    auto read = sdk::read_probe(*reply.response);
    if (reply.response->status == 404 && problem_number(*reply.response) != 0) {
        read.finding = sdk::Finding::green;
        read.code = {};
        read.proves_access = true;
    }
    co_return read;
}

}   // namespace gateway::altinn_broker
