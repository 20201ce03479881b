#include "adapters/altinn/standin/initialize.hpp"

#include "adapters/altinn/standin/form.hpp"
#include "adapters/altinn/standin/rules.hpp"
#include "adapters/altinn/standin/validation.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>
#include <set>

namespace gateway::altinn::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t attachments_max = 100;
constexpr std::uint64_t file_bytes_max = 2'000'000'000;
constexpr std::chrono::hours expires_too_soon{6};

const Value& letter_of(const Value& request) {
    return get(request, "correspondence");
}
const Value& files_of(const Value& request) {
    return get(get(letter_of(request), "content"), "attachments");
}

/// By name or by number, as enumerations come.
bool is_location(const Value& attachment, std::string_view name, std::int64_t number) {
    const Value& location = get(attachment, "dataLocationType");
    return location.as_string() == name || (location.is_int() && location.as_int() == number);
}

bool is_existing(const Value& attachment) {
    return is_location(attachment, "ExistingCorrespondenceAttachment", 1);
}

}   // namespace

http::Response Initialize::run(const Value& request, std::vector<Uploaded>& files) {
    const FieldFaults faults = validate_initialize(request);
    if (!faults.empty()) {
        return to_response(faults);
    }
    if (const auto wrong = judge(request, files)) {
        return to_response(*wrong);
    }
    store_files(request, files);
    return kit::json_response(200, store(request));
}

Initialize::Wrong Initialize::judge(const Value& request, std::vector<Uploaded>& files) {
    const Value& letter = letter_of(request);
    resource_ = get(letter, "resourceId").as_string();
    dialog_ = dialog_of(letter);
    if (auto wrong = check_resource(platform_, caller_, resource_, !dialog_.empty())) {
        return wrong;
    }
    resource_ = (*platform_.settings.resource(resource_))["id"].as_string();
    if (auto wrong = check_key(request)) {
        return wrong;
    }
    if (auto wrong = check_recipients(request)) {
        return wrong;
    }
    if (auto wrong = check_times(letter, platform_.book.now())) {
        return wrong;
    }
    if (auto wrong = check_content(letter)) {
        return wrong;
    }
    if (auto wrong = check_reply_options(letter)) {
        return wrong;
    }
    if (auto wrong = check_dialog(letter)) {
        return wrong;
    }
    if (auto wrong = check_confidential(letter)) {
        return wrong;
    }
    if (auto wrong = check_attachments(request, files)) {
        return wrong;
    }
    if (auto wrong = check_notification(get(letter, "notification"))) {
        return wrong;
    }
    return check_reservation(letter);
}

Initialize::Wrong Initialize::check_key(const Value& request) {
    const Value& key = get(request, "idempotentKey");
    if (key.is_null()) {
        return std::nullopt;
    }
    const auto uuid = core::parse_uuid(key.as_string());
    if (!uuid || *uuid == core::Uuid{}) {
        return Refusal(1033);
    }
    if (get(request, "recipients").items().size() != 1) {
        return Refusal(1047);
    }
    key_ = uuid->to_string();
    if (!platform_.book.by_key(key_).empty()) {
        return Refusal(1034);   // whatever the content; the id is not told
    }
    return std::nullopt;
}

Initialize::Wrong Initialize::check_recipients(const Value& request) {
    std::set<std::string> seen;
    std::string unknown;
    for (const Value& item : get(request, "recipients").items()) {
        const std::string urn = recipient_urn(item.as_string());
        if (!seen.insert(urn).second) {
            return Refusal(1006);
        }
        if (platform_.settings.recipient(urn)["unknown"].as_bool()) {
            unknown += (unknown.empty() ? "" : ", ") + urn;
        }
        recipients_.push_back(urn);
    }
    if (platform_.world.faults.take("unknown_recipient", http_)) {
        unknown = recipients_.front();
    }
    return unknown.empty() ? std::nullopt
                           : std::optional<Refusal>(Refusal(1029, "Not found: " + unknown));
}

