#include "adapters/altinn/altinn_client.hpp"

namespace gateway::altinn {

sdk::Task<Reply> AltinnClient::call(core::TenantId tenant, const Exchange& exchange,
                                    sdk::Deadline deadline) {
    auto token = token_request(settings_, tenant);
    altinn_platform::PlatformClient::Build make = [&] { return build(tenant, exchange); };
    co_return co_await platform_.call(std::move(token), std::move(make), exchange.effect, deadline);
}

sdk::Task<core::Result<sdk::HttpRequest>> AltinnClient::build(const core::TenantId& tenant,
                                                              const Exchange& exchange) {
    sdk::HttpRequest request(exchange.method, settings_.access.base_url + exchange.path);
    request.headers.emplace_back("Accept", "application/json");
    if (!exchange.content_type.empty()) {
        request.headers.emplace_back("Content-Type", exchange.content_type);
    }
    if (!exchange.streams()) {
        request.body = exchange.text();
        co_return std::move(request);
    }
    auto chain = std::make_unique<sdk::ChainSource>();
    for (const auto& piece : exchange.body) {
        if (!piece.document) {
            chain->add(std::make_unique<sdk::StringSource>(piece.text));
            continue;
        }
        auto source = co_await host_.documents.open(tenant, piece.document->sha256);
        if (!source) {
            co_return source.error();
        }
        chain->add(std::move(*source));
    }
    request.stream = std::move(chain);
    co_return std::move(request);
}

}   // namespace gateway::altinn
