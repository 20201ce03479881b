#pragma once

// The documents of one load, read once, and where each connection and tenant came from: shared by
// the steps of the load.

#include "gateway/app/config/document.hpp"
#include "gateway/app/config/load.hpp"
#include "gateway/app/config/schema_mistakes.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::app {

struct TenantSource {
    core::TenantId id;
    Document document;
};

/// One [connection.<id>] as it stands in its file.
struct ConnectionSource {
    const Document* document = nullptr;
    std::string pointer;   // "/connection/altinn-test"
    std::optional<core::TenantId> owner;
    const json::Value* value = nullptr;
};

struct Sources {
    Sources() = default;
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    std::optional<Document> main;
    std::vector<TenantSource> tenants;
    std::vector<std::string> broken_tenants;   // organisation numbers whose file could not be read
    std::map<std::string, ConnectionSource> connections;
    bool complete = true;   // every file could be read: what is missing is missing
};

/// Reads every file; checks both schemas; finds connections and tells of those that come twice.
/// `sources` is empty before and stays where it is: connections point into its documents.
void read_sources(const ConfigFiles& files, Sources& sources, Mistakes& mistakes);

/// What is left of a connection's table for the adapter's own schema.
json::Value adapter_settings(const json::Value& connection);
const std::vector<std::string>& connection_keys();

/// Listeners, adapters, references between connections, tenants, systems and routes.
void check_listeners(const Sources& sources, Mistakes& mistakes);
void check_connections(const Sources& sources, const LoadOptions& options, Mistakes& mistakes);
/// Networks that are none.
void check_webhooks(const Sources& sources, Mistakes& mistakes);
void check_tenants(const Sources& sources, const LoadOptions& options, Mistakes& mistakes);
/// Tokens and certificates that systems sign in with.
void check_sign_in(const Sources& sources, Mistakes& mistakes);
/// [admin.oidc]: addresses, and accounts whose roles nobody could have or everybody would.
void check_oidc(const Sources& sources, Mistakes& mistakes);
core::OidcConfig oidc_of(const json::Value& table, const std::string& folder);
/// Keys, certificates and roots: there, readable, of the right mode, of the right form.
void check_files(const Sources& sources, const LoadOptions& options, Mistakes& mistakes);

/// Only of sources without mistakes.
std::shared_ptr<core::Configuration> build_configuration(const Sources& sources,
                                                         const LoadOptions& options);
std::shared_ptr<core::MessageRetentions> build_retentions(const Sources& sources);
std::shared_ptr<core::SecondPersonRules> build_second_person(const Sources& sources);

/// A choice's `if`, of one that fits the schema.
core::RouteCondition condition_of(const json::Value& table);
/// The kind of channel an item of `use` leads to; digital when its adapter is not known.
core::Channel channel_of_target(const json::Value& target, const Sources& sources,
                                const LoadOptions& options);
/// `otherwise` is its name when it has none.
core::RouteConfig route_of(const json::Value& value, const std::string& otherwise,
                           const Sources& sources, const LoadOptions& options);
core::InboxRouteConfig inbox_route_of(const json::Value& value, const std::string& otherwise);
/// Systems that are not there or may not receive, connections that are not the tenant's, routes
/// that are never used.
void check_inbox_routes(const Sources& sources, const LoadOptions& options,
                        const TenantSource& tenant, Mistakes& mistakes);
/// Whether the tenant may use the connection.
bool serves(const ConnectionSource& source, const core::TenantId& tenant);
/// The connection that stands at `pointer` in the tenant's document; that it is unknown, or not the
/// tenant's, is a mistake. nullptr when there is none, or no name.
const ConnectionSource* find_named_connection(const Sources& sources, const TenantSource& tenant,
                                              const std::string& pointer, const std::string& name,
                                              Mistakes& mistakes);
/// Choices that are never used, or that the law or the letter forbids.
void check_routes(const Sources& sources, const LoadOptions& options, const TenantSource& tenant,
                  Mistakes& mistakes);

/// Purposes, own datasets, and grants that name one of them.
void check_records(const TenantSource& tenant, Mistakes& mistakes);
/// Settings that give each purpose a role of a register's (annotation "x-purposes" of the adapter's
/// schema): unknown purposes, and a role that belongs to two.
void check_purpose_roles(const Sources& sources, const LoadOptions& options, Mistakes& mistakes);
/// Receivers, systems and dates of [alarms] that are none.
void check_alarms(const Sources& sources, Mistakes& mistakes);
/// Midnight UTC of "2027-01-31".
std::optional<core::Time> date_of_expiry(const std::string& date);
/// "whsec_" and base64, by Standard Webhooks.
bool is_webhook_secret(std::string_view text);
core::AlarmsConfig alarms_of_table(const json::Value& table, const std::string& folder);

core::RecordsConfig records_of(const json::Value& table, const std::string& folder);
core::PurposeConfig purpose_of(const std::string& id, const json::Value& table);
core::MessageRetention retention_of(const json::Value& table);
core::DatasetConfig dataset_of(const std::string& id, const json::Value& table);

/// The address of the environment named, by the annotation "x-environments" of the adapter's
/// schema; empty when it does not say.
std::string address_of_environment(const sdk::Descriptor& adapter, const std::string& environment);

/// Settings that name a file whose content the adapter is given instead of the name, by the
/// annotation "x-files" of its schema: an adapter opens no files of its own.
std::vector<std::string> file_settings(const sdk::Descriptor& adapter);
/// Those that are references to secrets, by the schema's "x-secrets".
std::vector<std::string> secret_settings(const sdk::Descriptor& adapter);
/// Those that give each purpose a role of a register's, by the schema's "x-purposes".
std::vector<std::string> purpose_settings(const sdk::Descriptor& adapter);

}   // namespace gateway::app
