#pragma once

#include "gateway/core/configuration.hpp"

#include <memory>

namespace gateway::ports {

/// The configuration in force. A holder keeps one whole version for as long as it works. Any
/// thread.
class ConfigurationSource {
public:
    virtual ~ConfigurationSource() = default;
    virtual std::shared_ptr<const core::Configuration> current() const = 0;
};

}   // namespace gateway::ports
