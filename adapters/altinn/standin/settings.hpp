#pragma once

// What the platform around Correspondence knows: resources, service owners, recipients, dialogs; a
// file a person can edit
// (<state>/settings.json).
//
//   {"resources": [{"id", "owner", "type": "CorrespondenceService", "confidential": false}],
//    "service_owners": [{"organisation", "org", "agreement": true}],
//    "recipients": [{"recipient", "reserved", "unknown", "missing_contact", "publish_fails":
//    "reason"}], "dialogs": [{"id", "party", "owner"}]}

#include "gateway/json/value.hpp"

#include <optional>
#include <string>

namespace gateway::altinn::standin {

/// One thread.
class Settings {
public:
    /// Reads the file, or writes one with resources of `organisation`. Throws std::runtime_error
    /// for a damaged one.
    Settings(std::string path, const std::string& organisation);

    /// By bare id or "urn:altinn:resource:<id>"; nullptr when unknown.
    const json::Value* resource(std::string_view name) const;
    const json::Value* service_owner(const std::string& organisation) const;
    /// What is special about a recipient (URN); null for most.
    const json::Value& recipient(const std::string& urn) const;
    const json::Value* dialog(const std::string& id) const;

    /// Adds or replaces one entry of a list by its first member's name; says what is wrong instead.
    std::optional<std::string> put(const std::string& list, const json::Value& entry);
    const json::Value& data() const { return data_; }

private:
    void save() const;

    std::string path_;
    json::Value data_;
};

}   // namespace gateway::altinn::standin
