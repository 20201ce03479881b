#pragma once

// Retention: what has been held as long as its rule says is erased by destroying its key, each
// with its reason in the access log, in the same transaction. What stands under a legal hold stays.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/record_store.hpp"
#include "gateway/records/prepared_answers.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/host.hpp"

namespace gateway::records {

struct EraserParts {
    ports::RecordStore& store;
    const ports::ConfigurationSource& configuration;
    const sdk::Clock& clock;
    sdk::Log& log;
    sdk::Metrics& metrics;
    PreparedAnswers* prepared = nullptr;
};

/// Who stands in the log for it; no system is called so.
inline constexpr const char* retention_author = "gateway:retention";

/// Why a record goes: the purpose whose time was the longest of those it was fetched for, or the
/// rule of its dataset, or the end of a correction over a record that was never fetched. Pure.
ports::NewLogEntry explain_erasure(const core::TenantConfig& tenant, const ports::RecordRow& row,
                                   core::Time now);

/// How long a tenant keeps its records. Pure.
ports::RetentionRules rules_of(const core::TenantConfig& tenant);

/// One call at a time.
class Eraser {
public:
    explicit Eraser(const EraserParts& parts) : parts_(parts) {}

    /// Of every tenant, in batches. What cannot be erased now is logged and met by the next call;
    /// so is what is more than one call takes. Nothing goes by a clock that is not believed: what a
    /// system has published cannot be fetched anew.
    sdk::Task<void> erase_all(bool clock_believed);
    /// Nothing that was due failed in the last call: else somebody is to be told.
    bool well() const { return well_; }

private:
    /// Rules that were applied to what was held already.
    struct Applied {
        ports::RetentionRules rules;
        int passes_left = 0;
    };

    /// Where a rule is another than at the last call, or this is the first.
    sdk::Task<void> apply_rules(core::TenantId tenant, ports::RetentionRules rules);
    sdk::Task<void> erase(core::TenantId tenant);
    /// How many went; 0: nothing is due.
    sdk::Task<core::Result<std::size_t>> erase_batch(core::TenantId tenant);

    const EraserParts parts_;
    std::map<core::TenantId, Applied> applied_;
    bool well_ = true;
};

}   // namespace gateway::records
