#include "adapters/altinn_forms/forms_content.hpp"

#include "adapters/common/altinn/peer_values.hpp"

#include <algorithm>

namespace gateway::altinn_forms {
namespace {

constexpr const char* receipt_type = "ref-data-as-pdf";

enum class Role { answers, receipt, attachment };

/// The form itself is a model, written by the app as XML or JSON and without a file name.
Role role_of(const Element& element) {
    if (element.data_type == receipt_type) {
        return Role::receipt;
    }
    const bool model = element.media_type.starts_with("application/xml") ||
                       element.media_type.starts_with("application/json");
    return model && element.file_name.empty() ? Role::answers : Role::attachment;
}

const char* name_of(Role role) {
    switch (role) {
    case Role::answers: return "answers";
    case Role::receipt: return "receipt";
    case Role::attachment: break;
    }
    return "attachment";
}

std::string ending_of(const std::string& media_type) {
    if (media_type.starts_with("application/xml")) {
        return ".xml";
    }
    if (media_type.starts_with("application/json")) {
        return ".json";
    }
    return media_type.starts_with("application/pdf") ? ".pdf" : "";
}

json::Value submitter_of(const Instance& instance) {
    json::Value submitter;
    submitter.set("party", instance.ref.party);
    if (!instance.person.empty()) {
        submitter.set("person", instance.person);
    }
    if (!instance.organisation.empty()) {
        submitter.set("organisation", instance.organisation);
    }
    return submitter;
}

json::Value document_of(const Fetched& file) {
    json::Value document;
    document.set("sha256", file.document.sha256.to_hex()).set("size", file.document.size);
    document.set("name", file.document.name).set("mediaType", file.document.media_type);
    document.set("role", name_of(role_of(file.element)));
    document.set("documentType", file.element.data_type).set("externalId", file.element.id);
    return document;
}

}   // namespace

std::string file_name_of(const Element& element) {
    std::string name = element.file_name;
    if (name.empty()) {
        name = (element.data_type.empty() ? "data" : element.data_type) +
               ending_of(element.media_type);
    }
    return altinn_platform::safe_file_name(name);
}

std::string media_type_of(const Element& element) {
    return element.media_type.empty() ? "application/octet-stream" : element.media_type;
}

void put_in_order(std::vector<Fetched>& files) {
    std::stable_sort(files.begin(), files.end(), [](const Fetched& a, const Fetched& b) {
        return role_of(a.element) < role_of(b.element);
    });
}

sdk::InboundMessage inbound_of(const Instance& instance, std::vector<Fetched> files,
                               const std::vector<Element>& withheld, const Settings& settings) {
    put_in_order(files);
    json::Value form;
    form.set("id", instance.app_id);
    json::Value content;
    content.set("type", "form").set("version", 1).set("reference", instance.ref.path());
    content.set("form", std::move(form)).set("channel", "altinn");
    content.set("instance", instance.ref.path());
    const auto& confidential = settings.confidential_apps;
    if (std::find(confidential.begin(), confidential.end(), instance.ref.app) !=
        confidential.end()) {
        content.set("confidential", true);
    }
    if (instance.created) {
        content.set("startedAt", core::to_rfc3339(*instance.created));
    }
    if (instance.ended) {
        content.set("receivedAt", core::to_rfc3339(*instance.ended));
    }
    content.set("submitter", submitter_of(instance));
    content.set("presentation", instance.presentation_texts);
    content.set("values", instance.data_values);
    json::Value documents = json::Value::array();
    sdk::InboundMessage message;
    for (auto& file : files) {
        documents.push(document_of(file));
        message.documents.push_back(std::move(file.document));
    }
    content.set("documents", std::move(documents));
    json::Value left_out = json::Value::array();
    for (const auto& element : withheld) {
        json::Value one;
        one.set("name", file_name_of(element)).set("documentType", element.data_type);
        one.set("externalId", element.id).set("reason", "infected");
        left_out.push(std::move(one));
    }
    content.set("withheld", std::move(left_out));

    message.tenant = settings.tenant;
    message.type = "form/v1";
    message.dedupe_id = "form/" + instance.ref.guid;
    message.facts.resource = resource_of(settings, instance.ref.app);
    message.facts.app = instance.app_id;
    message.facts.message_type = std::string(completed_type);
    message.facts.sender = instance.organisation;
    message.from = submitter_of(instance);
    message.content = std::move(content);
    message.keys.emplace("reference", instance.ref.path());
    message.received_at = instance.ended;
    message.tell_when_settled = true;   // a substatus may come with the acknowledgement
    message.memo = instance.ref.app + "/" + instance.ref.path();
    return message;
}

/// "apps-test/50015641/a72223a3-..."
std::optional<InstanceRef> instance_of_memo(const std::string& memo) {
    const auto slash = memo.find('/');
    if (slash == std::string::npos) {
        return std::nullopt;
    }
    auto instance = read_instance_id(std::string_view(memo).substr(slash + 1));
    if (instance) {
        instance->app = memo.substr(0, slash);
    }
    return instance;
}

}   // namespace gateway::altinn_forms
