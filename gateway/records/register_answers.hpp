#pragma once

// What a register answered, judged before any of it is believed. Pure.

#include "gateway/ports/intake.hpp"
#include "gateway/records/held_record.hpp"
#include "gateway/sdk/register.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace gateway::records {

/// Why nothing of the answer may be used: it is not about exactly whom was asked about.
std::optional<ports::Refusal> check_answer(const Dataset& dataset,
                                           const std::vector<std::string>& keys,
                                           const sdk::RegisterAnswer& answer);

/// What is kept of an entry: the fields asked for and no others, for no longer than the catalogue
/// says.
Part part_of(const Dataset& dataset, const Fields& fields, const sdk::RegisterEntry& entry,
             core::Time now);
/// Until when the register's not knowing the key is believed.
core::Time absent_until(const Dataset& dataset, const sdk::RegisterEntry& entry, core::Time now);

/// As the caller is told; the register's own code stands among the problems.
ports::Refusal refusal_of(const Dataset& dataset, const sdk::RegisterFailure& failure);
/// How long the register is left alone after it.
std::chrono::seconds pause_after(const sdk::RegisterFailure& failure);

}   // namespace gateway::records
