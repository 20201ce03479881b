#pragma once

// One call of a system's, whatever it asks: its configuration and keys, held for the whole of it,
// and what the access log says of it.

#include "gateway/records/service.hpp"

#include <memory>
#include <optional>

namespace gateway::records {

/// Before the name of an operator where a system stands in the log; no system is called so.
inline constexpr std::string_view operator_prefix = "operator:";

class Visit {
public:
    Visit(const ServiceParts& parts, const ports::RecordAsker& asker);

    /// Without tenant or key nothing can be done, nor logged.
    std::optional<ports::Refusal> refusal() const;
    const core::TenantId& tenant_id() const { return asker_.caller.tenant; }
    const core::TenantConfig& tenant() const { return configuration_->tenants.at(tenant_id()); }
    const core::Configuration& configuration() const { return *configuration_; }
    const std::shared_ptr<const core::Configuration>& under() const { return configuration_; }
    const crypto::Vault& vault() const { return *vault_; }
    core::Time now() const { return now_; }   // of the whole call
    const ports::RecordAsker& asker() const { return asker_; }

    /// The system, the time, and the purpose where the tenant has it: a caller's own words stay
    /// out.
    ports::NewLogEntry entry(ports::LogKind kind) const;
    /// The same of a subject: who acted, and in which case, sealed under its key.
    core::Result<ports::NewLogEntry> entry(ports::LogKind kind, const ports::Subject& subject,
                                           sdk::Ids& ids) const;

private:
    const ports::RecordAsker& asker_;
    std::shared_ptr<const core::Configuration> configuration_;
    std::shared_ptr<const crypto::Vault> vault_;
    core::Time now_;
};

/// Of the store, as a caller is told.
ports::Refusal refusal_of(const core::Failure& failure);

/// Entries in pieces that the store takes at once.
sdk::Task<core::Result<void>> write_log(ports::RecordStore& store, core::TenantId tenant,
                                        std::vector<ports::NewLogEntry> entries);

}   // namespace gateway::records
