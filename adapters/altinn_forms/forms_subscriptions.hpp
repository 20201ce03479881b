#pragma once

// The subscriptions at Altinn Events that push to this gateway: made, validated, renewed when the
// address changed, removed when it is no longer wanted. Of the secret in the address only a hash is
// kept. Facts: Altinn/altinn-events, SubscriptionService.cs; subscriptions are cached there for an
// hour, so a new one may be deaf that long.

#include "adapters/altinn_forms/forms_answers.hpp"
#include "adapters/altinn_forms/forms_client.hpp"

#include <map>

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class Subscriptions {
public:
    Subscriptions(const Settings& settings, FormsClient& client, sdk::Host& host)
        : settings_(settings), client_(client), host_(host) {}

    /// Compares what is at Altinn with what is wanted and mends it. How long until the next look.
    sdk::Task<std::chrono::seconds> tend();
    /// The app whose address has this secret; nothing: nobody's.
    sdk::Task<core::Result<std::optional<std::string>>> app_of(const std::string& secret);
    /// Whether `subscription` may be the one that pushes for `app`.
    bool may_be(const std::string& app, const std::string& subscription) const;
    bool all_validated() const;

private:
    /// What is kept of an app's subscription.
    struct Kept {
        std::uint64_t version = 0;
        std::string hash;       // of the secret in force
        std::string old_hash;   // of the one before, while its subscription may still push
        std::string id;         // empty: not known yet
        core::Time since{};     // the secret in force
        bool validated = false;
    };

    sdk::Task<core::Result<void>> load();
    sdk::Task<bool> save(const std::string& app, Kept kept);
    sdk::Task<bool> tend(const std::string& app, const std::vector<Subscription>& all);
    sdk::Task<bool> make_new(const std::string& app, Kept kept);
    sdk::Task<bool> ask_for(const std::string& app, Kept kept, const std::string& end_point);
    sdk::Task<void> remove(const Subscription& subscription);
    std::string own_prefix() const;
    bool is_ours(const Subscription& subscription) const;

    const Settings& settings_;
    FormsClient& client_;
    sdk::Host& host_;
    std::map<std::string, Kept> kept_;   // by app
    bool loaded_ = false;
    core::SteadyTime loaded_at_{};
};

}   // namespace gateway::altinn_forms
