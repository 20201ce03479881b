#pragma once

// Forms in: what tells of one (webhook, feed, list), and the fetching of each that waits.

#include "adapters/altinn_forms/forms_feed.hpp"
#include "adapters/altinn_forms/forms_fetcher.hpp"
#include "adapters/altinn_forms/forms_subscriptions.hpp"
#include "adapters/altinn_forms/forms_sweep.hpp"

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class FormsReceiver {
public:
    FormsReceiver(const Settings& settings, FormsClient& client, sdk::Host& host);

    /// Until cancelled.
    sdk::Task<void> run();
    /// Everything that is due, once. What still waits is due later.
    sdk::Task<void> round();
    sdk::Task<sdk::CallbackAnswer> on_callback(sdk::Callback call);
    /// The systems have said what they say of a form whose receipt is theirs. `try_later` while it
    /// is not known yet that it was stored.
    sdk::Task<sdk::Outcome> answered(sdk::InboundSettled what);
    /// What an operator may want to know: {"waiting", "setAside", "subscriptions": [...]}.
    bool subscribed() const { return subscriptions_.all_validated(); }
    std::size_t waiting() const { return ledger_.waiting(); }
    std::size_t set_aside() const { return ledger_.set_aside(); }
    /// When round() has something to do again, unless a call-back comes.
    core::SteadyTime next_due() const;

private:
    sdk::Task<void> look_around();
    sdk::Task<void> fetch_what_waits();
    sdk::Task<void> nap();

    const Settings& settings_;
    sdk::Host& host_;
    Ledger ledger_;
    Subscriptions subscriptions_;
    Feed feed_;
    Sweep sweep_;
    Fetcher fetcher_;
    core::SteadyTime subscriptions_at_{};
    core::SteadyTime feed_at_{};
    core::SteadyTime sweep_at_{};
    core::SteadyTime paused_until_{};
    int feed_failures_ = 0;
    int sweep_failures_ = 0;
    bool heard_ = false;
};

}   // namespace gateway::altinn_forms
