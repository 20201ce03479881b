#pragma once

// What the service keeps: attachments and correspondences with their histories. Plain data and its
// JSON.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::altinn::standin {

struct StatusEvent {
    std::string status;
    std::string text;
    core::Time at;

    StatusEvent(std::string name, std::string words, core::Time time)
        : status(std::move(name)), text(std::move(words)), at(time) {}
};
using History = std::vector<StatusEvent>;

struct Attachment {
    std::string id;
    std::string owner;   // organisation number of the sender
    std::string resource;
    std::string file_name;
    std::string display_name;
    std::string senders_reference;
    std::string checksum;   // MD5, as given or computed
    bool encrypted = false;
    std::optional<std::int64_t> expiration_days;
    core::Time created;
    History history;   // the last one is current
    std::uint64_t size = 0;
    std::string sha256;
    std::string file;   // path; empty before the upload
    bool infected = false;
    std::optional<core::Time> scan_due;

    const StatusEvent& status() const { return history.back(); }
    std::optional<core::Time> expires() const;
};

struct Correspondence {
    std::string id;
    std::string owner;
    std::string resource;
    std::string recipient;   // URN
    std::string idempotent_key;
    json::Value content;   // the request's `correspondence`, as it was sent
    std::vector<std::string> attachments;
    json::Value notifications;   // orders: {orderId, isReminder, channel, status}
    core::Time created;
    core::Time requested_publish;
    History history;
    std::optional<core::Time> publish_due;
    std::optional<core::Time> published;
    std::string dialog;
    bool transmission = false;

    /// The highest status by number counts, as in the service.
    const StatusEvent& status() const;
    bool has(std::string_view name) const;
    std::optional<core::Time> when(std::string_view name) const;
    bool available_to_recipient() const;
    bool purged() const;
    bool confirmation_needed() const;
};

/// The number of a correspondence status; -1 for an unknown name.
int status_rank(std::string_view name);
const std::vector<std::string>& status_names();

json::Value to_json(const Attachment& attachment);
json::Value to_json(const Correspondence& correspondence);
Attachment attachment_from(const std::string& id, const json::Value& value);
Correspondence correspondence_from(const std::string& id, const json::Value& value);

}   // namespace gateway::altinn::standin
