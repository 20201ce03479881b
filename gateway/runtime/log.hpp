#pragma once

// JSON lines on standard error (journald reads them), written by a thread of their own; escaped by
// us, never by a pattern.

#include "gateway/sdk/host.hpp"

#include <memory>

namespace gateway::runtime {

/// Any thread. `fields` must hold no personal data. Dropped lines are counted and said.
std::unique_ptr<sdk::Log> make_json_log(sdk::Clock& clock, sdk::Severity least);

/// Adds fields to every line (connection=..., tenant=...). Borrows `log`.
std::unique_ptr<sdk::Log> make_log_with(sdk::Log& log, core::Params fields);

/// Drops everything (tests).
sdk::Log& null_log();

}   // namespace gateway::runtime
