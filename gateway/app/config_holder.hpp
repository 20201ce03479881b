#pragma once

#include "gateway/ports/configuration.hpp"

#include <memory>
#include <mutex>

namespace gateway::app {

/// The configuration in force, swapped whole. Any thread.
class ConfigHolder final : public ports::ConfigurationSource {
public:
    std::shared_ptr<const core::Configuration> current() const override {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    void swap(std::shared_ptr<const core::Configuration> next) {
        const std::lock_guard lock(mutex_);
        current_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const core::Configuration> current_ =
        std::make_shared<const core::Configuration>();
};

}   // namespace gateway::app
