#pragma once

// One shipment out, and what became of it. One attempt a call.
//
// SvarUt has no idempotency key and keeps a shipment it was sent twice. So every shipment carries
// our delivery's key as eksternReferanse, an attempt is written down before it begins, and after
// one whose answer was lost the reference is searched for until nothing of it can be under way any
// more; only then is it sent again.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/svarut/svarut_exchange.hpp"
#include "adapters/svarut/svarut_public_key.hpp"
#include "adapters/svarut/svarut_statuses.hpp"

#include <optional>
#include <set>
#include <string>

namespace gateway::svarut {

/// Lives on its connection's strand; everything given outlives it.
class ShipmentSender {
public:
    ShipmentSender(const Settings& settings, fiks_platform::Client& client, PublicKey& key,
                   StatusBatches& statuses, sdk::Host& host)
        : settings_(settings), client_(client), key_(key), statuses_(statuses), host_(host) {}

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline);
    /// "Not found" only when nothing of the last attempt can arrive any more.
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, const sdk::Progress& progress,
                                    sdk::Deadline deadline);
    sdk::Task<core::Result<sdk::Receipts>> poll(const core::Delivery& delivery,
                                                sdk::Deadline deadline);

private:
    sdk::Task<sdk::Outcome> post(const Shipment& shipment, const std::string& certificate,
                                 sdk::Deadline deadline);
    sdk::Task<fiks_platform::Built> build(const Shipment& shipment, const json::Value& order,
                                          const std::string& certificate);
    sdk::Task<sdk::Outcome> find(const std::string& account, const std::string& reference,
                                 sdk::Deadline deadline);
    sdk::Task<std::optional<std::vector<Event>>> events(const std::string& id, About what,
                                                        sdk::Deadline deadline);
    /// True: done, or not to be done.
    sdk::Task<bool> delete_documents(const std::string& id, const std::string& status,
                                     sdk::Receipts& receipts, sdk::Deadline deadline);

    const Settings& settings_;
    fiks_platform::Client& client_;
    PublicKey& key_;
    StatusBatches& statuses_;
    sdk::Host& host_;
    std::set<std::string> deleted_;   // of this process: deleting again does no harm
};

}   // namespace gateway::svarut
