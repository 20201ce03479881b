#include "adapters/fiks_io/fiks_adapter.hpp"

#include <array>
#include <type_traits>

namespace gateway::fiks_io {

FiksIoAdapter::FiksIoAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      catalogue_(settings_, host),
      answering_(settings_, catalogue_, host),
      messages_(settings_, answering_, host) {}

core::Result<std::unique_ptr<sdk::Adapter>> FiksIoAdapter::make(Settings settings,
                                                                sdk::Host& host) {
    std::unique_ptr<FiksIoAdapter> made(new FiksIoAdapter(std::move(settings), host));
    auto opener = Opener::make(made->settings_, made->catalogue_, host);
    if (!opener) {
        return opener.error();
    }
    made->opener_ = std::move(*opener);
    made->desk_ = std::make_unique<AdapterDesk>(made->settings_, made->catalogue_, *made->opener_,
                                                made->answering_, host);
    made->receiver_ = std::make_unique<FiksReceiver>(made->settings_, *made->desk_, host);
    return std::unique_ptr<sdk::Adapter>(std::move(made));
}

sdk::Task<core::Result<void>> FiksIoAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // Fiks may be down now and up when a message comes
}

sdk::Task<void> FiksIoAdapter::stop(sdk::Deadline) {
    co_await receiver_->stop();
}

/// Whether Fiks answers us, by a question without effect; and whether we can open what is sent to
/// us.
sdk::Task<sdk::Health> FiksIoAdapter::check_health(sdk::Deadline deadline) {
    const auto status = co_await catalogue_.status(settings_.accounts.front().account, deadline);
    if (!status.value) {
        const bool away = status.outcome.code.value.starts_with("upstream.");
        co_return sdk::Health(away ? sdk::Condition::down : sdk::Condition::degraded,
                              status.outcome.code, status.outcome.params);
    }
    auto receiving = receiver_->health();
    if (receiving.condition != sdk::Condition::ready) {
        co_return receiving;
    }
    co_return co_await opener_->check_keys(deadline);
}

sdk::Task<sdk::Outcome> FiksIoAdapter::send(const core::Delivery& delivery, sdk::Progress& progress,
                                            sdk::Deadline deadline) {
    co_return co_await messages_.send(delivery, progress, deadline);
}

/// Fiks cannot be asked: what is sent again, the receiver knows by its klientMeldingId.
sdk::Task<sdk::Outcome> FiksIoAdapter::look_up(const core::Delivery&, sdk::Progress&,
                                               sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::unknown);
}

sdk::Task<core::Result<sdk::Receipts>> FiksIoAdapter::poll_receipts(const core::Delivery&,
                                                                    sdk::Deadline) {
    co_return sdk::Receipts();   // they are pushed
}

sdk::Task<sdk::Outcome> FiksIoAdapter::cancel(const core::Delivery&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::rejected, "cancel_refused");   // Fiks takes nothing back
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 2> all = [] {
        std::array<sdk::Capability, 2> made;
        made[0].message_type = "protocol/v1";
        made[1].message_type = "archive/v1";
        for (auto& one : made) {
            one.deduplicates = sdk::Deduplicates::receiver_by_protocol;
            one.receipts_arrive_later = true;
            one.receipts_are_pushed = std::is_base_of_v<sdk::Receiver, FiksIoAdapter>;
            one.attempt_time_max = std::chrono::seconds(100);
            one.limits.document_bytes_max = package_bytes_max;
            one.limits.documents_max = package_files_max;
        }
        return made;
    }();
    return all;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return FiksIoAdapter::make(std::move(*settings), host);
}

}   // namespace gateway::fiks_io
