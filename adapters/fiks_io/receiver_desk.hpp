#pragma once

// What the receiver needs of the rest of the adapter: opening, looking up, answering, fetching.

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/fiks_io/fiks_answering.hpp"
#include "adapters/fiks_io/fiks_package.hpp"

#include <memory>
#include <string>

namespace gateway::fiks_io {

/// A payload that was too large for the queue, or why it is not here.
struct Fetched {
    std::unique_ptr<sdk::Spool> spool;
    core::Code code;        // without a spool
    bool passing = false;   // it may be there later

    Fetched() = default;
};

/// One strand.
class Desk {
public:
    virtual ~Desk() = default;
    virtual sdk::Task<Opening> open(core::TenantId tenant, PackageSender sender,
                                    sdk::ByteSource& envelope) = 0;
    virtual sdk::Task<Looked<AccountFacts>> account(std::string account,
                                                    sdk::Deadline deadline) = 0;
    virtual sdk::Task<Looked<AccountStatus>> status(std::string account,
                                                    sdk::Deadline deadline) = 0;
    virtual sdk::Task<sdk::Outcome> answer(Outgoing message, sdk::Deadline deadline) = 0;
    virtual sdk::Task<Fetched> fetch(std::string stored_elsewhere, sdk::Deadline deadline) = 0;
};

/// The adapter's own parts; they outlive it.
class AdapterDesk final : public Desk {
public:
    AdapterDesk(const Settings& settings, Catalogue& catalogue, Opener& opener,
                Answering& answering, sdk::Host& host)
        : settings_(settings),
          catalogue_(catalogue),
          opener_(opener),
          answering_(answering),
          host_(host),
          client_(settings.access, host) {}

    sdk::Task<Opening> open(core::TenantId tenant, PackageSender sender,
                            sdk::ByteSource& envelope) override;
    sdk::Task<Looked<AccountFacts>> account(std::string account, sdk::Deadline deadline) override;
    sdk::Task<Looked<AccountStatus>> status(std::string account, sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> answer(Outgoing message, sdk::Deadline deadline) override;
    /// Streamed to disk. Facts: ks-no/fiks-dokumentlager-klient, DefaultPathHandler.java.
    sdk::Task<Fetched> fetch(std::string stored_elsewhere, sdk::Deadline deadline) override;

private:
    sdk::Task<fiks_platform::Built> build_fetch(std::string url,
                                                std::unique_ptr<sdk::Spool>& spool);

    const Settings& settings_;
    Catalogue& catalogue_;
    Opener& opener_;
    Answering& answering_;
    sdk::Host& host_;
    fiks_platform::Client client_;
};

}   // namespace gateway::fiks_io
