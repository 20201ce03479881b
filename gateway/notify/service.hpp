#pragma once

// What systems may do with their subscriptions.

#include "gateway/notify/notifier.hpp"
#include "gateway/ports/subscriptions.hpp"

namespace gateway::notify {

/// Any strand.
class Service final : public ports::Subscriptions {
public:
    Service(Parts parts, Notifier& notifier) : parts_(std::move(parts)), notifier_(notifier) {}

    sdk::Task<ports::SubscriptionAnswer> create(ports::Caller caller, json::Value body) override;
    sdk::Task<ports::SubscriptionAnswer> list(ports::Caller caller) override;
    sdk::Task<ports::SubscriptionAnswer> find(ports::Caller caller, core::Uuid id) override;
    sdk::Task<ports::SubscriptionAnswer> change(ports::Caller caller, core::Uuid id,
                                                json::Value body) override;
    sdk::Task<ports::SubscriptionAnswer> disable(ports::Caller caller, core::Uuid id,
                                                 core::Code why) override;
    sdk::Task<ports::SubscriptionAnswer> remove(ports::Caller caller, core::Uuid id) override;
    sdk::Task<ports::SubscriptionAnswer> rotate(ports::Caller caller, core::Uuid id) override;
    sdk::Task<ports::SubscriptionAnswer> replay(ports::Caller caller, core::Uuid id,
                                                json::Value body) override;
    sdk::Task<ports::SubscriptionAnswer> test(ports::Caller caller, core::Uuid id) override;

private:
    struct Opened {
        ports::Subscription subscription;
        Settings settings;

        Opened() = default;
    };
    /// The caller's own; `not_found` otherwise.
    sdk::Task<core::Result<Opened>> open_own(ports::Caller caller, core::Uuid id);
    sdk::Task<json::Value> view(ports::Caller caller, Opened opened);
    /// Takes what the body says into `opened`; why not, else.
    sdk::Task<std::optional<ports::Refusal>> take(json::Value body, Opened& opened);
    sdk::Task<std::optional<ports::Refusal>> check_url(std::string url);
    /// `disabling` as in ports::SubscriptionChange.
    sdk::Task<core::Result<void>> put(Opened& opened, std::vector<ports::NewEvent> disabling = {});

    Parts parts_;
    Notifier& notifier_;
};

}   // namespace gateway::notify
