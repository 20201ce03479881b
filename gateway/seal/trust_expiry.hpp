#pragma once

// How soon a certificate runs out, so that somebody is told in time.

#include "gateway/core/time.hpp"
#include "gateway/seal/finding.hpp"

#include <array>
#include <optional>

namespace gateway::seal {

/// Days before the end at which a warning is due, each once: who warns remembers the last.
inline constexpr std::array<int, 5> expiry_warning_days{60, 30, 14, 7, 1};

struct ExpiryWarning {
    int threshold = 0;   // one of expiry_warning_days; 0: it has run out
    int days_left = 0;   // whole days, rounded down
    Finding finding;     // `seal.certificate_expires` {days, at} or `seal.certificate_expired` {at}
};

/// Nothing when more than 60 days are left.
std::optional<ExpiryWarning> expiry_warning(core::Time not_after, core::Time now);

}   // namespace gateway::seal
