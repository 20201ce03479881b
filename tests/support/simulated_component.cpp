#include "simulated_component.hpp"

#include <algorithm>
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
        capability_.receipts_are_pushed = traits.pushes_receipts;
        capability_.can_cancel = traits.can_cancel;
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
    sdk::Task<sdk::Outcome> cancel(core::Delivery delivery, sdk::Deadline) override {
        co_return co_await component_.cancel(std::move(delivery));
    }
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled, sdk::Deadline) override {
        co_return sdk::Outcome(sdk::Verdict::accepted);
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

sdk::Outcome refused() {
    sdk::Outcome outcome(sdk::Verdict::rejected, core::Code("upstream.refused"));
    outcome.other_channel_may = true;
    return outcome;
}

sdk::Receipt receipt_of(const char* name, sdk::ReceiptKind kind) {
    sdk::Receipt receipt;
    receipt.dedupe_id = name;
    receipt.kind = kind;
    if (kind == sdk::ReceiptKind::failed) {
        receipt.other_channel_may = true;
    }
    return receipt;
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

/// The same for a key however often it is asked: FNV-1a over it.
bool SimulatedComponent::draws(const std::string& key, unsigned which, int percent) const {
    std::uint32_t mixed = 2166136261U + which;
    for (const char c : key) {
        mixed = (mixed ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return static_cast<int>((mixed >> 8U) % 100U) < percent;
}

sdk::Task<void> SimulatedComponent::travel() {
    ++calls_;
    const auto time = core::Duration(dice(troubled_ ? 3'000'000 : 20'000));
    co_await clock_.sleep_until(clock_.steady() + time);
}

/// Without deduplication each call acts again: that is what must not happen.
void SimulatedComponent::act(const core::Delivery& delivery, std::vector<std::string> files) {
    Effect& effect = effects_[delivery.upstream_key];
    if (effect.count > 0 && traits_.deduplicates) {
        return;
    }
    ++effect.count;
    effect.message = delivery.message.to_string();
    effect.delivery = delivery.id;
    effect.reference = "ref-" + delivery.upstream_key;
    effect.files = std::move(files);
    effect.published = clock_.steady() + core::Duration(dice(20'000'000));
    effect.read = effect.published + core::Duration(dice(10'000'000));
    effect.failed = draws(delivery.upstream_key, 2, traits_.failed_percent);
    effect.opened = traits_.is_opened && !effect.failed &&
                    !draws(delivery.upstream_key, 3, traits_.unread_percent);
}

sdk::Task<sdk::Outcome> SimulatedComponent::send(core::Delivery delivery) {
    const bool acts_early = dice(2) == 0;
    const bool in_trouble = trouble();
    const int kind = dice(4);
    std::vector<std::string> files;
    for (const auto& document : delivery.documents) {
        auto bytes = co_await reader_(delivery.tenant, document.sha256);
        if (!bytes) {   // before anything left
            co_return sdk::Outcome(sdk::Verdict::try_later, core::Code("service.storage_failed"));
        }
        files.push_back(std::move(*bytes));
    }
    if (in_trouble && kind == 0) {
        co_await travel();
        co_return busy();
    }
    if (refuses(delivery.upstream_key)) {
        co_await travel();
        if (in_trouble) {   // nothing took effect, and nobody knows
            co_return lost();
        }
        co_return refused();
    }
    if (in_trouble && kind == 1) {   // lost on its way there
        co_await travel();
        co_return lost();
    }
    if (acts_early) {
        act(delivery, std::move(files));
        co_await travel();
    } else {
        co_await travel();
        act(delivery, std::move(files));
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

/// Possible until the letter is published; said again, it is still withdrawn.
sdk::Task<sdk::Outcome> SimulatedComponent::cancel(core::Delivery delivery) {
    const bool in_trouble = trouble();
    const bool before = dice(2) == 0;
    co_await travel();
    if (in_trouble && before) {
        co_return busy();
    }
    const auto found = effects_.find(delivery.upstream_key);
    const bool published = found != effects_.end() && !found->second.withdrawn &&
                           found->second.published <= clock_.steady();
    if (found != effects_.end() && !published) {
        found->second.withdrawn = true;
    }
    if (in_trouble) {
        co_return lost();
    }
    co_return sdk::Outcome(published ? sdk::Verdict::rejected : sdk::Verdict::accepted);
}

/// All that has happened so far, in any order, each line any number of times.
sdk::Task<core::Result<sdk::Receipts>> SimulatedComponent::poll(core::Delivery delivery) {
    const bool in_trouble = trouble();
    co_await travel();
    if (in_trouble) {
        co_return core::Failure(core::Errc::unreachable);
    }
    sdk::Receipts news;
    news.ask_again = traits_.unread_percent > 0 ? 60s : 5s;
    const auto found = effects_.find(delivery.upstream_key);
    if (found == effects_.end() || delivery.upstream_reference != found->second.reference) {
        co_return core::Failure(core::Errc::bad_answer);
    }
    const auto now = clock_.steady();
    std::vector<sdk::Receipt> all;
    const auto add = [&](const char* name, sdk::ReceiptKind kind) {
        all.insert(all.end(), static_cast<std::size_t>(1 + dice(3)), receipt_of(name, kind));
    };
    const auto& effect = found->second;
    if (effect.withdrawn) {
        add("cancelled", sdk::ReceiptKind::cancelled);
        news.ask_again.reset();
        news.items = std::move(all);
        co_return news;
    }
    if (effect.published <= now && effect.failed) {
        add("failed", sdk::ReceiptKind::failed);
    } else if (effect.published <= now) {
        add("delivered", sdk::ReceiptKind::delivered);
    }
    if (effect.read <= now && effect.opened) {
        add("read", sdk::ReceiptKind::read);
    }
    if (effect.published <= now && (effect.failed || !traits_.is_opened)) {
        news.ask_again.reset();   // there is no more to tell
    } else if (effect.read <= now && effect.opened) {
        news.ask_again.reset();
    }
    std::shuffle(all.begin(), all.end(), random_);
    news.items = std::move(all);
    co_return news;
}

std::vector<sdk::ReceiptNews> SimulatedComponent::news() {
    std::vector<sdk::ReceiptNews> all;
    for (const auto& [key, effect] : effects_) {
        const auto add = [&](const char* name, sdk::ReceiptKind kind, core::SteadyTime at) {
            if (effect.withdrawn || at > clock_.steady() || effect.acknowledged.contains(name)) {
                return;
            }
            sdk::ReceiptNews one;
            one.delivery = effect.delivery;
            one.receipt = receipt_of(name, kind);
            one.raw = "<" + std::string(name) + "/>";
            all.insert(all.end(), static_cast<std::size_t>(1 + dice(3)), one);
        };
        if (effect.failed) {
            add("failed", sdk::ReceiptKind::failed, effect.published);
            continue;
        }
        add("delivered", sdk::ReceiptKind::delivered, effect.published);
        if (effect.opened) {
            add("read", sdk::ReceiptKind::read, effect.read);
        }
    }
    std::shuffle(all.begin(), all.end(), random_);
    return all;
}

void SimulatedComponent::acknowledge(const sdk::ReceiptNews& told) {
    if (!trouble()) {
        effects_[told.delivery.to_string()].acknowledged.insert(told.receipt.dedupe_id);
    }
}

bool SimulatedComponent::has_news() const {
    return traits_.pushes_receipts &&
           std::any_of(effects_.begin(), effects_.end(), [](const auto& effect) {
               const std::size_t told = effect.second.opened ? 2 : 1;
               return !effect.second.withdrawn && effect.second.acknowledged.size() < told;
           });
}

}   // namespace tests
