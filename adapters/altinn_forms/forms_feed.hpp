#pragma once

// The feed of events, read from where it was left: what no webhook brought is found here within a
// minute or two. Altinn holds an event back for 30 seconds and gives events in their order, so a
// cursor passes over nothing; a cursor that Altinn has forgotten starts at the oldest event there
// is, and the ledger knows those.

#include "adapters/altinn_forms/forms_answers.hpp"
#include "adapters/altinn_forms/forms_client.hpp"
#include "adapters/altinn_forms/forms_ledger.hpp"

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class Feed {
public:
    Feed(const Settings& settings, FormsClient& client, Ledger& ledger, sdk::Host& host)
        : settings_(settings), client_(client), ledger_(ledger), host_(host) {}

    /// Every app's feed to its end. False when one could not be read or kept: again later.
    sdk::Task<bool> round();

private:
    sdk::Task<bool> read(const std::string& app);
    sdk::Task<bool> keep(const std::string& app, const FeedItem& item);

    const Settings& settings_;
    FormsClient& client_;
    Ledger& ledger_;
    sdk::Host& host_;
};

}   // namespace gateway::altinn_forms
