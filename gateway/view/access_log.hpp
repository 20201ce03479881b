#pragma once

// The access log of a person and the report to that person, as JSON. Pure.

#include "gateway/json/value.hpp"
#include "gateway/ports/record_keeping.hpp"

namespace gateway::view {

json::Value log_entry(const ports::ReadEntry& entry);
/// One page; `held` is there on the first.
json::Value person_report(const ports::PersonReport& report, bool first_page);

}   // namespace gateway::view
