#include "adapters/altinn/standin/settings.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <stdexcept>

namespace gateway::altinn::standin {

using json::Value;

namespace {

constexpr std::string_view resource_prefix = "urn:altinn:resource:";

/// The member that names an entry of a list.
std::string key_of(const std::string& list) {
    if (list == "resources" || list == "dialogs") {
        return "id";
    }
    return list == "service_owners" ? "organisation" : "recipient";
}

const Value* find(const Value& list, const std::string& key, std::string_view name) {
    for (const Value& entry : list.items()) {
        if (entry[key].as_string() == name) {
            return &entry;
        }
    }
    return nullptr;
}

Value resource_entry(const char* id, const std::string& owner, bool confidential) {
    Value entry;
    entry.set("id", id).set("owner", owner).set("type", "CorrespondenceService");
    entry.set("confidential", confidential);
    return entry;
}

}   // namespace

Settings::Settings(std::string path, const std::string& organisation) : path_(std::move(path)) {
    const auto text = gateway::standin::read_file(path_);
    if (text) {
        auto parsed = json::parse_or_failure(*text);
        if (!parsed || !parsed->is_object()) {
            throw std::runtime_error(path_ + " is not a JSON object");
        }
        data_ = std::move(*parsed);
        return;
    }
    Value resources = Value::array();
    resources.push(resource_entry("sluse-brev", organisation, false));
    resources.push(resource_entry("sluse-brev-fortrolig", organisation, true));
    Value app = resource_entry("app_sandkassa_skjema", organisation, false);
    app.set("type", "AltinnApp");
    resources.push(std::move(app));
    Value owner;
    owner.set("organisation", organisation).set("org", "sandkassa").set("agreement", true);
    data_.set("resources", std::move(resources));
    data_.set("service_owners", Value::array().push(std::move(owner)));
    data_.set("recipients", Value::array()).set("dialogs", Value::array());
    save();
}

const Value* Settings::resource(std::string_view name) const {
    if (name.starts_with(resource_prefix)) {
        name.remove_prefix(resource_prefix.size());
    }
    return find(data_["resources"], "id", name);
}

const Value* Settings::service_owner(const std::string& organisation) const {
    return find(data_["service_owners"], "organisation", organisation);
}

const Value& Settings::recipient(const std::string& urn) const {
    static const Value nothing;
    const Value* entry = find(data_["recipients"], "recipient", urn);
    return entry != nullptr ? *entry : nothing;
}

const Value* Settings::dialog(const std::string& id) const {
    return find(data_["dialogs"], "id", id);
}

std::optional<std::string> Settings::put(const std::string& list, const Value& entry) {
    const std::string key = key_of(list);
    const std::string& name = entry[key].as_string();
    if (name.empty()) {
        return key + " is missing";
    }
    Value kept = Value::array();
    for (const Value& other : data_[list].items()) {
        if (other[key].as_string() != name) {
            kept.push(other);
        }
    }
    kept.push(entry);
    data_.set(list, std::move(kept));
    save();
    return std::nullopt;
}

void Settings::save() const {
    gateway::standin::write_file(path_, json::write_pretty(data_) + "\n");
}

}   // namespace gateway::altinn::standin
