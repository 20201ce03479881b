#pragma once

// How often each listed shipment could not be opened, and what was done about it. Durable: a
// restart counts on, tells nothing twice, and forgets nobody that waits to be sent on.

#include "gateway/core/failure.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/task.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace gateway::svarinn {

struct FailedTries {
    int count = 0;
    std::string told;        // the failure that SvarUt was told of
    std::string set_aside;   // the one it lies in quarantine for

    FailedTries() = default;
};

/// Lives on its connection's strand; the state outlives it. What could not be read or written is a
/// failure of the state's kind, and is read anew the next time.
class FailureLedger {
public:
    explicit FailureLedger(sdk::State& state) : state_(state) {}

    sdk::Task<core::Result<FailedTries>> of(std::string id);
    /// Durable when it returns.
    sdk::Task<core::Result<void>> keep(std::string id, FailedTries tries);
    /// What is not in a whole list any more is over, however it ended.
    sdk::Task<core::Result<void>> keep_only(std::set<std::string> listed);

private:
    sdk::Task<core::Result<void>> load();
    sdk::Task<core::Result<void>> store();

    sdk::State& state_;
    bool loaded_ = false;
    std::uint64_t version_ = 0;
    std::map<std::string, FailedTries> all_;
};

}   // namespace gateway::svarinn
