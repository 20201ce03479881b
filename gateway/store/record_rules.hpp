#pragma once

// What both stores ask of commands about records before anything is written. Pure.

#include "gateway/ports/record_types.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace gateway::store {

inline constexpr std::size_t record_batch_max = 1'000;   // subjects, wishes, log entries of a call
inline constexpr std::size_t record_writes_max =
    4'000;   // a feed's page may touch several datasets
inline constexpr std::size_t record_bytes_max = 256 * 1024 + 64;   // sealed
inline constexpr std::size_t record_key_bytes_max = 1'024;         // a subject's, sealed
inline constexpr std::size_t record_text_bytes_max = 16 * 1024;    // fields, purposes
inline constexpr std::size_t record_name_bytes_max = 200;          // dataset, source, dedupe id
inline constexpr std::size_t feed_cursor_bytes_max = 1'000;
/// A register repeats a change soon or never.
inline constexpr std::chrono::hours told_kept{24 * 90};

/// `too_large` or `invalid_argument`; a sealed value without a key, a subject without one, and the
/// like.
core::Result<void> check_log(const std::vector<ports::NewLogEntry>& entries);
/// When these rules let a record go, where that is earlier than it stands there.
std::optional<core::Time> earlier_end(const ports::RecordRow& row,
                                      const ports::RetentionRules& rules);
/// One that log_read() may write.
core::Result<void> check_read(const ports::NewLogEntry& entry);
core::Result<void> check_subjects(const std::vector<ports::Subject>& wanted);
core::Result<void> check_wishes(const std::vector<ports::RecordWish>& wishes);
core::Result<void> check_writes(const std::vector<ports::RecordWrite>& writes);
core::Result<void> check_step(const ports::FeedStep& step);
core::Result<void> check_erasing(const ports::EraseCommand& command);

}   // namespace gateway::store
