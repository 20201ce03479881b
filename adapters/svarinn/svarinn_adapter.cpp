#include "adapters/svarinn/svarinn_adapter.hpp"

#include "gateway/sdk/exchange.hpp"

namespace gateway::svarinn {

SvarInnAdapter::SvarInnAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)), host_(host), poller_(settings_, host) {}

sdk::Task<core::Result<void>> SvarInnAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // a key that is away now may be there when something comes
}

sdk::Task<void> SvarInnAdapter::stop(sdk::Deadline) {
    co_return;
}

sdk::Task<sdk::Health> SvarInnAdapter::check_health(sdk::Deadline deadline) {
    const auto response = co_await host_.http.send(known_request(settings_), deadline);
    if (!response) {
        co_return sdk::Health(sdk::Condition::down, sdk::code_of_failure(response.error()));
    }
    if (const auto passing = sdk::outcome_of_passing_status(*response)) {
        co_return sdk::Health(sdk::Condition::degraded, passing->code, passing->params);
    }
    if (const auto& trouble = poller_.trouble()) {
        co_return sdk::Health(sdk::Condition::degraded, trouble->code, trouble->params);
    }
    const auto keys = co_await host_.keys.opening_public_keys();
    if (!keys || keys->empty()) {
        co_return sdk::Health(sdk::Condition::degraded, "svarinn.key_unavailable");
    }
    co_return sdk::Health();
}

sdk::Task<void> SvarInnAdapter::receive() {
    co_await poller_.run();
}

sdk::Task<sdk::Outcome> SvarInnAdapter::settled(sdk::InboundSettled what, sdk::Deadline deadline) {
    co_return co_await poller_.settle(std::move(what), deadline);
}

std::span<const sdk::Capability> capabilities() {
    return {};   // it sends nothing
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<SvarInnAdapter>(std::move(*settings), host));
}

}   // namespace gateway::svarinn
