#pragma once

// protocol/v1 and archive/v1 to any account: one attempt. Its answers come by the receiver.

#include "adapters/fiks_io/fiks_answering.hpp"
#include "adapters/fiks_io/fiks_message.hpp"
#include "gateway/sdk/adapter.hpp"

namespace gateway::fiks_io {

/// Lives on its connection's strand; what it refers to outlives it.
class MessageSender {
public:
    MessageSender(const Settings& settings, Answering& answering, sdk::Host& host)
        : settings_(settings), answering_(answering), host_(host) {}

    /// Nothing needs to be remembered: sent again under the same klientMeldingId, the receiver has
    /// it once.
    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline);

private:
    const Account* account_of(const core::Delivery& delivery, const RouteSettings& route) const;
    /// A payload that came as a document, held against a schema of ours.
    sdk::Task<std::optional<sdk::Outcome>> check_files(const Prepared& prepared);

    const Settings& settings_;
    Answering& answering_;
    sdk::Host& host_;
};

}   // namespace gateway::fiks_io
