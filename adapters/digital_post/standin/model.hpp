#pragma once

// What the access point and the operators keep. Plain data and its JSON.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::digital_post::standin {

/// What corner 2 says of a message.
struct Status {
    std::string name;   // OPPRETTET, SENDT, FEILET
    std::string text;
    core::Time at;

    Status(std::string status, std::string words, core::Time time)
        : name(std::move(status)), text(std::move(words)), at(time) {}
};

/// What is still to happen to a message.
struct Step {
    std::string what;   // "send", "deliver", "receipt"
    core::Time at;
    json::Value with;   // of "receipt": {"type", and members of its own}

    Step(std::string name, core::Time time, json::Value details = {})
        : what(std::move(name)), at(time), with(std::move(details)) {}
};

struct Message {
    std::string id;
    std::string conversation;
    std::string type;   // "digital" or "utskrift"
    std::string process;
    std::string channel;         // lower case; empty without one
    std::string databehandler;   // whose queue its receipts go to
    std::string signer;
    std::string avsender;
    std::string sender_unit;
    std::string receiver;
    std::string digest;
    json::Value body;   // without the token
    std::uint64_t package_bytes = 0;
    core::Time arrived;
    std::vector<Status> history;
    std::vector<Step> steps;
    json::Value opened;      // what the operator saw; null before
    std::string objection;   // why the operator refused it
    bool delivered = false;

    bool has_status(std::string_view name) const;
};

struct Receipt {
    std::uint64_t number = 0;   // in the order they came
    std::string id;
    std::string message;
    std::string type;
    std::string spoiled;   // what is wrong with it on purpose
    std::string jws;
    std::string channel;
    std::string databehandler;
    std::string sender_unit;
    core::Time at;
    bool read = false;
};

json::Value to_json(const Message& message);
json::Value to_json(const Receipt& receipt);
Message message_from(const std::string& id, const json::Value& value);
Receipt receipt_from(const json::Value& value);

}   // namespace gateway::digital_post::standin
