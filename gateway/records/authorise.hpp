#pragma once

// Who may see what, for which purpose: default deny. Pure.

#include "gateway/ports/records.hpp"
#include "gateway/records/fields.hpp"

#include <optional>
#include <string>

namespace gateway::records {

struct Permission {
    std::optional<ports::Refusal> refusal;   // with one, only what is named below holds
    core::PurposeId purpose;                 // empty: none that the tenant has
    std::string dataset_id;                  // empty: none that the tenant has
    Dataset dataset;
    Fields allowed;   // all that the purpose may see of the dataset
    Fields asked;     // what the answer has at most
    bool graded_addresses = false;
    std::chrono::hours retention{0};

    Permission() = default;
};

/// The refusal says what is missing; of what the caller wrote it repeats only names that are the
/// configuration's or the catalogue's own.
Permission authorise(const core::TenantConfig& tenant, const ports::RecordAsker& asker,
                     const std::string& dataset,
                     const std::optional<std::vector<std::string>>& fields);

/// What is asked of the register for a purpose: all that it allows, and what grades addresses.
Fields fields_to_fetch(const Permission& permission);

/// The key as it is held and compared, or a refusal.
struct CheckedKey {
    std::optional<ports::Refusal> refusal;
    std::string key;

    CheckedKey() = default;
};
CheckedKey check_key(core::RecordKeyKind kind, const std::string& key,
                     const core::RecordsConfig& rules);

}   // namespace gateway::records
