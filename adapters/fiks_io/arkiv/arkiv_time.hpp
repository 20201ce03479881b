#pragma once

// Times as archives write them. Norwegian time by the rule since 1996: summer time from the last
// Sunday of March to the last Sunday of October, changing at 01:00 UTC. Pure.

#include "gateway/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::fiks_io::arkiv {

/// The calendar day in Norway, "YYYY-MM-DD".
std::string norwegian_date(core::Time at);

/// xsd:dateTime. Without a zone it is Norwegian time: archives write their own clock. In the hour
/// that comes twice it is the later one.
std::optional<core::Time> archive_time(std::string_view text);

/// xsd:date without its zone, "YYYY-MM-DD".
std::optional<std::string> archive_date(std::string_view text);

}   // namespace gateway::fiks_io::arkiv
