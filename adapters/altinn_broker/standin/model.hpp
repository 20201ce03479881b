#pragma once

// What the service keeps of a file transfer. Plain data and its JSON.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn_broker::standin {

struct StatusEvent {
    std::string status;
    std::string text;
    core::Time at;

    StatusEvent(std::string name, std::string words, core::Time time)
        : status(std::move(name)), text(std::move(words)), at(time) {}
};
using History = std::vector<StatusEvent>;

struct Recipient {
    std::string organisation;   // 9 digits
    History history;            // Initialized, DownloadStarted, DownloadConfirmed

    const std::string& status() const { return history.back().status; }
};

struct Transfer {
    std::string id;
    std::string resource;
    std::string sender;   // 9 digits
    std::string file_name;
    std::string reference;
    std::string checksum;   // MD5, as given or computed
    json::Value properties = json::Value::object();
    bool scan = true;
    core::Time created{};
    core::Time expires{};
    History history;   // the last one is current
    std::vector<Recipient> recipients;
    std::uint64_t size = 0;
    std::string sha256;
    bool infected = false;
    std::optional<std::int64_t> tus_length;   // a resumable upload was begun
    core::Time tus_until{};
    std::optional<core::Time> due;   // of the scan, or of the purge after all confirmed
    std::int64_t downloads = 0;      // requests that were answered with bytes

    const std::string& status() const { return history.back().status; }
    const Recipient* recipient(const std::string& organisation) const;
    Recipient* recipient(const std::string& organisation);
    bool all_confirmed() const;
    std::optional<core::Time> published() const;
};

json::Value to_json(const Transfer& transfer);
Transfer transfer_from(const std::string& id, const json::Value& value);
/// As the API shows it.
json::Value view(const Transfer& transfer, bool details);

}   // namespace gateway::altinn_broker::standin
