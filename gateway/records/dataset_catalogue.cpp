#include "gateway/records/dataset_catalogue.hpp"

#include "datasets_data.hpp"
#include "gateway/core/assert.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

using core::Errc;
using core::Failure;

constexpr std::size_t schema_depth_max = 64;
constexpr std::size_t own_fields_max = 60;   // with their names within an entry of the access log
constexpr std::size_t own_name_max = 63;

std::optional<core::RecordKeyKind> key_kind(const std::string& word) {
    if (word == "person") {
        return core::RecordKeyKind::person;
    }
    if (word == "organisation") {
        return core::RecordKeyKind::organisation;
    }
    return std::nullopt;
}

std::optional<Sensitivity> sensitivity(const std::string& word) {
    if (word == "open") {
        return Sensitivity::open;
    }
    if (word == "ordinary") {
        return Sensitivity::ordinary;
    }
    if (word == "protected") {
        return Sensitivity::protected_;
    }
    return std::nullopt;
}

core::Result<void> only(const json::Value& item, const std::set<std::string_view>& known) {
    for (const auto& [name, value] : item.members()) {
        if (!known.contains(name)) {
            return Failure(Errc::malformed, "unknown member " + name);
        }
    }
    return {};
}

core::Result<FieldFacts> read_field(const json::Value& item) {
    if (const auto known = only(item, {"sensitivity", "graded", "members"}); !known) {
        return known.error();
    }
    const auto how = sensitivity(item["sensitivity"].as_string());
    if (!how) {
        return Failure(Errc::malformed, "sensitivity");
    }
    FieldFacts facts;
    facts.sensitivity = *how;
    facts.graded = item["graded"].as_bool();
    for (const auto& member : item["members"].items()) {
        facts.members.insert(member.as_string());
    }
    return facts;
}

core::Result<Dataset> read_dataset(std::string_view text) {
    const auto parsed = json::parse_or_failure(text);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& root = *parsed;
    if (const auto known =
            only(root, {"dataset", "key", "authority", "register", "validHours", "staleHours",
                        "absentHours", "identity", "grading", "fields"});
        !known) {
        return known.error();
    }
    Dataset dataset;
    dataset.id = root["dataset"].as_string();
    dataset.authority = root["authority"].as_string();
    dataset.register_name = root["register"].as_string();
    const auto kind = key_kind(root["key"].as_string());
    if (dataset.id.empty() || dataset.authority.empty() || dataset.register_name.empty() || !kind) {
        return Failure(Errc::malformed, dataset.id + ": dataset, authority, register or key");
    }
    dataset.key = *kind;
    dataset.valid_for = std::chrono::hours(root["validHours"].as_int());
    dataset.stale_for = std::chrono::hours(root["staleHours"].as_int());
    dataset.absent_for = std::chrono::hours(root["absentHours"].as_int());
    if (dataset.valid_for.count() <= 0 || dataset.stale_for < dataset.valid_for ||
        dataset.absent_for.count() <= 0 || dataset.absent_for > dataset.valid_for) {
        return Failure(Errc::malformed, dataset.id + ": hours");
    }
    for (const auto& pointer : root["identity"].items()) {
        dataset.identity.push_back(pointer.as_string());
    }
    for (const auto& [name, item] : root["fields"].members()) {
        auto facts = read_field(item);
        if (!facts) {
            return Failure(Errc::malformed, dataset.id + ": " + name + ": " + facts.error().detail);
        }
        dataset.fields.emplace(name, std::move(*facts));
    }
    dataset.grading = root["grading"]["member"].as_string();
    for (const auto& grade : root["grading"]["open"].items()) {
        dataset.open_grades.insert(grade.as_string());
    }
    if (dataset.fields.empty() ||
        (!dataset.grading.empty() && !dataset.fields.contains(dataset.grading))) {
        return Failure(Errc::malformed, dataset.id + ": fields");
    }
    return dataset;
}

