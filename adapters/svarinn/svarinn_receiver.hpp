#pragma once

// Looks into the list, fetches each shipment, hands it over, and only then tells SvarUt that it was
// received; or, when the receipt is the specialist systems', once they have settled it. What cannot
// be opened is told as a passing failure, tried again, and put in quarantine with its bytes. No
// single shipment holds up the others.

#include "adapters/svarinn/svarinn_exchange.hpp"
#include "adapters/svarinn/svarinn_failures.hpp"
#include "adapters/svarinn/svarinn_opening.hpp"
#include "gateway/sdk/host.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace gateway::svarinn {

/// Lives on its connection's strand; both outlive it.
class MailboxPoller {
public:
    MailboxPoller(const Settings& settings, sdk::Host& host)
        : settings_(settings), host_(host), opener_(settings, host), failures_(host.state) {}

    /// Until cancelled.
    sdk::Task<void> run();
    /// Once through the list. False when something must be tried again.
    sdk::Task<bool> round();
    /// What the systems made of a shipment, told to SvarUt.
    sdk::Task<sdk::Outcome> settle(sdk::InboundSettled what, sdk::Deadline deadline);
    /// Why the list could not be had or grows no shorter, when the last look went so.
    const std::optional<sdk::Outcome>& trouble() const { return trouble_; }
    /// The list was full and is shorter now: there may be more.
    bool more_waits() const { return more_waits_; }

private:
    /// What became of a shipment in this round: nothing more to do now; to be tried again.
    enum class Taken { done, failed };
    struct Open {
        bool stored = false;   // only the receipt is missing
        int failures = 0;      // in a row, of whatever kind: how long to pause
        core::SteadyTime again_at{};

        Open() = default;
    };

    sdk::Task<std::optional<Listing>> list();
    sdk::Task<Taken> take(const Listed& listed, Open& open);
    sdk::Task<std::unique_ptr<sdk::Spool>> download(const Listed& listed);
    sdk::Task<Taken> confirm(const std::string& id);
    sdk::Task<void> forget_the_others(const Listing& listing);
    sdk::Task<void> fail(const Listed& listed, Opening opening, sdk::Spool& sealed);
    sdk::Task<bool> set_aside(const Listed& listed, const Opening& opening, sdk::Spool& sealed);
    sdk::Task<void> set_aside_item(const json::Value& item);
    sdk::Task<bool> is_waited_for(const std::string& id);
    sdk::Task<void> wait_for_systems(const std::string& id);
    sdk::Task<sdk::Outcome> tell(sdk::HttpRequest request, sdk::Deadline deadline);
    void log(const char* event, const core::Code& code);
    void log_state(const core::Failure& failure);
    void judge_length(std::size_t listed);

    const Settings& settings_;
    sdk::Host& host_;
    Opener opener_;
    FailureLedger failures_;
    std::map<std::string, Open> open_;   // by shipment, of those in the list
    std::set<std::string> settled_;      // before their hand-over had returned
    std::optional<sdk::Outcome> trouble_;
    std::size_t receipted_ = 0;   // in this round: they leave the list
    bool more_waits_ = false;
};

}   // namespace gateway::svarinn
