#include "gateway/records/authorise.hpp"

#include "gateway/records/national_id.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

using ports::Refusal;

constexpr std::size_t plain_key_max = 128;
constexpr std::string_view changes_path = "changes";   // stands in a key's place in a URL

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

}   // namespace

Permission authorise(const core::TenantConfig& tenant, const ports::RecordAsker& asker,
                     const std::string& dataset,
                     const std::optional<std::vector<std::string>>& fields) {
    Permission permission;
    auto found = find_dataset(tenant, dataset);
    if (found) {
        permission.dataset_id = dataset;
        permission.dataset = std::move(*found);
    }
    if (asker.purpose.empty()) {
        permission.refusal = Refusal("records.purpose_missing");
        return permission;
    }
    const auto purpose = tenant.purposes.find(core::PurposeId(asker.purpose));
    if (purpose == tenant.purposes.end()) {
        permission.refusal = Refusal("records.unknown_purpose");
        return permission;
    }
    permission.purpose = purpose->first;
    if (permission.dataset_id.empty()) {
        permission.refusal = Refusal("records.unknown_dataset");
        return permission;
    }
    const std::string grant = "read:" + dataset + ":" + asker.purpose;
    if (!asker.caller.may(grant)) {
        permission.refusal = Refusal("auth.not_granted", {{"grant", grant}});
        return permission;
    }
    const auto allowed = purpose->second.datasets.find(dataset);
    if (allowed == purpose->second.datasets.end() || allowed->second.empty()) {
        permission.refusal = Refusal("records.dataset_not_in_purpose",
                                     {{"dataset", dataset}, {"purpose", asker.purpose}});
        return permission;
    }
    permission.graded_addresses = purpose->second.graded_addresses;
    permission.retention = purpose->second.retention;
    for (const auto& field : allowed->second) {
        if (permission.dataset.has_field(field)) {   // a catalogue may have lost one since
            permission.allowed.insert(field);
        }
    }
    permission.asked = permission.allowed;
    if (!fields) {
        return permission;
    }
    permission.asked.clear();
    std::vector<core::Problem> problems;
    for (std::size_t i = 0; i < fields->size(); ++i) {
        const auto& field = (*fields)[i];
        const auto pointer = "/fields/" + std::to_string(i);
        if (!permission.dataset.has_field(field)) {
            problems.emplace_back(pointer, "records.unknown_field",
                                  core::Params{{"dataset", dataset}});
        } else if (!covers(permission.allowed, field)) {
            problems.emplace_back(pointer, "records.field_not_in_purpose",
                                  core::Params{{"field", field}, {"purpose", asker.purpose}});
        }
        permission.asked.insert(field);
    }
    if (!problems.empty()) {
        permission.asked.clear();
        const auto first = problems.front();
        permission.refusal = Refusal(first.code, first.params, std::move(problems));
    }
    return permission;
}

Fields fields_to_fetch(const Permission& permission) {
    Fields wanted = permission.allowed;
    const auto& dataset = permission.dataset;
    const bool graded = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& field) {
        return dataset.field(field) != nullptr && dataset.field(field)->graded;
    });
    if (graded && !dataset.grading.empty()) {
        wanted.insert(dataset.grading);
    }
    return without_parts(std::move(wanted));
}

CheckedKey check_key(core::RecordKeyKind kind, const std::string& key,
                     const core::RecordsConfig& rules) {
    CheckedKey checked;
    checked.key = key;
    const NationalIdRules ids(rules.relaxed_first_control_digit, rules.synthetic_ids);
    switch (kind) {
    case core::RecordKeyKind::person:
        if (!read_national_id(key, ids)) {
            checked.refusal = Refusal("records.not_a_national_id");
        }
        break;
    case core::RecordKeyKind::organisation:
        if (!core::is_organisation_number(key)) {
            checked.refusal = Refusal("records.not_an_organisation_number");
        }
        break;
    case core::RecordKeyKind::plain:
        if (key.empty() || key.size() > plain_key_max || key == changes_path ||
            !std::all_of(key.begin(), key.end(), is_plain)) {
            checked.refusal = Refusal("records.key_invalid");
        } else if (looks_like_national_id(key)) {
            checked.refusal = Refusal("records.key_personal");
        }
        break;
    }
    return checked;
}

}   // namespace gateway::records
