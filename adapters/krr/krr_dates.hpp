#pragma once

// Times as the register writes them, and the rule that contact details grow old
// (eForvaltningsforskriften section 32, docs.digdir.no "18 måneder"). Pure.

#include "gateway/core/time.hpp"

#include <optional>
#include <string_view>

namespace gateway::krr {

/// Seen: "2023-06-29T10:14:52+02" (an offset of hours alone) and "...Z". Also taken: RFC 3339, an
/// offset without its colon, no offset (read as UTC), a date alone. Nothing for anything else.
std::optional<core::Time> read_time(std::string_view text);

/// Until when an address may be used to notify: 18 months after the newer of its two dates, neither
/// of which counts for later than `now`. Nothing when neither can be read.
std::optional<core::Time> notify_until(std::string_view updated, std::string_view verified,
                                       core::Time now);

}   // namespace gateway::krr
