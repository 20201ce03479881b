#pragma once

// The dataset "contact": persons, asked for in batches.

#include "adapters/common/registers/look_ups.hpp"
#include "adapters/krr/krr_answers.hpp"
#include "adapters/krr/krr_caller.hpp"

namespace gateway::krr {

/// Lives on its connection's strand; stop() is awaited before it goes, and so are the look-ups.
class Contacts final : private registers::Source {
public:
    Contacts(const Settings& settings, sdk::Host& host, registers::Pauses& pauses);

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query, sdk::Deadline deadline);
    /// Cancels what is asked; those who wait are told `connection.not_running`. Safe twice.
    sdk::Task<void> stop() { return look_ups_.stop(); }

private:
    sdk::Task<registers::Reading> ask(registers::Lane lane, registers::Keys keys,
                                      sdk::Deadline deadline) override;
    void report(const registers::Lane& lane, const registers::Reading& reading);

    const Settings& settings_;
    sdk::Host& host_;
    Caller caller_;
    registers::LookUps look_ups_;
};

}   // namespace gateway::krr
