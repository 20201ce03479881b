#pragma once

// Fetches files: asks each resource in turn within the budget that all connections share, streams
// each file to the document store, hands the message over, and only then confirms. No single file
// holds up the others.

#include "adapters/altinn_broker/broker_answers.hpp"
#include "adapters/altinn_broker/broker_budget.hpp"
#include "adapters/altinn_broker/broker_exchange.hpp"
#include "adapters/altinn_broker/broker_settings.hpp"
#include "adapters/common/altinn/platform_client.hpp"
#include "gateway/sdk/host.hpp"

#include <map>
#include <optional>
#include <string>

namespace gateway::altinn_broker {

/// Lives on its connection's strand; everything given outlives it.
class FilePoller {
public:
    FilePoller(const Settings& settings, altinn_platform::PlatformClient& client,
               SearchBudget& budget, sdk::Host& host)
        : settings_(settings), client_(client), budget_(budget), host_(host) {}

    /// Until cancelled.
    sdk::Task<void> run();
    /// Once over all resources. False when something must be tried again.
    sdk::Task<bool> round();

private:
    /// What became of a file: kept and confirmed, or nothing more to do; to be tried again.
    enum class Taken { done, failed };
    /// A file that is not done: why it is taken up again without a search.
    struct Open {
        std::size_t source = 0;
        bool stored = false;   // only the confirmation is missing
        int failures = 0;
        core::SteadyTime again_at{};

        Open() = default;
    };

    sdk::Task<bool> search(std::size_t source, Waiting which);
    sdk::Task<void> take_open();
    sdk::Task<Taken> take(const std::string& id, Open& open);
    sdk::Task<Taken> keep(const Overview& overview, const std::string& raw, Open& open);
    sdk::Task<Taken> confirm(const std::string& id, const Source& source);
    sdk::Task<Taken> set_aside(const Source& source, const std::string& id, core::Code code,
                               const std::string& raw);
    sdk::Task<std::optional<core::DocumentRef>> fetch(const Overview& overview,
                                                      const Source& source);
    sdk::Task<altinn_platform::Reply> call(const Source& source, sdk::Effect effect,
                                           altinn_platform::PlatformClient::Build build,
                                           sdk::Deadline deadline);
    void tell(const char* event, const sdk::Outcome& outcome);

    const Settings& settings_;
    altinn_platform::PlatformClient& client_;
    SearchBudget& budget_;
    sdk::Host& host_;
    std::map<std::string, Open> open_;   // by file transfer
    std::size_t first_ = 0;              // whose turn it is
    std::uint64_t rounds_ = 0;
};

}   // namespace gateway::altinn_broker
