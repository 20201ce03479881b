#include "adapters/altinn_broker/broker_adapter.hpp"

#include <array>

namespace gateway::altinn_broker {

BrokerAdapter::BrokerAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      budget_(SearchBudget::of(settings_.access.base_url)),
      client_(settings_.access, host),
      files_(settings_, client_, *budget_, host),
      poller_(settings_, client_, *budget_, host),
      system_users_(settings_.access, settings_.asks_for, host) {}

sdk::Task<core::Result<void>> BrokerAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // tokens are fetched when the first file goes
}

sdk::Task<void> BrokerAdapter::stop(sdk::Deadline) {
    co_await client_.stop();
    co_await system_users_.stop();
}

sdk::Task<sdk::ActAnswer> BrokerAdapter::act(sdk::Act act, sdk::Deadline deadline) {
    if (altinn_platform::SystemUsers::knows(act.name)) {
        co_return co_await system_users_.act(std::move(act), deadline);
    }
    co_return co_await sdk::Adapter::act(std::move(act), deadline);
}

sdk::Task<sdk::Health> BrokerAdapter::check_health(sdk::Deadline deadline) {
    co_return co_await client_.check_health(deadline);
}

sdk::Task<sdk::Outcome> BrokerAdapter::send(const core::Delivery& delivery, sdk::Progress& progress,
                                            sdk::Deadline deadline) {
    co_return co_await files_.send(delivery, progress, deadline);
}

sdk::Task<sdk::Outcome> BrokerAdapter::look_up(const core::Delivery& delivery,
                                               sdk::Progress& progress, sdk::Deadline deadline) {
    co_return co_await files_.look_up(delivery, progress, deadline);
}

sdk::Task<core::Result<sdk::Receipts>> BrokerAdapter::poll_receipts(const core::Delivery& delivery,
                                                                    sdk::Deadline deadline) {
    co_return co_await files_.poll(delivery, deadline);
}

sdk::Task<sdk::Outcome> BrokerAdapter::cancel(const core::Delivery&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::rejected, "cancel_refused");   // Broker takes nothing back
}

sdk::Task<void> BrokerAdapter::receive() {
    co_await poller_.run();
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 1> all = [] {
        std::array<sdk::Capability, 1> made;
        made[0].message_type = "transfer/v1";
        // Broker has no key. Progress tells what was begun; an attempt goes on with it, and
        // searches for what it did not hear the answer of: "not found" leads to no second transfer.
        made[0].deduplicates = sdk::Deduplicates::none;
        made[0].answers_lookup = true;
        made[0].lookup_is_final = true;
        made[0].receipts_arrive_later = true;
        made[0].attempt_time_max = std::chrono::seconds(600);
        made[0].first_receipt_after = std::chrono::seconds(3);
        made[0].limits.document_bytes_max = file_bytes_max;
        made[0].limits.documents_max = 1;
        made[0].budgets.emplace_back(calls_budget, 120, std::chrono::seconds(60));
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
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<BrokerAdapter>(std::move(*settings), host));
}

}   // namespace gateway::altinn_broker
