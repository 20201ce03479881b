#pragma once

// What the datasets are: whose they are, which fields they have, how long an answer holds. Those of
// national registers stand in schemas/records/ (embedded); a tenant's own in its configuration.

#include "gateway/core/configuration.hpp"
#include "gateway/json/value.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::records {

enum class Sensitivity {
    open,        // anybody may know it
    ordinary,    // personal
    protected_   // personal, and telling: family, protection, former ids
};

struct FieldFacts {
    Sensitivity sensitivity = Sensitivity::ordinary;
    bool graded = false;             // says where somebody lives
    std::set<std::string> members;   // one level below that may be named by itself

    FieldFacts() = default;
};

/// A field is named by its member, or with one below it: "addresses", "addresses.residence".
struct Dataset {
    std::string id;
    core::RecordKeyKind key = core::RecordKeyKind::person;
    std::string authority;   // who answers for what it says
    std::string register_name;
    std::chrono::hours valid_for{0};   // an answer is fresh for so long at most
    std::chrono::hours stale_for{0};   // and may be given, marked, for so long while nobody answers
    std::chrono::hours absent_for{0};   // that the register does not know the key holds so long
    /// Pointers to who the answer is about: where one is there, the key must be among them.
    std::vector<std::string> identity;
    std::string grading;                 // the field that grades addresses; empty: none does
    std::set<std::string> open_grades;   // what it says when nothing is to be hidden
    std::map<std::string, FieldFacts, std::less<>> fields;
    bool own = false;   // of the tenant, published by a system

    Dataset() = default;
    bool has_field(std::string_view name) const;
    /// The facts of a field or of what it is a part of; nullptr when unknown.
    const FieldFacts* field(std::string_view name) const;
    /// Every name a field may be asked for by.
    std::vector<std::string> field_names() const;
};

/// Of the national registers. Immutable; any thread.
class DatasetCatalogue {
public:
    /// `malformed` names what is wrong in `detail`.
    static core::Result<DatasetCatalogue> read(const std::vector<std::string_view>& texts);
    /// The embedded one.
    static const DatasetCatalogue& current();

    const Dataset* find(std::string_view id) const;
    std::vector<std::string> ids() const;

private:
    std::map<std::string, Dataset, std::less<>> datasets_;
};

/// A tenant's own dataset: its fields are what its schema's `properties` name. `malformed` when the
/// schema is none, or does not say which members a record has.
core::Result<Dataset> own_dataset(const core::DatasetConfig& config);

/// Of a register or of the tenant.
std::optional<Dataset> find_dataset(const core::TenantConfig& tenant, std::string_view id);

}   // namespace gateway::records
