#pragma once

// Looks at how Fiks sees our accounts: whether anybody consumes them, and whether messages pile up
// there. KS' most common trouble is a consumer that is not there.

#include "adapters/fiks_io/receiver_desk.hpp"
#include "gateway/sdk/host.hpp"

#include <map>
#include <string>

namespace gateway::fiks_io {

/// Lives on its connection's strand; everything given outlives it.
class AccountWatch {
public:
    AccountWatch(const Settings& settings, Desk& desk, sdk::Host& host)
        : settings_(settings), desk_(desk), host_(host) {}

    /// Once over all accounts. `consuming`: we hold consumers on them.
    sdk::Task<void> look(bool consuming);
    /// What is wrong with the first account that something is wrong with.
    sdk::Health health() const;

    static constexpr std::chrono::minutes pace{1};

private:
    struct Seen {
        std::int64_t unfetched = 0;
        int growing = 0;   // looks in a row
        core::Code code;   // empty: all is well
        core::Params params;
    };

    void judge(const std::string& account, const AccountStatus& status, bool consuming);
    void say(const std::string& account, Seen& seen, core::Code code, core::Params params);

    const Settings& settings_;
    Desk& desk_;
    sdk::Host& host_;
    std::map<std::string, Seen> seen_;
};

}   // namespace gateway::fiks_io
