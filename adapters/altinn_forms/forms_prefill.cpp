#include "adapters/altinn_forms/forms_prefill.hpp"

namespace gateway::altinn_forms {
namespace {

constexpr std::size_t list_bytes_max = 8U << 20U;

std::optional<json::Value> answer_of(const sdk::HttpResponse& response) {
    json::ParseLimits limits;
    limits.bytes_max = list_bytes_max;
    auto value = json::parse(response.body, limits);
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

std::optional<InstanceRef> ref_of(const json::Value& instance, const Settings& settings,
                                  const Prefill& prefill) {
    auto ref = read_instance_id(instance["id"].as_string());
    if (!ref || instance["appId"].as_string() != settings.org + "/" + prefill.app) {
        return std::nullopt;
    }
    ref->app = prefill.app;
    return ref;
}

}   // namespace

std::string Prefill::owner() const {
    return person.empty() ? "Organisation:" + organisation : "Person:" + person;
}

std::optional<Prefill> read_prefill(const core::Delivery& delivery) {
    const auto content = json::parse(delivery.content);
    const auto with = json::parse(delivery.settings);
    if (!content || !with) {
        return std::nullopt;
    }
    Prefill prefill;
    prefill.app = (*with)["app"].as_string();
    prefill.person = (*content)["recipient"]["person"].as_string();
    prefill.organisation = (*content)["recipient"]["organisation"].as_string();
    prefill.due = (*content)["dueAt"].as_string();
    prefill.values =
        (*content)["values"].is_object() ? (*content)["values"] : json::Value::object();
    if (prefill.app.empty() || prefill.person.empty() == prefill.organisation.empty()) {
        return std::nullopt;
    }
    return prefill;
}

std::string body_of(const Prefill& prefill) {
    json::Value owner;
    if (prefill.person.empty()) {
        owner.set("organisationNumber", prefill.organisation);
    } else {
        owner.set("personNumber", prefill.person);
    }
    json::Value body;
    body.set("instanceOwner", std::move(owner));
    if (!prefill.due.empty()) {
        body.set("dueBefore", prefill.due);
    }
    body.set("prefill", prefill.values);
    return json::write(body);
}

std::optional<InstanceRef> read_made(const sdk::HttpResponse& response, const Settings& settings,
                                     const Prefill& prefill) {
    const auto value = answer_of(response);
    return value ? ref_of(*value, settings, prefill) : std::nullopt;
}

std::optional<std::vector<InstanceRef>> read_made_by_us(const sdk::HttpResponse& response,
                                                        const Settings& settings,
                                                        const Prefill& prefill) {
    const auto value = answer_of(response);
    if (!value || !(*value)["instances"].is_array() || !(*value)["next"].as_string().empty()) {
        return std::nullopt;
    }
    std::vector<InstanceRef> made;
    for (const auto& one : (*value)["instances"].items()) {
        auto ref = ref_of(one, settings, prefill);
        if (ref && one["createdBy"].as_string() == settings.tenant.value) {
            made.push_back(std::move(*ref));
        }
    }
    return made;
}

PrefillProgress PrefillProgress::read(const std::string& text) {
    PrefillProgress progress;
    const auto value = json::parse(text.empty() ? "{}" : text);
    if (value && (*value)["asked"].is_int()) {
        progress.asked = core::Time(core::Duration((*value)["asked"].as_int()));
    }
    return progress;
}

std::string PrefillProgress::write() const {
    json::Value value = json::Value::object();
    if (asked) {
        value.set("asked", asked->time_since_epoch().count());
    }
    return json::write(value);
}

}   // namespace gateway::altinn_forms
