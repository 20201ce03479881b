#include "adapters/fiks_io/fiks_adapter.hpp"

namespace gateway::fiks_io {

FiksIoAdapter::FiksIoAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)), catalogue_(settings_, host) {}

sdk::Task<core::Result<void>> FiksIoAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // Fiks may be down now and up when a message comes
}

sdk::Task<void> FiksIoAdapter::stop(sdk::Deadline) {
    co_return;
}

/// Whether Fiks answers us, by a question without effect: how our first account is.
sdk::Task<sdk::Health> FiksIoAdapter::check_health(sdk::Deadline deadline) {
    const auto status = co_await catalogue_.status(settings_.accounts.front().account, deadline);
    if (!status.value) {
        const bool away = status.outcome.code.value.starts_with("upstream.");
        co_return sdk::Health(away ? sdk::Condition::down : sdk::Condition::degraded,
                              status.outcome.code, status.outcome.params);
    }
    co_return sdk::Health();
}

std::span<const sdk::Capability> capabilities() {
    return {};
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<FiksIoAdapter>(std::move(*settings), host));
}

}   // namespace gateway::fiks_io
