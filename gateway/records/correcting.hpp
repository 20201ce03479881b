#pragma once

// A local correction over a register's record, where the register is wrong or blind: with a source,
// a person who answers for it, and an end.

#include "gateway/records/visit.hpp"

namespace gateway::records {

/// Needs the grant `correct:<dataset>` and an acting user. Nothing: it is done.
sdk::Task<std::optional<ports::Refusal>> correct_record(ServiceParts& parts,
                                                        ports::CorrectCommand command);

}   // namespace gateway::records
