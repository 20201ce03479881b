#pragma once

// The configuration as the steps read it: checked, immutable, swapped whole on reload. Parsed in
// app/ from TOML. Secrets are references here ("file:/etc/sluse/x.pem"), resolved where they are
// used.

#include "gateway/core/alarms_config.hpp"
#include "gateway/core/channel.hpp"
#include "gateway/core/grants.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/oidc_config.hpp"
#include "gateway/core/records_config.hpp"
#include "gateway/core/webhook_config.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gateway::core {

/// A system may sign in with Maskinporten's tokens that name this consumer and hold this scope.
struct TokenBinding {
    std::string consumer;   // organisation number
    std::string scope;

    friend auto operator<=>(const TokenBinding&, const TokenBinding&) = default;
};

/// A system may sign in with this certificate, or with any of this organisation's: one is set.
struct CertificateBinding {
    std::string sha256;   // of the DER, 64 hex digits in lower case
    std::string organisation;
};

struct SystemConfig {
    SystemId id;
    std::string name;
    Grants grants;
    std::optional<TokenBinding> token;
    std::vector<CertificateBinding> certificates;
};

/// Whose tokens are taken instead of keys.
struct TokenIssuerConfig {
    std::string issuer;         // exactly as in the tokens, with its slash
    std::string metadata_url;   // RFC 8414
    std::string audience;       // empty: not asked for
    std::string ca_file;        // empty: the system's roots
    std::chrono::seconds leeway{10};
    std::map<std::string, std::set<std::string>> scopes;   // what each lets a system use

    friend bool operator==(const TokenIssuerConfig&, const TokenIssuerConfig&) = default;
};

/// When a choice of a route may be used: all that is set must hold. A closed vocabulary, the same
/// words as a route's `if`.
struct RouteCondition {
    std::optional<std::string> recipient;   // person | organisation | nhn
    // From the contact register; of anybody but a person: no mailbox, not reserved, no contact.
    std::optional<bool> mailbox;
    std::optional<bool> reserved;
    std::optional<bool> can_notify;
    std::vector<std::string> status;   // one of: active | deleted | not_registered
    // From the letter. A list holds when it names what the letter has.
    std::vector<std::string> kind;
    std::vector<std::string> must_be;
    std::vector<std::string> confidentiality;   // without a level a letter is internal
    std::optional<bool> health;
    std::optional<bool> child;
    std::optional<bool> graded_address;
    std::optional<bool> open_receipt;
    std::optional<bool> has_address;
    std::optional<bool> abroad;               // it has an address, outside Norway
    std::vector<std::string> country;         // of its address
    std::optional<std::uint64_t> bytes_min;   // of all documents together
    std::optional<std::uint64_t> bytes_max;
    std::optional<std::uint64_t> documents_min;
    std::optional<std::uint64_t> documents_max;

    bool asks_register() const { return mailbox || reserved || can_notify || !status.empty(); }
    friend bool operator==(const RouteCondition&, const RouteCondition&) = default;
};

/// One choice of a route.
struct RouteTarget {
    ConnectionId connection;
    std::string with = "{}";   // JSON object, valid by the adapter's route schema
    Channel channel = Channel::digital;
    RouteCondition condition;
    /// Not handed over for so long: the next choice takes over. None: it waits as long as the
    /// message lives.
    std::optional<std::chrono::hours> give_up;
};

/// Carries messages of `type` whose members equal all of `when`; the first route that fits wins.
struct RouteConfig {
    std::string id;                            // "<tenant>/<position>" unless named
    std::string type;                          // "letter/v1"
    std::map<std::string, std::string> when;   // JSON pointer -> JSON value as text
    std::vector<RouteTarget> use;              // in order of preference
};

/// Who receives what comes in: the first route of which all that is set holds wins.
struct InboxRouteConfig {
    std::string id;     // "<tenant>/<position>" unless named
    std::string type;   // "form/v1"; empty here and below: any
    std::string adapter;
    std::optional<ConnectionId> connection;
    std::string account;
    std::string resource;
    std::string app;
    std::string message_type;   // the component's own name of it
    std::string sender;         // organisation number
    std::map<std::string, std::string>
        when;                   // JSON pointer into the content -> JSON value as text
    std::vector<SystemId> to;   // each its own copy
};

