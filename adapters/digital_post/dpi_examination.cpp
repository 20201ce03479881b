#include "adapters/digital_post/dpi_adapter.hpp"
#include "adapters/digital_post/dpi_answers.hpp"
#include "adapters/digital_post/dpi_exchange.hpp"

namespace gateway::digital_post {

sdk::Needs DigitalPostAdapter::needs(const core::TenantId& tenant) const {
    sdk::Needs needs;
    needs.places.push_back(settings_.base_url);
    needs.tokens.push_back(sending_token(settings_, tenant));
    needs.tokens.push_back(receiving_token(settings_));
    return needs;
}

/// What waits for us at corner 2, one at most: it stays unread until it is marked.
sdk::Task<sdk::ProbeAnswer> DigitalPostAdapter::probe(core::TenantId, sdk::Deadline deadline) {
    Client::Build build = [&] { return unread_request(settings_.base_url, settings_.channel, 1); };
    const auto reply =
        co_await client_.call(receiving_token(settings_), std::move(build), deadline);
    if (!reply.response) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, reply.outcome.code, reply.outcome.params);
    }
    auto read = sdk::read_probe(*reply.response);
    if (read.finding == sdk::Finding::green && !read_unread(*reply.response)) {
        co_return sdk::ProbeAnswer(sdk::Finding::red, "doctor.call.not_the_component",
                                   std::move(read.params));
    }
    co_return read;
}

}   // namespace gateway::digital_post
