#include "gateway/app/config/sources.hpp"
#include "gateway/app/secrets.hpp"

namespace gateway::app {
namespace {

std::chrono::hours days_of(const json::Value& table, std::string_view name,
                           std::chrono::hours otherwise) {
    const auto* value = table.find(name);
    return value == nullptr ? otherwise : std::chrono::hours(24 * value->as_int());
}

core::RecordKeyKind key_of(const std::string& word) {
    return word == "person"         ? core::RecordKeyKind::person
           : word == "organisation" ? core::RecordKeyKind::organisation
                                    : core::RecordKeyKind::plain;
}

}   // namespace

core::RecordsConfig records_of(const json::Value& table, const std::string& folder) {
    core::RecordsConfig records;
    if (const std::string& path = table["checkpoint_folder"].as_string(); !path.empty()) {
        records.checkpoint_folder = anchored("file:" + path, folder).substr(5);
    }
    records.checkpoint_syslog = table["checkpoint_syslog"].as_bool();
    records.checkpoint_every =
        std::chrono::minutes(table["checkpoint_minutes"].as_int(records.checkpoint_every.count()));
    records.look_up_time_max =
        std::chrono::seconds(table["look_up_seconds_max"].as_int(records.look_up_time_max.count()));
    if (const auto* keys = table.find("keys_max")) {
        records.keys_max = static_cast<std::size_t>(keys->as_int());
    }
    records.feed_every =
        std::chrono::seconds(table["feed_seconds"].as_int(records.feed_every.count()));
    records.relaxed_first_control_digit =
        table["relaxed_first_control_digit"].as_bool(records.relaxed_first_control_digit);
    records.synthetic_ids = table["synthetic_ids"].as_bool();
    return records;
}

core::PurposeConfig purpose_of(const std::string& id, const json::Value& table) {
    core::PurposeConfig purpose;
    purpose.id = core::PurposeId(id);
    purpose.name = table.has("name") ? table["name"].as_string() : id;
    purpose.legal_basis = table["legal_basis"].as_string();
    for (const auto& [dataset, fields] : table["datasets"].members()) {
        auto& allowed = purpose.datasets[dataset];
        for (const json::Value& field : fields.items()) {
            allowed.insert(field.as_string());
        }
    }
    purpose.graded_addresses = table["graded_addresses"].as_bool();
    for (const json::Value& event : table["events"].items()) {
        purpose.events.insert(event.as_string());
    }
    for (const json::Value& number : table["organisations_in"].items()) {
        purpose.organisations_in.insert(number.as_string());
    }
    purpose.retention = days_of(table, "retention_days", purpose.retention);
    return purpose;
}

core::MessageRetention retention_of(const json::Value& table) {
    core::MessageRetention rule;
    const auto read = [&table](std::string_view name) {
        const auto* days = table.find(name);
        return days == nullptr ? std::nullopt
                               : std::optional(std::chrono::hours(24 * days->as_int()));
    };
    rule.content = read("content_days");
    rule.unfinished = read("unfinished_days");
    rule.record = read("record_days");
    return rule;
}

core::DatasetConfig dataset_of(const std::string& id, const json::Value& table) {
    core::DatasetConfig dataset;
    dataset.id = id;
    dataset.name = table.has("name") ? table["name"].as_string() : id;
    dataset.owner = core::SystemId(table["owner"].as_string());
    dataset.key = key_of(table["key"].as_string());
    dataset.schema = table["schema"].as_string();
    dataset.legal_basis = table["legal_basis"].as_string();
    dataset.sensitive = table["sensitive"].as_bool();
    dataset.valid_for = std::chrono::hours(table["valid_hours"].as_int(dataset.valid_for.count()));
    dataset.retention = days_of(table, "retention_days", dataset.retention);
    return dataset;
}

}   // namespace gateway::app
