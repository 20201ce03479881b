#include "adapters/altinn/standin/book.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace gateway::altinn::standin {

using json::Value;

namespace {

constexpr std::size_t events_max = 20'000;

core::Duration scaled(core::Duration time, double times_faster) {
    return core::Duration(
        static_cast<std::int64_t>(std::llround(static_cast<double>(time.count()) / times_faster)));
}

}   // namespace

void Pace::scale(double times_faster) {
    scan = scaled(scan, times_faster);
    publish = scaled(publish, times_faster);
    fetch_debounce = scaled(fetch_debounce, times_faster);
    notice = scaled(notice, times_faster);
}

Book::Book(std::string folder, Settings& settings, gateway::standin::Faults& faults,
           const gateway::standin::SkewedClock& clock, Pace pace)
    : folder_(std::move(folder)),
      settings_(settings),
      faults_(faults),
      clock_(clock),
      pace_(pace),
      journal_(folder_ + "/correspondence.jsonl") {
    gateway::standin::make_directory(folder_ + "/files");
    for (const auto& [id, value] : journal_.take("attachment")) {
        Attachment attachment = attachment_from(id, value);
        if (attachment.scan_due) {
            plan(*attachment.scan_due, id);
        }
        attachments_.emplace(id, std::move(attachment));
    }
    for (const auto& [id, value] : journal_.take("correspondence")) {
        Correspondence correspondence = correspondence_from(id, value);
        if (correspondence.publish_due) {
            plan(*correspondence.publish_due, id);
        }
        remember(correspondence);
        correspondences_.emplace(id, std::move(correspondence));
    }
}

void Book::remember(const Correspondence& correspondence) {
    if (!correspondence.idempotent_key.empty()) {
        keys_.emplace(correspondence.idempotent_key, correspondence.id);
    }
    for (const std::string& attachment : correspondence.attachments) {
        links_[attachment].push_back(correspondence.id);
    }
}

void Book::plan(core::Time at, const std::string& id) {
    due_.emplace(at, id);
}

void Book::advance() {
    while (!due_.empty() && due_.begin()->first <= now()) {
        const core::Time at = due_.begin()->first;
        const std::string id = due_.begin()->second;
        due_.erase(due_.begin());
        Attachment* file = attachment(id);
        if (file != nullptr && file->scan_due == at) {
            finish_scan(*file, at);
        }
        Correspondence* letter = correspondence(id);
        if (letter != nullptr && letter->publish_due == at) {
            publish(*letter, at);
        }
    }
}

Attachment* Book::attachment(const std::string& id) {
    const auto found = attachments_.find(id);
    return found == attachments_.end() ? nullptr : &found->second;
}

Correspondence* Book::correspondence(const std::string& id) {
    const auto found = correspondences_.find(id);
    return found == correspondences_.end() ? nullptr : &found->second;
}

std::string Book::by_key(const std::string& key) const {
    const auto found = keys_.find(key);
    return found == keys_.end() ? std::string() : found->second;
}

std::vector<std::string> Book::linked_to(const std::string& attachment_id) const {
    const auto found = links_.find(attachment_id);
    return found == links_.end() ? std::vector<std::string>() : found->second;
}

void Book::add(Attachment attachment) {
    save(attachment);
    emit("attachmentinitialized", attachment.id);
    attachments_.insert_or_assign(attachment.id, std::move(attachment));
}

void Book::add(Correspondence correspondence) {
    save(correspondence);
    remember(correspondence);
    emit("correspondenceinitialized", correspondence.id);
    const std::string id = correspondence.id;
    correspondences_.insert_or_assign(id, std::move(correspondence));
    settle(correspondences_.at(id));
}

void Book::set_status(Attachment& attachment, const std::string& status, const std::string& text) {
    attachment.history.emplace_back(status, text.empty() ? status : text, now());
    save(attachment);
}

void Book::set_status(Correspondence& correspondence, const std::string& status,
                      const std::string& text) {
    correspondence.history.emplace_back(status, text.empty() ? status : text, now());
    save(correspondence);
}

