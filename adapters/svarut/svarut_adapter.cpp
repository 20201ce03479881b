#include "adapters/svarut/svarut_adapter.hpp"

#include "adapters/svarut/svarut_rules.hpp"

#include <array>

namespace gateway::svarut {

namespace {

/// SvarUt cuts off at 15 to 16 minutes: all data must have arrived by then.
constexpr std::chrono::seconds attempt_time_max{16 * 60};
constexpr std::chrono::seconds first_receipt_after{10};

sdk::Capability capability(const char* type) {
    sdk::Capability made;
    made.message_type = type;
    // SvarUt keeps what it is sent twice. The reference is searched for after a lost answer, and
    // "not found" is said only when nothing of that attempt can arrive any more: so it is final.
    made.deduplicates = sdk::Deduplicates::none;
    made.answers_lookup = true;
    made.lookup_is_final = true;
    made.receipts_arrive_later = true;
    made.attempt_time_max = attempt_time_max;
    made.first_receipt_after = first_receipt_after;
    made.limits.documents_max = static_cast<int>(documents_max);
    return made;
}

}   // namespace

SvarUtAdapter::SvarUtAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      client_(settings_.access, host),
      key_(settings_, host),
      statuses_(settings_, client_, host),
      shipments_(settings_, client_, key_, statuses_, host),
      acts_(settings_, client_, host) {}

sdk::Task<core::Result<void>> SvarUtAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // tokens are fetched when the first shipment goes
}

sdk::Task<void> SvarUtAdapter::stop(sdk::Deadline) {
    co_await statuses_.stop();
}

/// Whether SvarUt answers us, by a question without effect that needs all three headers.
sdk::Task<sdk::Health> SvarUtAdapter::check_health(sdk::Deadline deadline) {
    const auto reply = co_await client_.get(types_request(settings_.access.base_url).url, deadline);
    if (!reply.response) {
        const bool away = reply.outcome.code.value.starts_with("upstream.") &&
                          reply.outcome.verdict != sdk::Verdict::rejected;
        co_return sdk::Health(away ? sdk::Condition::down : sdk::Condition::degraded,
                              reply.outcome.code, reply.outcome.params);
    }
    if (reply.response->status != 200) {
        const auto outcome = outcome_of_refusal(*reply.response);
        co_return sdk::Health(sdk::Condition::degraded, outcome.code, outcome.params);
    }
    co_return sdk::Health();
}

sdk::Task<sdk::ActAnswer> SvarUtAdapter::act(sdk::Act act, sdk::Deadline deadline) {
    if (Acts::knows(act.name)) {
        co_return co_await acts_.act(std::move(act), deadline);
    }
    co_return co_await sdk::Adapter::act(std::move(act), deadline);
}

sdk::Task<sdk::Outcome> SvarUtAdapter::send(const core::Delivery& delivery, sdk::Progress& progress,
                                            sdk::Deadline deadline) {
    co_return co_await shipments_.send(delivery, progress, deadline);
}

sdk::Task<sdk::Outcome> SvarUtAdapter::look_up(const core::Delivery& delivery,
                                               sdk::Progress& progress, sdk::Deadline deadline) {
    co_return co_await shipments_.look_up(delivery, progress, deadline);
}

sdk::Task<core::Result<sdk::Receipts>> SvarUtAdapter::poll_receipts(const core::Delivery& delivery,
                                                                    sdk::Deadline deadline) {
    co_return co_await shipments_.poll(delivery, deadline);
}

sdk::Task<sdk::Outcome> SvarUtAdapter::cancel(const core::Delivery&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::rejected, "cancel_refused");   // SvarUt takes nothing back
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 2> all{capability("letter/v1"),
                                                    capability("transfer/v1")};
    return all;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<SvarUtAdapter>(std::move(*settings), host));
}

}   // namespace gateway::svarut
