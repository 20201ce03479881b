#pragma once

#include "gateway/json/value.hpp"
#include "gateway/sdk/adapter.hpp"
#include "gateway/seal/finding.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gateway::digital_post {

/// A postal address as DPI's print service takes it apart; see dpi_address.
struct PostalAddress {
    std::string name;
    std::vector<std::string> lines;
    std::string postal_code;
    std::string city;
    std::string country = "NO";

    PostalAddress() = default;
};

/// How paper is made where the letter does not say.
struct PrintSettings {
    std::string mail_class = "B";
    bool colour = false;
    bool shred_returned = false;   // else they come back to the return address
    std::optional<PostalAddress> return_address;

    PrintSettings() = default;
};

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string base_url;       // of corner 2, path included, no trailing slash
    std::string environment;    // the trust file's member
    std::string organisation;   // databehandler: whose certificate signs
    std::string trust;          // content of the trust file
    std::string scope;
    std::string channel;   // first part of every kanal
    std::string sender_identifier;
    std::string invoice_reference;
    std::vector<int> notice_days;
    std::chrono::seconds poll_every{10};
    std::vector<std::string> operators;   // whose receipts are taken; empty: any trusted one
    /// While nobody can say whether a certificate is revoked; `ignore`: nobody is asked.
    seal::Rule revocation = seal::Rule::warn;
    PrintSettings print;

    Settings() = default;
};

enum class Service { digital, print };

/// What a route says, checked by route.schema.json; what it leaves out is the connection's.
struct RouteSettings {
    Service service = Service::digital;
    std::string sender_identifier;
    std::string invoice_reference;
    std::string default_title;
    PrintSettings print;

    RouteSettings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);
Service service_of(const json::Value& with);
RouteSettings read_route(const json::Value& with, const Settings& settings);

/// Which organisation's number stands where; the operators compare all five. `tenant` answers for
/// the letter (behandlingsansvarlig), the connection's organisation signs and hands over
/// (databehandler); in a municipality's own system they are the same.
struct Parties {
    std::string package_sender;   // manifest.xml: avsender
    std::string body_sender;      // the body's avsender
    std::string header_sender;    // SBDH: sender
    std::string signer;           // the certificate over package and message
    std::string token_consumer;   // the token's consumer

    Parties() = default;
};
Parties parties_of(const Settings& settings, const core::TenantId& tenant);

/// For what is sent, and for asking what became of it. The token source leaves the consumer out
/// when it is the client's own.
sdk::TokenRequest sending_token(const Settings& settings, const core::TenantId& tenant);
/// For receipts: they are fetched as databehandler, on behalf of nobody.
sdk::TokenRequest receiving_token(const Settings& settings);

}   // namespace gateway::digital_post
