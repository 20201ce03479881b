#pragma once

// What the service keeps of a shipment (forsendelse). Plain data and its JSON.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::svarut::standin {

struct Document {
    std::string name;
    std::string media_type;
    std::string sha256;   // lower-case hex, of the readable bytes
    std::uint64_t size = 0;

    Document() = default;
};

/// Something that happened, by its status or in words.
struct Moment {
    std::string what;
    core::Time at{};

    Moment() = default;
    Moment(std::string name, core::Time when) : what(std::move(name)), at(when) {}
};

struct Shipment {
    std::string id;
    std::string account;
    std::string sender;      // organisation number of the account's owner
    std::string version;     // "v2", "v3": by which it was sent
    std::string kind;        // "person", "organisasjon", "nhn", "print"
    std::string recipient;   // digitalId, HER-id or patient; empty on paper
    json::Value order;       // the JSON it was sent with
    std::vector<Document> documents;
    bool readable = true;             // what came encrypted could be opened
    std::string deleted;              // "", "ORIGINALDOKUMENTER", "ALLE"
    std::vector<Moment> history;      // by v3's names; the last one is current
    std::vector<Moment> happenings;   // for people
    std::vector<Moment> signing;
    std::string mailbox;         // the SvarInn system it lies at
    bool taken = false;          // the SvarInn system told that it has it
    bool sent_on = false;        // the SvarInn system refused it for good
    std::int64_t failures = 0;   // that the SvarInn system told of
    std::int64_t downloads = 0;
    std::optional<core::Time> due;

    Shipment() = default;
    const std::string& status() const { return history.back().what; }
    bool is_highest_level() const;
    bool digital_only() const { return order["kunDigitalLevering"].as_bool(); }
    bool has_address() const;
    const std::string& reference() const { return order["eksternReferanse"].as_string(); }
};

/// By the names that the version's API knows.
std::string status_name(const std::string& status, const std::string& version);

json::Value to_json(const Shipment& shipment);
Shipment shipment_from(const std::string& id, const json::Value& value);

}   // namespace gateway::svarut::standin
