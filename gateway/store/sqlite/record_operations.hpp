#pragma once

// What the store does with records and the access log, as plain functions (operations.hpp says how
// those with an Engine and those with a Database differ).

#include "gateway/ports/record_store.hpp"
#include "gateway/store/sqlite/engine.hpp"

namespace gateway::store::sqlite {

using core::Result;

// record_subjects.cpp
Result<std::vector<ports::Subject>> subjects(Engine&, const core::TenantId&,
                                             const std::vector<ports::Subject>& wanted);
Result<std::optional<ports::Subject>> find_subject(Database&, const core::TenantId&, core::Uuid);
Result<std::optional<ports::Subject>> find_subject_by_token(Database&, const core::TenantId&,
                                                            core::RecordKeyKind,
                                                            const std::string& token);
Result<ports::Subject> replace_subject(Engine&, const core::TenantId&, core::Uuid ended,
                                       const ports::Subject& successor, ports::LinkFrom from,
                                       core::Time at, const std::vector<ports::NewLogEntry>& log);
Result<void> separate_subject(Engine&, const core::TenantId&, core::Uuid ended,
                              core::Uuid successor, core::Time at,
                              const std::vector<ports::NewLogEntry>& log);
Result<std::vector<ports::Subject>> linked_subjects(Database&, const core::TenantId&, core::Uuid);
Result<void> hold_subject(Engine&, const core::TenantId&, core::Uuid, bool held,
                          const std::vector<ports::NewLogEntry>&);

// record_reading.cpp
Result<std::vector<std::optional<ports::RecordRow>>> records(Database&, const core::TenantId&,
                                                             const std::vector<ports::RecordWish>&);
Result<std::vector<ports::RecordRow>> records_of(Database&, const core::TenantId&, core::Uuid);
Result<std::vector<ports::RecordChange>> record_changes(Database&, const core::TenantId&,
                                                        const std::string& dataset,
                                                        std::uint64_t after, std::size_t limit);
Result<std::vector<ports::RecordRow>> due_for_erasure(Database&, const core::TenantId&, core::Time,
                                                      std::size_t limit);

// record_writing.cpp
Result<ports::KeepAnswer> keep(Engine&, const core::TenantId&,
                               const std::vector<ports::RecordWrite>&,
                               const std::vector<ports::NewLogEntry>&);
Result<void> erase(Engine&, const ports::EraseCommand&);

// record_feeds.cpp
Result<ports::FeedCursor> feed_cursor(Database&, const core::ConnectionId&, const core::TenantId&);
Result<void> advance_feed(Engine&, const ports::FeedStep&);

// record_retention.cpp
Result<ports::ShortenAnswer> shorten(Engine&, const core::TenantId&, const ports::RetentionRules&,
                                     const ports::RecordWish& after, std::size_t limit);

// access_log.cpp
Result<ports::LogHead> write_log(Engine&, const core::TenantId&,
                                 const std::vector<ports::NewLogEntry>&);
Result<ports::LogHead> log_read(Engine&, const core::TenantId&, const ports::NewLogEntry&,
                                std::uint64_t version);
Result<std::vector<ports::LogEntry>> read_log(Database&, const ports::LogQuery&);
Result<ports::LogHead> log_head(Database&, const core::TenantId&);

}   // namespace gateway::store::sqlite