Initialize::Wrong Initialize::check_attachments(const Value& request,
                                                std::vector<Uploaded>& files) {
    std::vector<std::string> existing;   // in the order given, each once
    const auto add = [&existing](const Value& id) {
        const std::string name = kit::lower(id.as_string());
        if (std::find(existing.begin(), existing.end(), name) == existing.end()) {
            existing.push_back(name);
        }
    };
    for (const Value& id : get(request, "existingAttachments").items()) {
        add(id);
    }
    std::size_t described = 0;
    std::multiset<std::string> names;
    for (const Value& file : files_of(request).items()) {
        if (is_location(file, "ExistingExternalStorage", 2)) {
            return Refusal(2009);
        }
        if (is_existing(file)) {
            add(get(file, "id"));
            continue;
        }
        ++described;
        names.insert(get(file, "fileName").as_string());
        if (auto wrong = check_file_name(get(file, "fileName").as_string())) {
            return wrong;
        }
    }
    if (existing.size() + described > attachments_max) {
        return Refusal(1038);
    }
    for (const std::string& id : existing) {
        const Attachment* attachment = platform_.book.attachment(id);
        if (attachment == nullptr) {
            return Refusal(1007);
        }
        if (attachment->owner != caller_.organisation) {
            return Refusal(1017);
        }
        if (attachment->status().status != "Published") {
            return Refusal(1018);
        }
        const auto expires = attachment->expires();
        if (expires && *expires < platform_.book.now() + expires_too_soon) {
            return Refusal(1055);
        }
        attachments_.push_back(id);
    }
    for (const Uploaded& file : files) {
        const auto found = names.find(file.file_name);
        if (found == names.end()) {
            return Refusal(1005);
        }
        names.erase(found);
        if (file.file->size() == 0 || file.file->size() > file_bytes_max) {
            return Refusal(2004);
        }
    }
    if (!names.empty()) {
        return Refusal(1005);
    }
    for (const Value& described_file : files_of(request).items()) {
        const std::string& checksum = get(described_file, "checksum").as_string();
        for (const Uploaded& file : files) {
            if (!checksum.empty() &&
                file.file_name == get(described_file, "fileName").as_string() &&
                file.file->md5() != checksum) {
                return Refusal(2008);
            }
        }
    }
    return std::nullopt;
}

Initialize::Wrong Initialize::check_dialog(const Value& letter) {
    const std::string type = transmission_type_of(letter);
    if (dialog_.empty()) {
        return type.empty() ? std::nullopt : std::optional<Refusal>(Refusal(1052));
    }
    if (!type.empty() && !is_transmission_type(type)) {
        return Refusal(1053);
    }
    const Value* dialog = platform_.settings.dialog(dialog_);
    if (dialog == nullptr) {
        return Refusal(1054);
    }
    if (recipients_.size() != 1) {
        return Refusal(1045);
    }
    if ((*dialog)["party"].as_string() != recipients_.front()) {
        return Refusal(1046);
    }
    if ((*dialog)["owner"].as_string() != caller_.organisation) {
        return Refusal(1050);
    }
    if (!get(letter, "replyOptions").items().empty() ||
        get(letter, "isConfirmationNeeded").as_bool()) {
        return Refusal(1051);
    }
    return std::nullopt;
}

Initialize::Wrong Initialize::check_confidential(const Value& letter) const {
    const bool letter_is = get(letter, "isConfidential").as_bool();
    const bool resource_is = (*platform_.settings.resource(resource_))["confidential"].as_bool();
    if (resource_is && !letter_is) {
        return Refusal(1060);
    }
    if (letter_is && !resource_is) {
        return Refusal(1061);
    }
    return std::nullopt;
}

Initialize::Wrong Initialize::check_reservation(const Value& letter) {
    if (platform_.world.faults.take("register_down", http_)) {
        return Refusal(1032);
    }
    const auto fault = platform_.world.faults.take("reserved", http_);
    const bool ignored = get(letter, "ignoreReservation").as_bool();
    for (const std::string& urn : recipients_) {
        const bool reserved = platform_.settings.recipient(urn)["reserved"].as_bool() || fault;
        if (reserved && !ignored && is_person(urn)) {
            reserved_.push_back(urn);
        }
    }
    const bool as_status = fault && fault->with["as"].as_string() == "status";
    if (!reserved_.empty() && reserved_.size() == recipients_.size() && !as_status) {
        return Refusal(1030);
    }
    return std::nullopt;
}

