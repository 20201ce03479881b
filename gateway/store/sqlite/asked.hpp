#pragma once

// Acts that wait for a second person.

#include "gateway/ports/asked_store.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <optional>
#include <vector>

namespace gateway::store::sqlite {

core::Result<void> ask(Database&, const ports::AskedAct&);
core::Result<std::optional<ports::AskedAct>> find_asked(Database&, const core::Uuid&);
core::Result<std::vector<ports::AskedAct>> asked(Database&, const ports::AskedQuery&);
core::Result<std::vector<ports::AskedAct>> asked_due(Database&, core::Time now, std::size_t limit);
core::Result<void> move_asked(Database&, const ports::AskedMove&);
core::Result<void> forget_asked(Database&, core::Time before);

/// What waited when the data was saved is over: whether it was carried out since nobody knows.
void settle_restored_asked(Database&);

}   // namespace gateway::store::sqlite
