#pragma once

// Who is there: integrations, and the accounts (konto) they send and receive for. Facts: wire notes
// 1, 2 and 2.4.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::fiks_io::standin {

/// A program that may log in.
struct Integration {
    std::string id;
    std::string organisation;   // whose tokens it comes with
    std::string password;

    json::Value to_json() const;
    static Integration from_json(const json::Value& value);
};

/// Whose part the stand-in plays itself.
enum class Part { nobody, archive, echo };

struct Account {
    std::string id;
    std::string name;
    std::string organisation;
    std::string organisation_name;
    std::string municipality;
    std::vector<std::string> integrations;   // that act for it
    std::vector<std::string> senders;        // accounts that may send to it; empty: all
    std::string certificate_pem;             // empty: none is registered
    Part part = Part::nobody;

    bool acted_for_by(const std::string& integration) const;
    bool takes_from(const std::string& account) const;
    json::Value to_json() const;
    /// Nothing when it has no id or no organisation number.
    static std::optional<Account> from_json(const json::Value& value);
};

/// A message as the service knows it: for auditors, and for what is told about it later.
struct Sent {
    std::string id;   // melding-id
    std::string type;
    std::string from;
    std::string to;
    std::string reply_to;    // svar-til
    std::string client_id;   // klientMeldingId
    std::string correlation;
    std::string sha256;   // of the body; empty: none
    std::int64_t size = 0;
    std::string document;   // in the dokumentlager
    core::Time at{};

    json::Value to_json() const;
    static Sent from_json(const json::Value& value);
};

/// A body that lies in the dokumentlager.
struct StoredDocument {
    std::string id;
    std::string account;   // that may fetch it
    std::int64_t size = 0;
    core::Time until{};

    json::Value to_json() const;
    static StoredDocument from_json(const json::Value& value);
};

/// The text of a UUID, lower case; empty for anything else.
std::string uuid_of(std::string_view text);
std::string queue_of(const std::string& account);
/// The account of a queue's name; empty for any other name.
std::string account_of_queue(std::string_view queue);

}   // namespace gateway::fiks_io::standin