void Initialize::store_files(const Value& request, std::vector<Uploaded>& files) {
    for (const Value& described : files_of(request).items()) {
        if (is_existing(described)) {
            continue;
        }
        const std::string& name = get(described, "fileName").as_string();
        const auto file = std::find_if(files.begin(), files.end(), [&](const Uploaded& uploaded) {
            return uploaded.file != nullptr && uploaded.file_name == name;
        });
        Attachment attachment;
        attachment.id = kit::random_uuid();
        attachment.owner = caller_.organisation;
        attachment.resource = resource_;
        attachment.file_name = name;
        attachment.display_name = get(described, "displayName").as_string();
        attachment.senders_reference = get(described, "sendersReference").as_string();
        attachment.encrypted = get(described, "isEncrypted").as_bool();
        if (get(described, "expirationInDays").is_int()) {
            attachment.expiration_days = get(described, "expirationInDays").as_int();
        }
        attachment.created = platform_.book.now();
        attachment.history.emplace_back("Initialized", "Initialized", attachment.created);
        attachment.checksum = file->file->md5();
        attachment.sha256 = file->file->sha256();
        attachment.size = file->file->size();
        attachment.infected =
            file->file->is_eicar() || platform_.world.faults.take("malware", http_).has_value();
        attachment.file = platform_.book.folder() + "/" + attachment.id;
        file->file->keep_as(attachment.file);
        file->file.reset();
        const std::string id = attachment.id;
        platform_.book.add(std::move(attachment));
        platform_.book.start_scan(*platform_.book.attachment(id));
        attachments_.push_back(id);
    }
}

Value Initialize::orders(const Value& letter, const std::string& recipient) const {
    const Value& wanted = get(letter, "notification");
    Value list = Value::array();
    if (!wanted.is_object()) {
        return list;
    }
    const bool missing = platform_.settings.recipient(recipient)["missing_contact"].as_bool();
    const auto order = [&](bool reminder, const Value& channel) {
        Value item;
        item.set("orderId", kit::random_uuid()).set("isReminder", reminder);
        item.set("channel", channel.is_string() ? channel : Value("Email"));
        item.set("status", missing ? "MissingContact" : "Success");
        list.push(std::move(item));
    };
    order(false, get(wanted, "notificationChannel"));
    if (get(wanted, "sendReminder").as_bool()) {
        const Value& channel = get(wanted, "reminderNotificationChannel");
        order(true, channel.is_null() ? get(wanted, "notificationChannel") : channel);
    }
    return list;
}

Value Initialize::store(const Value& request) {
    const Value& letter = letter_of(request);
    Value made = Value::array();
    for (const std::string& recipient : recipients_) {
        Correspondence correspondence;
        correspondence.id = kit::random_uuid();
        correspondence.owner = caller_.organisation;
        correspondence.resource = resource_;
        correspondence.recipient = recipient;
        correspondence.idempotent_key = key_;
        correspondence.content = letter;
        correspondence.attachments = attachments_;
        correspondence.created = platform_.book.now();
        correspondence.requested_publish = correspondence.created;
        const auto publish = core::parse_rfc3339(get(letter, "requestedPublishTime").as_string());
        if (publish && *publish > correspondence.created) {
            correspondence.requested_publish = *publish;
        }
        correspondence.transmission = !dialog_.empty();
        correspondence.dialog = dialog_.empty() ? kit::random_uuid() : dialog_;
        correspondence.history.emplace_back("Initialized", "Initialized", correspondence.created);
        const bool reserved =
            std::find(reserved_.begin(), reserved_.end(), recipient) != reserved_.end();
        if (reserved) {
            correspondence.history.emplace_back("Reserved", "Reserved", correspondence.created);
        } else {
            correspondence.notifications = orders(letter, recipient);
        }
        const Value& notices = correspondence.notifications;
        Value told = notices.items().empty() ? Value() : Value::array();
        for (const Value& order : notices.items()) {
            Value item;
            item.set("orderId", order["orderId"]).set("isReminder", order["isReminder"]);
            item.set("status", order["status"]);
            told.push(std::move(item));
        }
        Value answer;
        answer.set("correspondenceId", correspondence.id);
        const std::string id = correspondence.id;
        platform_.book.add(std::move(correspondence));
        answer.set("status", platform_.book.correspondence(id)->status().status);
        answer.set("recipient", recipient).set("notifications", std::move(told));
        made.push(std::move(answer));
    }
    Value files = Value::array();
    for (const std::string& id : attachments_) {
        files.push(id);
    }
    Value out;
    out.set("correspondences", std::move(made)).set("attachmentIds", std::move(files));
    return out;
}

}   // namespace gateway::altinn::standin
