#include "gateway/seal/trust_expiry.hpp"

namespace gateway::seal {

std::optional<ExpiryWarning> expiry_warning(core::Time not_after, core::Time now) {
    const auto left = not_after - now;
    ExpiryWarning warning;
    if (left < core::Duration::zero()) {
        warning.finding =
            Finding("seal.certificate_expired", {{"at", core::to_rfc3339(not_after)}});
        return warning;
    }
    for (const int days : expiry_warning_days) {
        if (left <= std::chrono::days(days)) {
            warning.threshold = days;   // the last that is reached: they descend
        }
    }
    if (warning.threshold == 0) {
        return std::nullopt;
    }
    warning.days_left = static_cast<int>(std::chrono::floor<std::chrono::days>(left).count());
    warning.finding =
        Finding("seal.certificate_expires",
                {{"days", std::to_string(warning.days_left)}, {"at", core::to_rfc3339(not_after)}});
    return warning;
}

}   // namespace gateway::seal
