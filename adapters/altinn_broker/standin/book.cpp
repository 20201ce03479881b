#include "adapters/altinn_broker/standin/book.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace gateway::altinn_broker::standin {

using json::Value;

namespace {

constexpr std::size_t events_max = 20'000;
constexpr std::chrono::seconds scan_time{20};
constexpr std::string_view resource_prefix = "urn:altinn:resource:";

Value resource_entry(const char* id, const std::string& owner) {
    Value entry;
    entry.set("id", id).set("owner", owner).set("max_bytes", 0);
    entry.set("ttl_hours", 720).set("grace_hours", 2).set("purge_after_confirmed", true);
    return entry;
}

}   // namespace

Book::Book(std::string folder, const std::string& organisation,
           const gateway::standin::SkewedClock& clock, double times_faster)
    : folder_(std::move(folder)),
      files_(folder_ + "/files"),
      clock_(clock),
      times_faster_(times_faster),
      journal_(folder_ + "/transfers.jsonl") {
    gateway::standin::make_directory(files_);
    for (const auto& [id, value] : journal_.take("transfer")) {
        transfers_.emplace(id, transfer_from(id, value));
    }
    if (const auto text = gateway::standin::read_file(folder_ + "/settings.json")) {
        auto parsed = json::parse_or_failure(*text);
        if (!parsed || !parsed->is_object()) {
            throw std::runtime_error(folder_ + "/settings.json is not a JSON object");
        }
        settings_ = std::move(*parsed);
        return;
    }
    Value resources = Value::array();
    resources.push(resource_entry("sluse-filer", organisation));
    resources.push(resource_entry("sluse-filer-2", organisation));
    Value owner;
    owner.set("organisation", organisation).set("org", "sandkassa").set("ready", true);
    settings_.set("resources", std::move(resources));
    settings_.set("service_owners", Value::array().push(std::move(owner)));
    save_settings();
}

core::Duration Book::scaled(core::Duration real) const {
    return core::Duration(
        static_cast<std::int64_t>(std::llround(static_cast<double>(real.count()) / times_faster_)));
}

void Book::purge(Transfer& transfer, core::Time at, const char* why) {
    transfer.due.reset();
    transfer.history.emplace_back("Purged", "Purged", at);
    std::filesystem::remove(file_of(transfer));
    std::filesystem::remove(part_of(transfer));
    emit(why, transfer);
    save(transfer);
}

void Book::advance() {
    for (auto& [id, transfer] : transfers_) {
        const std::string status = transfer.status();
        if (status == "UploadProcessing" && transfer.due && *transfer.due <= now()) {
            const core::Time at = *transfer.due;
            transfer.due.reset();
            if (transfer.infected) {
                transfer.history.emplace_back("Failed", "Malware was found in the file", at);
                std::filesystem::remove(file_of(transfer));
                emit("uploadfailed", transfer);
            } else {
                transfer.history.emplace_back("Published", "Published", at);
                emit("published", transfer);
            }
            save(transfer);
        }
        if (status == "AllConfirmedDownloaded" && transfer.due && *transfer.due <= now()) {
            purge(transfer, *transfer.due, "filepurged");
        } else if (status != "Purged" && status != "Failed" && transfer.expires <= now()) {
            purge(transfer, transfer.expires,
                  transfer.all_confirmed() ? "filepurged" : "fileneverconfirmeddownloaded");
        }
    }
}

Transfer* Book::find(const std::string& id) {
    const auto found = transfers_.find(id);
    return found == transfers_.end() ? nullptr : &found->second;
}

void Book::add(Transfer transfer) {
    save(transfer);
    emit("filetransferinitialized", transfer);
    const std::string id = transfer.id;
    transfers_.insert_or_assign(id, std::move(transfer));
}

void Book::save(const Transfer& transfer) {
    journal_.put("transfer", transfer.id, to_json(transfer));
}

void Book::set_status(Transfer& transfer, const std::string& status, const std::string& text) {
    transfer.history.emplace_back(status, text.empty() ? status : text, now());
    save(transfer);
    if (status == "Failed") {
        emit("uploadfailed", transfer);
    }
}

void Book::uploaded(Transfer& transfer) {
    transfer.history.emplace_back("UploadProcessing", "UploadProcessing", now());
    emit("uploadprocessing", transfer);
    transfer.due = transfer.scan ? now() + scaled(scan_time) : now();
    save(transfer);
}

void Book::download_started(Transfer& transfer, Recipient& recipient) {
    ++transfer.downloads;
    if (recipient.status() == "Initialized") {
        recipient.history.emplace_back("DownloadStarted", "DownloadStarted", now());
    }
    save(transfer);
}

void Book::confirmed(Transfer& transfer, Recipient& recipient) {
    if (recipient.status() == "DownloadConfirmed") {
        return;
    }
    recipient.history.emplace_back("DownloadConfirmed", "DownloadConfirmed", now());
    emit("downloadconfirmed", transfer);
    if (transfer.all_confirmed()) {
        transfer.history.emplace_back("AllConfirmedDownloaded", "AllConfirmedDownloaded", now());
        emit("allconfirmeddownloaded", transfer);
        const Value* known = resource(transfer.resource);
        if (known != nullptr && (*known)["purge_after_confirmed"].as_bool(true)) {
            transfer.due = now() + scaled(std::chrono::hours((*known)["grace_hours"].as_int(2)));
        }
    }
    save(transfer);
}

const Value* Book::resource(std::string_view id) const {
    if (id.starts_with(resource_prefix)) {
        id.remove_prefix(resource_prefix.size());
    }
    for (const Value& entry : settings_["resources"].items()) {
        if (entry["id"].as_string() == id) {
            return &entry;
        }
    }
    return nullptr;
}

const Value* Book::service_owner(const std::string& organisation) const {
    for (const Value& entry : settings_["service_owners"].items()) {
        if (entry["organisation"].as_string() == organisation) {
            return &entry;
        }
    }
    return nullptr;
}

void Book::put(const std::string& list, const char* key, const Value& entry) {
    Value kept = Value::array();
    for (const Value& other : settings_[list].items()) {
        if (other[key].as_string() != entry[key].as_string()) {
            kept.push(other);
        }
    }
    kept.push(entry);
    settings_.set(list, std::move(kept));
    save_settings();
}

void Book::save_settings() const {
    gateway::standin::write_file(folder_ + "/settings.json", json::write_pretty(settings_) + "\n");
}

void Book::emit(const std::string& type, const Transfer& transfer) {
    Value event;
    event.set("type", "no.altinn.broker." + type).set("resourceinstance", transfer.id);
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
    transfers_.clear();
    events_.clear();
    journal_.clear();
    std::filesystem::remove_all(files_);
    gateway::standin::make_directory(files_);
}

}   // namespace gateway::altinn_broker::standin
