#pragma once

// The rule that contact details grow old (eForvaltningsforskriften section 32, docs.digdir.no "18
// måneder"). Times are seen as "2023-06-29T10:14:52+02" and "...Z". Pure.

#include "gateway/core/time.hpp"

#include <optional>
#include <string_view>

namespace gateway::krr {

/// Until when an address may be used to notify: 18 months after the newer of its two dates, neither
/// of which counts for later than `now`. Nothing when neither can be read.
std::optional<core::Time> notify_until(std::string_view updated, std::string_view verified,
                                       core::Time now);

}   // namespace gateway::krr
