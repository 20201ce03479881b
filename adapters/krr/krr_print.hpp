#pragma once

// The dataset "print": who prints and posts for the sender, and the certificate to encrypt to. One
// entry for all tenants.

#include "adapters/common/registers/register_pauses.hpp"
#include "adapters/krr/krr_answers.hpp"
#include "adapters/krr/krr_caller.hpp"
#include "gateway/runtime/single_flight.hpp"

#include <optional>

namespace gateway::krr {

/// Lives on its connection's strand; stop() is awaited before it goes.
class Print {
public:
    Print(const Settings& settings, sdk::Host& host, registers::Pauses& pauses)
        : settings_(settings),
          host_(host),
          pauses_(pauses),
          caller_(settings, host),
          flight_(host.clock) {}

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query, sdk::Deadline deadline);
    /// Cancels what is asked; those who wait are told `connection.not_running`. Safe twice.
    sdk::Task<void> stop();
    /// Whether the register answers at all, told without a token. Nothing when it does.
    sdk::Task<std::optional<sdk::RegisterFailure>> probe(sdk::Deadline deadline);

private:
    bool is_fresh() const;
    sdk::Task<PrintReading> fetch(core::TenantId tenant);
    sdk::RegisterFailure not_running() const;

    const Settings& settings_;
    sdk::Host& host_;
    registers::Pauses& pauses_;
    Caller caller_;
    runtime::SingleFlight<PrintReading> flight_;
    std::optional<sdk::RegisterEntry> entry_;
    core::SteadyTime ends_at_{};
    bool stopped_ = false;
};

}   // namespace gateway::krr
