#pragma once

// The configuration as the steps read it: checked, immutable, swapped whole on reload. Parsed in
// app/ from TOML. Secrets are references here ("file:/etc/sluse/x.pem"), resolved where they are
// used.

#include "gateway/core/ids.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gateway::core {

struct SystemConfig {
    SystemId id;
    std::string name;
    std::set<std::string> grants;   // "send:letter", "messages:read-all"
};

struct RouteTarget {
    ConnectionId connection;
    std::string with = "{}";   // JSON object, valid by the adapter's route schema
};

/// Carries messages of `type` whose members equal all of `when`; the first route that fits wins.
struct RouteConfig {
    std::string id;                            // "<tenant>/<position>" unless named
    std::string type;                          // "letter/v1"
    std::map<std::string, std::string> when;   // JSON pointer -> JSON value as text
    std::vector<RouteTarget> use;              // in order of preference
};

struct ConnectionConfig {
    ConnectionId id;
    std::string adapter;
    std::string environment;
    std::string base_url;
    std::string settings =
        "{}";   // adapter keys as JSON object, valid by the adapter's config schema
    std::optional<ConnectionId> tokens;   // the maskinporten connection that gives tokens
    std::set<TenantId> tenants;           // who may use it
    std::optional<TenantId> owner;        // nothing: the installation
    std::string key;                      // private key reference
    std::string key_password;             // reference
    std::string certificate;              // reference; empty when the key file holds it
    std::string ca_file;                  // empty: the system's roots
    int in_flight_max = 16;
    std::chrono::minutes receiver_silent{15};   // without an answer: an alarm
};

struct TenantConfig {
    TenantId id;
    std::string name;
    std::string sealing_key;   // reference to the key file
    std::map<SystemId, SystemConfig> systems;
    std::vector<RouteConfig> routes;
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

struct Configuration {
    std::uint64_t version = 0;
    ListenConfig public_listener;
    ListenConfig admin_listener;
    std::string store_engine = "sqlite";
    std::string data_path;
    Limits limits;
    DispatchConfig dispatch;
    std::map<TenantId, TenantConfig> tenants;
    std::map<ConnectionId, ConnectionConfig> connections;
};

}   // namespace gateway::core
