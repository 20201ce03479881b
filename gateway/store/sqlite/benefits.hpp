#pragma once

// What storing data once has spared, by day.

#include "gateway/ports/benefit_store.hpp"
#include "gateway/store/sqlite/database.hpp"

namespace gateway::store::sqlite {

using core::Result;

Result<void> add_benefits(Database&, std::chrono::sys_days day,
                          const std::vector<ports::BenefitCount>&, std::chrono::sys_days apart);
Result<ports::BenefitSums> benefits(Database&, std::optional<std::chrono::sys_days> from,
                                    std::optional<std::chrono::sys_days> until);

}   // namespace gateway::store::sqlite
