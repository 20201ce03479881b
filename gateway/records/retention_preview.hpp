#pragma once

// Behind ports::RetentionPreview: judged as the eraser judges, by the same rules over the same
// rows, from the oldest on, so many at most of each type.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/ports/retention_preview.hpp"
#include "gateway/sdk/clock.hpp"

#include <functional>
#include <memory>

namespace gateway::records {

struct PreviewParts {
    ports::RetentionStore& retention;
    ports::RecordStore& records;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    const sdk::Clock& clock;
    std::function<std::shared_ptr<const core::MessageRetentions>()> rules;   // in force
};

class RetentionPreview final : public ports::RetentionPreview {
public:
    explicit RetentionPreview(PreviewParts parts) : parts_(std::move(parts)) {}

    sdk::Task<sdk::Result<ports::RetentionForesight>>
    preview(std::optional<core::TenantId> tenant) override;

private:
    /// Adds to it what it sees of contents.
    sdk::Task<sdk::Result<void>> look_at_contents(ports::RetentionSight& sight);
    sdk::Task<sdk::Result<void>> look_at_bare(ports::RetentionSight& sight);
    sdk::Task<sdk::Result<ports::QuarantineSight>> look_at_quarantine(core::TenantId tenant,
                                                                      std::chrono::hours kept);
    sdk::Task<sdk::Result<bool>> is_person_held(core::TenantId tenant,
                                                std::vector<std::string> tokens);

    const PreviewParts parts_;
};

}   // namespace gateway::records
