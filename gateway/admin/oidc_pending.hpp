#pragma once

// Sign-ins that are at the provider just now. In memory alone: after a restart people begin anew.
// Each is good once, for ten minutes, in the browser it began in.

#include "gateway/admin/oidc_protocol.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gateway::admin {

inline constexpr std::chrono::minutes oidc_pending_time_max{10};

struct OidcPending {
    std::shared_ptr<const core::OidcConfig> config;   // as it was when it began
    OidcMetadata metadata;
    OidcSecrets secrets;
    std::string browser;   // what its cookie holds
    core::SteadyTime began{};

    OidcPending() = default;
};

/// Any thread.
class OidcPendings {
public:
    /// Of too many the oldest goes.
    void put(OidcPending pending);
    /// The sign-in of this state, if it began in this browser and not too long ago. It is gone
    /// afterwards, also when it did not fit.
    std::optional<OidcPending> take(std::string_view state, std::string_view browser,
                                    core::SteadyTime now);
    std::size_t size() const;

    static constexpr std::size_t pending_max = 256;

private:
    mutable std::mutex mutex_;
    std::map<std::string, OidcPending> pending_;   // by the SHA-256 of the state
};

}   // namespace gateway::admin
