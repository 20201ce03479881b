#pragma once

// The channels that policy lets an operator choose between, by the same rules that dispatch
// chooses by.

#include "gateway/ports/configuration.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/other_ways.hpp"
#include "gateway/sdk/clock.hpp"

namespace gateway::app {

/// Keeps nothing between two calls; what it is made of outlives it.
class OtherWays final : public ports::OtherWays {
public:
    OtherWays(const ports::ConfigurationSource& configuration,
              const ports::Connections& connections, sdk::Clock& clock)
        : configuration_(configuration), connections_(connections), clock_(clock) {}

    std::vector<ports::OtherWay> ways(const core::TenantId& tenant,
                                      const ports::MessageView& message, const json::Value& content,
                                      std::optional<core::Time> expires_at) const override;

private:
    const ports::ConfigurationSource& configuration_;
    const ports::Connections& connections_;
    sdk::Clock& clock_;
};

}   // namespace gateway::app
