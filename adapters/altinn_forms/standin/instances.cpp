#include "adapters/altinn_forms/standin/instances.hpp"

#include "adapters/altinn_forms/standin/answers.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"

#include <filesystem>

namespace gateway::altinn_forms::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::string_view eicar_start = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR";

/// What the app writes itself is not scanned.
bool is_scanned(const std::string& data_type, const std::string& content_type) {
    return content_type != "application/xml" && data_type != "ref-data-as-pdf";
}

}   // namespace

Instances::Instances(std::string folder, kit::Journal& journal, const kit::SkewedClock& clock,
                     const Pace& pace)
    : folder_(std::move(folder)), journal_(journal), clock_(clock), pace_(pace) {
    kit::make_directory(folder_);
    for (auto& [id, instance] : journal_.take("instance")) {
        next_party_ = std::max(next_party_, instance["instanceOwner"]["_number"].as_int() + 1);
        scans_.emplace(core::Time{}, id);
        instances_.emplace(id, instance);
    }
}

Value* Instances::find(const std::string& id) {
    const auto found = instances_.find(kit::lower(id));
    return found == instances_.end() ? nullptr : &found->second;
}

Value& Instances::create(const std::string& app, const Value& owner, const std::string& by) {
    std::string party = owner["partyId"].as_string();
    Value kept = owner.is_object() ? owner : Value::object();
    if (party.empty()) {
        kept.set("_number", next_party_);
        party = std::to_string(next_party_++);
    }
    kept.set("partyId", party);
    const std::string id = party + "/" + kit::random_uuid();
    Value instance;
    instance.set("id", id).set("instanceOwner", std::move(kept)).set("appId", app);
    instance.set("org", app.substr(0, app.find('/')));
    Value process;
    process.set("started", written(now())).set("startEvent", "StartEvent_1");
    Value task;
    task.set("flow", 2).set("started", written(now())).set("elementId", "Task_1");
    task.set("name", "Utfylling").set("altinnTaskType", "data");
    process.set("currentTask", std::move(task));
    Value status;
    status.set("isArchived", false).set("isSoftDeleted", false).set("isHardDeleted", false);
    status.set("readStatus", "Unread");
    instance.set("process", std::move(process)).set("status", std::move(status));
    instance.set("completeConfirmations", Value::array()).set("data", Value::array());
    instance.set("presentationTexts", Value::object()).set("dataValues", Value::object());
    instance.set("created", written(now())).set("createdBy", by);
    instance.set("lastChanged", written(now())).set("lastChangedBy", by);
    Value& stored = instances_[id] = std::move(instance);
    save(stored);
    return stored;
}

void Instances::complete(Value& instance) {
    Value process;
    process.set("started", instance["process"]["started"]).set("startEvent", "StartEvent_1");
    process.set("ended", written(now())).set("endEvent", "EndEvent_1");
    instance.set("process", std::move(process));
    Value status = instance["status"];
    status.set("isArchived", true).set("archived", written(now()));
    instance.set("status", std::move(status));
    touch(instance);
    save(instance);
}

const Value& Instances::add_data(Value& instance, const std::string& data_type,
                                 const std::string& content_type, const std::string& file_name,
                                 std::string_view bytes, const Value& as) {
    const std::string id = kit::random_uuid();
    const std::string path = folder_ + "/" + id;
    kit::write_file(path, bytes);
    const std::string& instance_id = instance["id"].as_string();
    Value element;
    element.set("id", id).set("instanceGuid", instance_id.substr(instance_id.find('/') + 1));
    element.set("dataType", data_type).set("contentType", content_type);
    if (!file_name.empty()) {
        element.set("filename", file_name);
    }
    const Value& claimed = as["claimed_size"];
    element.set("size",
                claimed.is_int() ? claimed : Value(static_cast<std::int64_t>(bytes.size())));
    element.set("locked", false).set("isRead", false).set("created", written(now()));
    element.set("lastChanged", written(now())).set("tags", Value::array());
    element.set("_file", path).set("_sha256", kit::sha256_hex(bytes));
    std::string scan = as["scan"].as_string();
    if (scan.empty()) {
        scan = bytes.find(eicar_start) != std::string_view::npos ? "infected" : "clean";
    }
    if (!is_scanned(data_type, content_type)) {
        element.set("fileScanResult", "NotApplicable");
    } else {
        element.set("fileScanResult", "Pending").set("_scan", scan);
        element.set("_scan_due", core::to_rfc3339(now() + pace_.scan));
        scans_.emplace(now() + pace_.scan, instance_id);
    }
    Value data = instance["data"];
    data.push(std::move(element));
    instance.set("data", std::move(data));
    touch(instance);
    save(instance);
    return instance["data"].items().back();
}

const Value* Instances::element(const Value& instance, const std::string& id) const {
    for (const Value& element : instance["data"].items()) {
        if (element["id"].as_string() == kit::lower(id)) {
            return &element;
        }
    }
    return nullptr;
}

std::string Instances::read(const Value& element) const {
    return kit::read_file(element["_file"].as_string()).value_or("");
}

void Instances::touch(Value& instance) {
    instance.set("lastChanged", written(now()));
}

void Instances::save(const Value& instance) {
    journal_.put("instance", instance["id"].as_string(), instance);
}

void Instances::advance() {
    std::multimap<core::Time, std::string> later;
    while (!scans_.empty() && scans_.begin()->first <= now()) {
        Value* instance = find(scans_.begin()->second);
        scans_.erase(scans_.begin());
        if (instance == nullptr) {
            continue;
        }
        Value data = Value::array();
        bool changed = false;
        for (Value element : (*instance)["data"].items()) {
            const auto due = core::parse_rfc3339(element["_scan_due"].as_string());
            const std::string scan = element["_scan"].as_string();
            if (element["fileScanResult"].as_string() == "Pending" && due && scan != "never") {
                if (*due <= now()) {
                    element.set("fileScanResult", scan == "infected" ? "Infected" : "Clean");
                    changed = true;
                } else {
                    later.emplace(*due, (*instance)["id"].as_string());
                }
            }
            data.push(std::move(element));
        }
        if (changed) {
            instance->set("data", std::move(data));
            save(*instance);
        }
    }
    scans_.merge(later);
}

void Instances::clear() {
    instances_.clear();
    scans_.clear();
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        std::filesystem::remove(entry.path());
    }
}

}   // namespace gateway::altinn_forms::standin
