#pragma once

// What policy looks at: the letter, and the person's entry in the contact register. Pure.

#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::route {

/// Of the normalised content of a message (defaults filled in, documents resolved).
struct Facts {
    std::string recipient;   // person | organisation | nhn; empty: none of them
    std::string kind;
    std::string must_be;
    std::string confidentiality;
    bool health = false;
    bool child = false;
    bool graded_address = false;
    bool open_receipt = false;
    bool ignore_reservation = false;
    std::optional<std::string> country;   // of its address; none: it has no address
    std::uint64_t bytes = 0;              // of all documents
    std::uint64_t documents = 0;

    Facts() = default;
    bool is_to_person() const { return recipient == "person"; }
};

Facts facts_of(const json::Value& message);

/// The dataset of the register that is asked, and the key of this recipient in it.
inline constexpr const char* contact_dataset = "contact";

/// What the contact register says of a person.
struct Contact {
    std::string status;   // active | deleted | not_registered
    bool reserved = false;
    bool can_notify = false;
    bool mailbox = false;   // active, with an address, an operator and a certificate to seal to

    Contact() = default;
    friend bool operator==(const Contact&, const Contact&) = default;
};

/// A person the register does not know (null) is not registered. Nothing when the value is none of
/// ours: nobody should guess about a reservation.
std::optional<Contact> read_contact(const json::Value& value);

}   // namespace gateway::route
