#pragma once

// Every kind of alarm there is: what it is called, how grave it is, which words it has, where it is
// mended. A table, so that no rule decides any of it.

#include "gateway/ports/alarm_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::alarms {

struct Kind {
    std::string_view name;
    std::string_view page;   // of the console, after its '#'
    /// How long it must last before it is an incident: what mends itself wakes nobody.
    std::chrono::seconds lasts{0};
};

const std::vector<Kind>& kinds();
/// Nothing: no such kind.
const Kind* find_kind(std::string_view name);

/// The text code of a kind.
core::Code code_of(std::string_view kind);
/// "notice" | "warning" | "critical"
std::string_view name(ports::AlarmSeverity severity);

}   // namespace gateway::alarms