std::pair<std::string_view, std::string_view> split(std::string_view name) {
    const auto dot = name.find('.');
    return dot == std::string_view::npos ? std::pair{name, std::string_view()}
                                         : std::pair{name.substr(0, dot), name.substr(dot + 1)};
}

/// Names go into grants of fields, the log and queries: plain words.
bool is_field_name(std::string_view name) {
    return !name.empty() && name.size() <= own_name_max &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-';
           });
}

}   // namespace

const FieldFacts* Dataset::field(std::string_view name) const {
    const auto [top, below] = split(name);
    const auto found = fields.find(top);
    if (found == fields.end()) {
        return nullptr;
    }
    const bool whole = top.size() == name.size();
    return whole || found->second.members.contains(std::string(below)) ? &found->second : nullptr;
}

bool Dataset::has_field(std::string_view name) const {
    return field(name) != nullptr;
}

std::vector<std::string> Dataset::field_names() const {
    std::vector<std::string> names;
    for (const auto& [name, facts] : fields) {
        names.push_back(name);
        for (const auto& member : facts.members) {
            names.push_back(name + "." + member);
        }
    }
    return names;
}

core::Result<DatasetCatalogue> DatasetCatalogue::read(const std::vector<std::string_view>& texts) {
    DatasetCatalogue catalogue;
    for (const auto text : texts) {
        auto dataset = read_dataset(text);
        if (!dataset) {
            return dataset.error();
        }
        const std::string id = dataset->id;
        if (!catalogue.datasets_.emplace(id, std::move(*dataset)).second) {
            return Failure(Errc::malformed, id + ": twice");
        }
    }
    return catalogue;
}

const DatasetCatalogue& DatasetCatalogue::current() {
    static const auto catalogue = read({embedded::person, embedded::contact, embedded::organisation,
                                        embedded::organisation_roles});
    GATEWAY_ASSERT(catalogue.has_value());
    return *catalogue;
}

const Dataset* DatasetCatalogue::find(std::string_view id) const {
    const auto found = datasets_.find(id);
    return found == datasets_.end() ? nullptr : &found->second;
}

std::vector<std::string> DatasetCatalogue::ids() const {
    std::vector<std::string> all;
    for (const auto& [id, dataset] : datasets_) {
        all.push_back(id);
    }
    return all;
}

core::Result<Dataset> own_dataset(const core::DatasetConfig& config) {
    json::ParseLimits limits;
    limits.depth_max = schema_depth_max;
    const auto schema = json::parse_or_failure(config.schema, limits);
    if (!schema) {
        return schema.error();
    }
    Dataset dataset;
    dataset.id = config.id;
    dataset.key = config.key;
    dataset.register_name = config.name;
    dataset.valid_for = config.valid_for;
    dataset.stale_for = config.valid_for;
    dataset.absent_for = config.valid_for;
    dataset.own = true;
    for (const auto& [name, part] : (*schema)["properties"].members()) {
        if (!is_field_name(name)) {
            return Failure(Errc::malformed, "a property's name");
        }
        FieldFacts facts;
        facts.sensitivity = config.sensitive ? Sensitivity::protected_ : Sensitivity::ordinary;
        for (const auto& [member, below] : part["properties"].members()) {
            if (is_field_name(member)) {   // others are seen with the whole alone
                facts.members.insert(member);
            }
        }
        dataset.fields.emplace(name, std::move(facts));
    }
    if (dataset.fields.empty() || dataset.fields.size() > own_fields_max) {
        return Failure(Errc::malformed, "no properties, or too many");
    }
    return dataset;
}

std::optional<Dataset> find_dataset(const core::TenantConfig& tenant, std::string_view id) {
    if (const auto* known = DatasetCatalogue::current().find(id)) {
        return *known;
    }
    const auto own = tenant.datasets.find(std::string(id));
    if (own == tenant.datasets.end()) {
        return std::nullopt;
    }
    auto dataset = own_dataset(own->second);
    return dataset ? std::optional(std::move(*dataset)) : std::nullopt;
}

}   // namespace gateway::records
