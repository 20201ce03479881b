#include "adapters/digital_post/dpi_contact.hpp"

#include "gateway/crypto/base64url.hpp"

#include <algorithm>

namespace gateway::digital_post {
namespace {

constexpr std::size_t certificate_bytes_max = 64U << 10U;
constexpr std::size_t mailbox_length_max = 200;

Reach read_reach(const json::Value& value, std::string_view member) {
    Reach reach;
    reach.address = value[member].as_string();
    if (const auto until = core::parse_rfc3339(value["notifyUntil"].as_string())) {
        reach.until = *until;
    }
    return reach;
}

/// With or without the prefix that says what kind of number it is.
std::string organisation_in(const std::string& text) {
    constexpr std::string_view prefix = "0192:";
    const std::string number = text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    const bool nine_digits =
        number.size() == 9 &&
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    return nine_digits ? number : std::string();
}

std::optional<Destination> read_destination(const std::string& organisation,
                                            const std::string& certificate) {
    Destination destination;
    destination.organisation = organisation_in(organisation);
    auto der = crypto::base64_decode(certificate);
    if (destination.organisation.empty() || !der || der->empty() ||
        der->size() > certificate_bytes_max) {
        return std::nullopt;
    }
    destination.certificate = std::move(*der);
    return destination;
}

}   // namespace

std::optional<Contact> read_contact(const json::Value& value) {
    if (!value.is_object()) {
        return std::nullopt;
    }
    Contact contact;
    contact.deleted = value["status"].as_string() == "deleted";
    contact.reserved = value["reserved"].as_bool();
    contact.can_notify = value["canNotify"].as_bool();
    contact.language = value["language"].as_string();
    contact.email = read_reach(value["email"], "address");
    contact.mobile = read_reach(value["mobile"], "number");
    contact.certificate_fault = value["certificateFault"].as_string();
    const json::Value& mailbox = value["mailbox"];
    const std::string& certificate = value["certificate"].as_string();
    if (!mailbox.is_object() || certificate.empty()) {
        return contact;
    }
    contact.destination = read_destination(mailbox["operator"].as_string(), certificate);
    const std::string& address = mailbox["address"].as_string();
    if (!contact.destination || address.empty() || address.size() > mailbox_length_max) {
        return std::nullopt;
    }
    contact.destination->mailbox = address;
    return contact;
}

std::optional<Destination> read_print(const json::Value& value) {
    return read_destination(value["operator"].as_string(), value["certificate"].as_string());
}

std::optional<sdk::Outcome> refusal_of(const Contact& contact, bool ignore_reservation) {
    if (contact.deleted) {
        return sdk::Outcome(sdk::Verdict::rejected, "digital_post.recipient_deleted");
    }
    if (contact.reserved && !ignore_reservation) {
        return sdk::Outcome(sdk::Verdict::rejected, "digital_post.recipient_reserved");
    }
    if (!contact.destination && !contact.certificate_fault.empty()) {
        return sdk::Outcome(sdk::Verdict::rejected, "digital_post.mailbox_certificate_unusable",
                            {{"reason", contact.certificate_fault}});
    }
    if (!contact.destination) {
        return sdk::Outcome(sdk::Verdict::rejected, "digital_post.no_mailbox");
    }
    return std::nullopt;
}

}   // namespace gateway::digital_post