void Book::start_scan(Attachment& attachment) {
    attachment.history.emplace_back("UploadProcessing", "UploadProcessing", now());
    attachment.scan_due = now() + pace_.scan;
    save(attachment);
    emit("attachmentuploadprocessing", attachment.id);
    plan(*attachment.scan_due, attachment.id);
}

void Book::finish_scan(Attachment& attachment, core::Time at) {
    attachment.scan_due.reset();
    if (attachment.infected) {
        attachment.history.emplace_back("Failed", "Malware scan failed", at);
        emit("attachmentuploadfailed", attachment.id);
    } else {
        attachment.history.emplace_back("Published", "Published", at);
        emit("attachmentpublished", attachment.id);
    }
    save(attachment);
    for (const std::string& id : linked_to(attachment.id)) {
        Correspondence* letter = correspondence(id);
        if (letter != nullptr) {
            settle_at(*letter, at);
        }
    }
}

void Book::settle(Correspondence& correspondence) {
    settle_at(correspondence, now());
}

void Book::settle_at(Correspondence& correspondence, core::Time at) {
    if (correspondence.status().status != "Initialized") {
        return;
    }
    for (const std::string& id : correspondence.attachments) {
        const Attachment* file = attachment(id);
        const std::string status = file != nullptr ? file->status().status : "Purged";
        if (status == "Initialized" || status == "UploadProcessing") {
            return;
        }
        if (status != "Published") {
            correspondence.history.emplace_back("Failed",
                                                "Attachment " + id + " is " + status + ": " +
                                                    (file ? file->status().text : ""),
                                                at);
            save(correspondence);
            emit("correspondencepublishfailed", correspondence.id);
            return;
        }
    }
    correspondence.history.emplace_back("ReadyForPublish", "ReadyForPublish", at);
    correspondence.publish_due = std::max(correspondence.requested_publish, at + pace_.publish);
    save(correspondence);
    plan(*correspondence.publish_due, correspondence.id);
}

void Book::publish(Correspondence& correspondence, core::Time at) {
    correspondence.publish_due.reset();
    const Value& special = settings_.recipient(correspondence.recipient);
    std::string reason = special["publish_fails"].as_string();
    if (auto fault = faults_.take("publish_fails")) {
        reason = fault->with["text"].is_string() ? fault->with["text"].as_string()
                                                 : "The recipient was not found in the register";
    }
    if (reason.empty() && special["unknown"].as_bool()) {
        reason = "The recipient was not found in the register";
    }
    if (reason.empty() && special["reserved"].as_bool() &&
        !correspondence.content["ignoreReservation"].as_bool()) {
        reason = "The recipient is reserved against digital post";
    }
    if (reason.empty()) {
        correspondence.published = at;
        correspondence.history.emplace_back("Published", "Published", at);
        emit("correspondencepublished", correspondence.id);
    } else {
        correspondence.history.emplace_back("Failed", reason, at);
        emit("correspondencepublishfailed", correspondence.id);
    }
    save(correspondence);
}

void Book::save(const Attachment& attachment) {
    journal_.put("attachment", attachment.id, to_json(attachment));
}

void Book::save(const Correspondence& correspondence) {
    journal_.put("correspondence", correspondence.id, to_json(correspondence));
}

void Book::emit(const std::string& type, const std::string& id) {
    Value event;
    event.set("type", "no.altinn.correspondence." + type).set("resourceinstance", id);
    event.set("time", core::to_rfc3339(now()));
    events_.push_back(std::move(event));
    if (events_.size() > events_max) {
        events_.pop_front();
    }
}

Value Book::events() const {
    return Value(json::Array(events_.begin(), events_.end()));
}

void Book::clear() {
    attachments_.clear();
    correspondences_.clear();
    keys_.clear();
    links_.clear();
    due_.clear();
    events_.clear();
    journal_.clear();
    std::filesystem::remove_all(folder());
    gateway::standin::make_directory(folder());
}

}   // namespace gateway::altinn::standin
