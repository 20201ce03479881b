#pragma once

// What the registers say of where a letter goes: a person's mailbox and how to give notice
// (dataset "contact"), or the print service (dataset "print"). Pure.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/outcome.hpp"

#include <optional>
#include <string>

namespace gateway::digital_post {

/// An e-mail address or mobile number and how long it may be used.
struct Reach {
    std::string address;
    std::optional<core::Time> until;

    Reach() = default;
};

/// Who opens the package. Both operators and the print service have one.
struct Destination {
    std::string organisation;   // nine digits
    std::string certificate;    // DER
    std::string mailbox;        // postkasseadresse; empty for print

    Destination() = default;
};

struct Contact {
    bool deleted = false;
    bool reserved = false;
    bool can_notify = false;
    std::string language;   // nb, nn, en, se, or empty
    Reach email;
    Reach mobile;
    std::optional<Destination> destination;
    std::string certificate_fault;   // why the mailbox's certificate cannot be used; empty: it can

    Contact() = default;
};

/// Nothing when the value is not what the dataset promises (adapters/krr/README.md).
std::optional<Contact> read_contact(const json::Value& value);
std::optional<Destination> read_print(const json::Value& value);

/// Why this person gets no digital letter; nothing when there is no reason. A reservation gives way
/// to a letter that has its own legal basis (`ignoreReservation`).
std::optional<sdk::Outcome> refusal_of(const Contact& contact, bool ignore_reservation);

}   // namespace gateway::digital_post
