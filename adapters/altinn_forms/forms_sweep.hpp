#pragma once

// The lists of Storage, compared with the ledger by a timer: what neither webhook nor feed told is
// found here, and what we think is confirmed and Altinn does not. Two lists, because Altinn's own
// memory of confirmations has been seen to fail: those that nobody confirmed for us, and all that
// changed lately.

#include "adapters/altinn_forms/forms_answers.hpp"
#include "adapters/altinn_forms/forms_client.hpp"
#include "adapters/altinn_forms/forms_exchange.hpp"
#include "adapters/altinn_forms/forms_ledger.hpp"

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class Sweep {
public:
    Sweep(const Settings& settings, FormsClient& client, Ledger& ledger, sdk::Host& host)
        : settings_(settings), client_(client), ledger_(ledger), host_(host) {}

    /// Every app's lists. False when one could not be read: again later.
    sdk::Task<bool> round();

private:
    enum class Walked { whole, too_long, failed };

    sdk::Task<bool> sweep(const std::string& app);
    sdk::Task<bool> walk(Listing listing);
    sdk::Task<Walked> walk_pages(const Listing& listing);
    sdk::Task<bool> consider(const Instance& instance);

    const Settings& settings_;
    FormsClient& client_;
    Ledger& ledger_;
    sdk::Host& host_;
};

}   // namespace gateway::altinn_forms
