#pragma once

#include "gateway/core/message_retention.hpp"
#include "gateway/core/second_person.hpp"
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

    /// Never nothing.
    std::shared_ptr<const core::MessageRetentions> retentions() const {
        const std::lock_guard lock(mutex_);
        return retentions_;
    }
    void swap_retentions(std::shared_ptr<const core::MessageRetentions> next) {
        const std::lock_guard lock(mutex_);
        retentions_ = std::move(next);
    }

    /// Never nothing.
    std::shared_ptr<const core::SecondPersonRules> second_person() const {
        const std::lock_guard lock(mutex_);
        return second_person_;
    }
    void swap_second_person(std::shared_ptr<const core::SecondPersonRules> next) {
        const std::lock_guard lock(mutex_);
        second_person_ = std::move(next);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const core::Configuration> current_ =
        std::make_shared<const core::Configuration>();
    std::shared_ptr<const core::MessageRetentions> retentions_ =
        std::make_shared<const core::MessageRetentions>();
    std::shared_ptr<const core::SecondPersonRules> second_person_ =
        std::make_shared<const core::SecondPersonRules>();
};

}   // namespace gateway::app