struct ConnectionConfig {
    ConnectionId id;
    std::string adapter;
    std::string environment;
    std::string base_url;
    std::string settings =
        "{}";   // adapter keys as JSON object, valid by the adapter's config schema
    std::optional<ConnectionId> tokens;      // the maskinporten connection that gives tokens
    std::set<TenantId> tenants;              // who may use it
    std::optional<TenantId> owner;           // nothing: the installation
    std::string key;                         // private key reference
    std::string key_password;                // reference
    std::string certificate;                 // reference; empty when the key file holds it
    std::vector<std::string> opening_keys;   // references: what comes in is sealed to one of them
    std::string ca_file;                     // empty: the system's roots
    int in_flight_max = 16;
    std::chrono::minutes receiver_silent{15};   // without an answer: an alarm
};

struct TenantConfig {
    TenantId id;
    std::string name;
    std::string sealing_key;   // reference to the key file
    std::map<SystemId, SystemConfig> systems;
    std::vector<RouteConfig> routes;
    std::vector<InboxRouteConfig> inbox_routes;
    std::map<PurposeId, PurposeConfig> purposes;
    std::map<std::string, DatasetConfig> datasets;       // its own, by id
    std::optional<std::chrono::hours> quarantine_kept;   // none: for ever
};

struct ListenConfig {
    std::string address;   // "127.0.0.1:8080", "[::1]:0"
    std::string certificate;
    std::string key;
    std::string client_ca;
};

struct Limits {
    std::uint64_t message_bytes_max = 1U << 20U;   // JSON body or part `message`
    std::uint64_t document_bytes_max = 5ULL << 30U;
    std::size_t header_bytes_max = 16U << 10U;
    std::size_t json_depth_max = 32;
    std::size_t connections_max = 12'000;
    std::chrono::seconds header_time_max{15};
    std::chrono::seconds idle_time_max{75};
    std::uint64_t body_rate_min = 1024;   // bytes a second, averaged over 10 s
    std::chrono::seconds drain_time_max{30};
    std::uint64_t free_disk_min = 64ULL << 20U;   // below this nothing new is accepted (507)
    std::size_t uploads_open_max = 20;            // resumable ones of one system
    std::uint64_t upload_bytes_open_max = 100ULL << 30U;   // all of them together, as announced
    std::chrono::hours upload_time_max{72};                // then an unfinished one is swept

    /// Of one request's body, whatever is in it.
    std::uint64_t request_bytes_max() const { return document_bytes_max + message_bytes_max; }
};

struct DispatchConfig {
    int in_flight_max = 64;
    std::chrono::milliseconds backoff_first{2'000};
    std::chrono::milliseconds backoff_max{3'600'000};
    std::chrono::seconds lease{60};
    std::chrono::hours message_lifetime{24 * 40};   // a national outage of a month loses nothing
    std::chrono::seconds receipt_overdue{86'400 * 2};   // `sent` without a later receipt
    int breaker_failures = 8;
    std::chrono::milliseconds breaker_pause{15'000};
    double receipt_pace = 1.0;   // the sandbox polls faster
};

struct InboxConfig {
    std::chrono::seconds lease{300};
    int deliveries_max = 10;   // handed out so often and not settled: dead
};

/// What looks through every file that comes in or is uploaded. Without a socket: nothing does.
struct ScannerConfig {
    std::string socket;            // of clamd
    bool pass_when_down = false;   // else: what comes in waits with the component, uploads get 503
    std::uint64_t bytes_max = 100ULL << 20U;   // of one file; a larger one is passed with a mark
    std::chrono::seconds time_max{60};         // of one file

    friend bool operator==(const ScannerConfig&, const ScannerConfig&) = default;
};

struct Configuration {
    std::uint64_t version = 0;
    ListenConfig public_listener;
    ListenConfig admin_listener;
    std::string store_engine = "sqlite";
    std::string data_path;
    std::chrono::days history_kept{400};   // of how much has passed, by day
    Limits limits;
    DispatchConfig dispatch;
    InboxConfig inbox;
    ScannerConfig scanner;
    std::optional<TokenIssuerConfig> maskinporten_in;
    std::optional<OidcConfig> admin_oidc;
    WebhookConfig webhooks;
    RecordsConfig records;
    AlarmsConfig alarms;
    std::map<TenantId, TenantConfig> tenants;
    std::map<ConnectionId, ConnectionConfig> connections;
};

}   // namespace gateway::core
