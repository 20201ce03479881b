#pragma once

// Subscriptions to events by webhook, as the API offers them. gateway/notify is the one
// implementation.

#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/sdk/task.hpp"

#include <optional>

namespace gateway::ports {

/// What the caller is shown, or why not.
struct SubscriptionAnswer {
    std::optional<Refusal> refusal;
    json::Value view;

    SubscriptionAnswer() = default;
    explicit SubscriptionAnswer(Refusal why) : refusal(std::move(why)) {}
    explicit SubscriptionAnswer(json::Value shown) : view(std::move(shown)) {}
};

/// Any strand. What is not the calling system's is not found. A secret is in the answers of create
/// and rotate alone.
class Subscriptions {
public:
    virtual ~Subscriptions() = default;
    virtual sdk::Task<SubscriptionAnswer> create(Caller caller, json::Value body) = 0;
    virtual sdk::Task<SubscriptionAnswer> list(Caller caller) = 0;
    virtual sdk::Task<SubscriptionAnswer> find(Caller caller, core::Uuid id) = 0;
    virtual sdk::Task<SubscriptionAnswer> change(Caller caller, core::Uuid id,
                                                 json::Value body) = 0;
    /// For a reason that is not the system's wish: it stands in the subscription, and the system is
    /// told by an event. One that is disabled stays as it is.
    virtual sdk::Task<SubscriptionAnswer> disable(Caller caller, core::Uuid id, core::Code why) = 0;
    virtual sdk::Task<SubscriptionAnswer> remove(Caller caller, core::Uuid id) = 0;
    virtual sdk::Task<SubscriptionAnswer> rotate(Caller caller, core::Uuid id) = 0;
    virtual sdk::Task<SubscriptionAnswer> replay(Caller caller, core::Uuid id,
                                                 json::Value body) = 0;
    /// Calls the endpoint once, now, with an event that says it is a test.
    virtual sdk::Task<SubscriptionAnswer> test(Caller caller, core::Uuid id) = 0;
};

}   // namespace gateway::ports
