#pragma once

// Sending through Fiks IO: what a delivery and a transport answer have in common. There is no
// idempotency key at Fiks: a message keeps its klientMeldingId over all resends, and the receiver
// knows it by that. Facts: ks-no/fiks-io-send-klient, fiks-io-klient-java.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/fiks_io/fiks_catalogue.hpp"
#include "adapters/fiks_io/fiks_files.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gateway::fiks_io {

/// A message on its way out.
struct Outgoing {
    core::TenantId tenant;     // whose documents `files` are
    std::string from;          // our account
    std::string to;            // the receiver's
    std::string type;          // the message type
    std::string client_id;     // klientMeldingId: a UUID, the same for every resend
    std::string correlation;   // klientKorrelasjonsId; empty: none
    std::string in_reply_to;   // svarPaMelding, a melding-id; empty: it opens a dialogue
    std::optional<std::chrono::milliseconds> ttl;
    std::map<std::string, std::string> headers;   // more of our own, names without prefix
    Files files;                                  // none: a message without payload

    Outgoing() = default;
};

/// Lives on its connection's strand; `settings` and `catalogue` outlive it.
class Answering {
public:
    Answering(const Settings& settings, Catalogue& catalogue, sdk::Host& host);

    /// accepted: Outcome.upstream_reference is the melding-id. unknown: it may have been taken;
    /// sent again as it is, the receiver knows it by its client_id. Warnings on the receiver's
    /// certificate are in `warnings`.
    sdk::Task<sdk::Outcome> send(Outgoing message, sdk::Deadline deadline,
                                 seal::Findings* warnings = nullptr);

private:
    sdk::Task<fiks_platform::Built> build(const Outgoing& message, const std::string& certificate,
                                          std::shared_ptr<std::optional<sdk::Outcome>>& trouble);

    const Settings& settings_;
    Catalogue& catalogue_;
    sdk::Host& host_;
    fiks_platform::Client client_;
};

}   // namespace gateway::fiks_io
