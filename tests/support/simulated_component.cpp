#include "simulated_component.hpp"

#include <utility>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;

namespace {

using namespace std::chrono_literals;

class Wire final : public gateway::ports::Connection {
public:
    Wire(std::string id, SimulatedComponent& component, const ComponentTraits& traits)
        : id_(std::move(id)), component_(component) {
        capability_.message_type = "letter/v1";
        capability_.deduplicates =
            traits.deduplicates ? sdk::Deduplicates::upstream : sdk::Deduplicates::none;
        capability_.answers_lookup = traits.answers_lookup;
        capability_.lookup_is_final = true;
        capability_.receipts_arrive_later = true;
    }
    const core::ConnectionId& id() const override { return id_; }
    int in_flight_max() const override { return 4; }
    const sdk::Capability* capability(std::string_view type) const override {
        return type == capability_.message_type ? &capability_ : nullptr;
    }
    std::vector<core::Problem> check(std::string_view, const gateway::json::Value&,
                                     const gateway::json::Value&,
                                     std::span<const core::DocumentRef>,
                                     core::Time) const override {
        return {};
    }
    sdk::Task<sdk::Outcome> send(core::Delivery delivery, sdk::Progress&, sdk::Deadline) override {
        co_return co_await component_.send(std::move(delivery));
    }
    sdk::Task<sdk::Outcome> look_up(core::Delivery delivery, sdk::Progress&,
                                    sdk::Deadline) override {
        co_return co_await component_.look_up(std::move(delivery));
    }
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(core::Delivery delivery,
                                                         sdk::Deadline) override {
        co_return co_await component_.poll(std::move(delivery));
    }
    sdk::Task<sdk::Outcome> cancel(core::Delivery, sdk::Deadline) override {
        co_return sdk::Outcome(sdk::Verdict::rejected);
    }
    sdk::Task<sdk::Health> check_health(sdk::Deadline) override { co_return sdk::Health(); }

private:
    core::ConnectionId id_;
    SimulatedComponent& component_;
    sdk::Capability capability_;
};

sdk::Outcome busy() {
    sdk::Outcome outcome(sdk::Verdict::try_later, core::Code("upstream.server_error"));
    outcome.target_at_fault = true;
    return outcome;
}

sdk::Outcome lost() {
    sdk::Outcome outcome(sdk::Verdict::unknown, core::Code("upstream.answer_lost"));
    outcome.target_at_fault = true;
    return outcome;
}

}   // namespace

SimulatedComponent::SimulatedComponent(sdk::Clock& clock, ComponentTraits traits,
                                       std::uint64_t seed)
    : clock_(clock), traits_(traits), random_(seed) {}

std::shared_ptr<gateway::ports::Connection> SimulatedComponent::connect(const std::string& id) {
    return std::make_shared<Wire>(id, *this, traits_);
}

sdk::Task<void> SimulatedComponent::travel() {
    ++calls_;
    const auto time = core::Duration(dice(troubled_ ? 3'000'000 : 20'000));
    co_await clock_.sleep_until(clock_.steady() + time);
}

/// Without deduplication each call acts again: that is what must not happen.
void SimulatedComponent::act(const core::Delivery& delivery) {
    Effect& effect = effects_[delivery.upstream_key];
    if (effect.count > 0 && traits_.deduplicates) {
        return;
    }
    ++effect.count;
    effect.message = delivery.message.to_string();
    effect.reference = "ref-" + delivery.upstream_key;
    effect.published = clock_.steady() + core::Duration(dice(20'000'000));
}

sdk::Task<sdk::Outcome> SimulatedComponent::send(core::Delivery delivery) {
    const bool acts_early = dice(2) == 0;
    const bool in_trouble = trouble();
    const int kind = dice(4);
    if (in_trouble && kind == 0) {
        co_await travel();
        co_return busy();
    }
    if (in_trouble && kind == 1) {   // lost on its way there
        co_await travel();
        co_return lost();
    }
    if (acts_early) {
        act(delivery);
        co_await travel();
    } else {
        co_await travel();
        act(delivery);
    }
    if (in_trouble) {   // lost on its way back
        co_return lost();
    }
    sdk::Outcome outcome(sdk::Verdict::accepted);
    outcome.upstream_reference = effects_[delivery.upstream_key].reference;
    co_return outcome;
}

sdk::Task<sdk::Outcome> SimulatedComponent::look_up(core::Delivery delivery) {
    const bool in_trouble = trouble();
    co_await travel();
    if (in_trouble) {
        co_return busy();
    }
    const auto found = effects_.find(delivery.upstream_key);
    if (found == effects_.end()) {
        co_return sdk::Outcome(sdk::Verdict::not_found);
    }
    sdk::Outcome outcome(sdk::Verdict::accepted);
    outcome.upstream_reference = found->second.reference;
    co_return outcome;
}

sdk::Task<core::Result<sdk::Receipts>> SimulatedComponent::poll(core::Delivery delivery) {
    const bool in_trouble = trouble();
    co_await travel();
    if (in_trouble) {
        co_return core::Failure(core::Errc::unreachable);
    }
    sdk::Receipts news;
    news.ask_again = 5s;
    const auto found = effects_.find(delivery.upstream_key);
    if (found == effects_.end() || delivery.upstream_reference != found->second.reference) {
        co_return core::Failure(core::Errc::bad_answer);
    }
    if (found->second.published <= clock_.steady()) {
        sdk::Receipt receipt;
        receipt.dedupe_id = "delivered";
        receipt.kind = sdk::ReceiptKind::delivered;
        news.items.push_back(receipt);
        news.ask_again.reset();
    }
    co_return news;
}

}   // namespace tests
