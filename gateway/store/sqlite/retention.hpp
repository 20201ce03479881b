#pragma once

// What is kept no longer, of messages and inbox items.

#include "gateway/ports/retention_store.hpp"
#include "gateway/store/sqlite/engine.hpp"

namespace gateway::store::sqlite {

using core::Result;

Result<ports::RetentionPage> retention_page(Database&, const ports::RetentionQuery&);
Result<std::size_t> retain(Engine&, const ports::RetentionStep&);
Result<ports::BareRemoved> remove_bare(Engine&, const ports::BareRemoval&);
Result<ports::BareRemoved> count_bare(Database&, const ports::BareRemoval&);
Result<std::size_t> forget_removed(Database&, core::Time before);
Result<ports::QuarantineTurn> retire_quarantined(Engine&, const ports::QuarantineTerm&);
Result<ports::QuarantineTurn> count_quarantined(Database&, const ports::QuarantineTerm&);
Result<ports::QuarantineEnding> quarantine_ending(Database&, const core::TenantId&);
/// What it referred to may be collected when nothing else does.
void release_documents(Database&, const core::TenantId&, ports::KeptKind, core::Uuid id);
Result<std::optional<ports::SweepPlace>> sweep_erased(Database&, const ports::SweepPlace& from,
                                                      std::size_t limit);
Result<void> hold_content(Engine&, const core::TenantId&, ports::KeptKind, core::Uuid id, bool held,
                          core::Time at, const std::vector<ports::NewLogEntry>& log,
                          const std::vector<ports::NewEvent>& events);

}   // namespace gateway::store::sqlite
