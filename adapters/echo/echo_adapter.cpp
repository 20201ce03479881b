#include "adapters/echo/echo_adapter.hpp"

#include <array>

namespace gateway::echo {

sdk::Task<core::Result<void>> EchoAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();
}

sdk::Task<sdk::Health> EchoAdapter::check_health(sdk::Deadline deadline) {
    sdk::HttpRequest request("HEAD", settings_.base_url + "/");
    const auto answer = co_await host_.http.send(std::move(request), deadline);
    if (!answer) {
        co_return sdk::Health(sdk::Condition::down, "upstream.unreachable");
    }
    co_return sdk::Health();   // whatever it answers, it is there
}

sdk::Task<void> EchoAdapter::stop(sdk::Deadline) {
    co_return;
}

sdk::Task<sdk::Outcome> EchoAdapter::send(const core::Delivery& delivery, sdk::Progress&,
                                          sdk::Deadline deadline) {
    auto request = encode(settings_, delivery);
    const auto answer = co_await host_.http.send(std::move(request), deadline);
    co_return decode(answer);
}

sdk::Task<sdk::Outcome> EchoAdapter::look_up(const core::Delivery&, sdk::Progress&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::unknown,
                           "upstream.answer_lost");   // the capability says that it cannot
}

sdk::Task<core::Result<sdk::Receipts>> EchoAdapter::poll_receipts(const core::Delivery&,
                                                                  sdk::Deadline) {
    co_return sdk::Receipts();
}

sdk::Task<sdk::Outcome> EchoAdapter::cancel(const core::Delivery&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::rejected, "cancel_refused");
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 1> all = [] {
        std::array<sdk::Capability, 1> made;
        made[0].message_type = "letter/v1";
        made[0].deduplicates = sdk::Deduplicates::upstream;   // by Idempotency-Key
        made[0].attempt_time_max = std::chrono::seconds(30);
        return made;
    }();
    return all;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts.base_url, facts.settings);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(std::make_unique<EchoAdapter>(std::move(*settings), host));
}

}   // namespace gateway::echo
