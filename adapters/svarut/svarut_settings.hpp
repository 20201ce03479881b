#pragma once

#include "adapters/common/fiks/fiks_access.hpp"
#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gateway::svarut {

enum class Deletion { never, originals, all };

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    struct Account {
        core::TenantId tenant;
        std::string id;   // UUID, lower case

        Account() = default;
    };
    fiks_platform::Access access;
    std::vector<Account> accounts;
    std::string public_key;                 // PEM, when it is configured
    std::vector<std::string> key_digests;   // SHA-256 of certificates, lower-case hex
    std::chrono::seconds believed_missing_after{1200};
    std::chrono::seconds poll_every{60};
    std::chrono::hours follow_for{24 * 60};
    Deletion deletion = Deletion::never;

    Settings() = default;
};

enum class Way { any, digital, print };

/// What a route says, checked by route.schema.json.
struct RouteSettings {
    std::string account;   // UUID, lower case; empty: the tenant's first
    Way way = Way::any;
    int security_level = 3;
    std::string shipment_type;
    bool confidential_post = false;
    std::string recipient_name;
    json::Value links;      // array
    json::Value reply_to;   // object, or null
    json::Value contact;    // object, or null
    json::Value sign;       // object, or null

    RouteSettings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);
RouteSettings read_route(const json::Value& with);
/// The account a tenant's shipments go by; empty when it has none.
std::string account_of(const Settings& settings, const RouteSettings& route,
                       const core::TenantId& tenant);

}   // namespace gateway::svarut
