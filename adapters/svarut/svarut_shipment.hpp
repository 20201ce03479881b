#pragma once

// letter/v1 and transfer/v1 as a shipment (forsendelse) of SvarUt, and its JSON: v3, or v2 for what
// v3 does not have. Pure.
// Facts: ks-no/ks-no.github.io, static/api/forsendelse-send-api-v3.json; ks-no/fiks-svarut-klient,
// openapi/forsendelse-send-api-v2.json.

#include "adapters/svarut/svarut_settings.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::svarut {

enum class Kind { person, organisation, nhn, print };

/// Whom a message goes to and how, as the route and the message say together.
struct Plan {
    Kind kind = Kind::person;
    bool digital_only = false;   // never on paper, whatever the route says
    bool highest_level = false;
    bool encrypted = false;   // CMS for SvarUt's public key
    bool colour = false;      // asked for, and v2 can
    bool signing = false;

    /// Printed by SvarUt itself, or where nothing digital works.
    bool may_be_printed() const { return kind != Kind::nhn && !digital_only; }
    const char* version() const { return colour ? "v2" : "v3"; }
};
Plan plan_of(const json::Value& message, const RouteSettings& route);

/// Names of the files that go along, by their place in the message: on paper without what is not to
/// be printed.
std::vector<std::size_t> files_of(const json::Value& message, const Plan& plan);

/// A delivery, opened. Refers to it.
struct Shipment {
    const core::Delivery* delivery = nullptr;
    json::Value message;
    RouteSettings route;
    Plan plan;
    std::string account;
    std::vector<std::size_t> files;   // places in delivery->documents

    Shipment() = default;
    /// eksternReferanse: by it a shipment is found again whose sending was not answered.
    const std::string& reference() const { return delivery->upstream_key; }
};
/// Nothing when content or settings are not what was checked at accept.
std::optional<Shipment> read_shipment(const core::Delivery& delivery, const Settings& settings);

/// The part `forsendelse`.
json::Value describe(const Shipment& shipment, core::Time now);

}   // namespace gateway::svarut
