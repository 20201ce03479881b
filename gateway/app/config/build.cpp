#include "gateway/app/config/sources.hpp"
#include "gateway/app/secrets.hpp"

namespace gateway::app {
namespace {

// RFC 8414, as Maskinporten has it.
constexpr std::string_view metadata_path = ".well-known/oauth-authorization-server";

core::ListenConfig listener_of(const json::Value& value, const std::string& folder) {
    core::ListenConfig listener;
    listener.address = value["address"].as_string();
    listener.certificate = anchored(value["certificate"].as_string(), folder);
    listener.key = anchored(value["key"].as_string(), folder);
    listener.client_ca = anchored(value["client_ca"].as_string(), folder);
    return listener;
}

template <class T>
void take(const json::Value& table, std::string_view name, T& target) {
    if (const json::Value* value = table.find(name)) {
        target = static_cast<T>(value->as_int());
    }
}

template <class Rep, class Period>
void take(const json::Value& table, std::string_view name,
          std::chrono::duration<Rep, Period>& target) {
    if (const json::Value* value = table.find(name)) {
        target = std::chrono::duration<Rep, Period>(value->as_int());
    }
}

core::Limits limits_of(const json::Value& table) {
    core::Limits limits;
    take(table, "message_bytes_max", limits.message_bytes_max);
    take(table, "document_bytes_max", limits.document_bytes_max);
    take(table, "header_bytes_max", limits.header_bytes_max);
    take(table, "json_depth_max", limits.json_depth_max);
    take(table, "connections_max", limits.connections_max);
    take(table, "header_seconds_max", limits.header_time_max);
    take(table, "idle_seconds_max", limits.idle_time_max);
    take(table, "body_bytes_per_second_min", limits.body_rate_min);
    take(table, "drain_seconds_max", limits.drain_time_max);
    take(table, "free_disk_bytes_min", limits.free_disk_min);
    take(table, "uploads_open_max", limits.uploads_open_max);
    take(table, "upload_bytes_open_max", limits.upload_bytes_open_max);
    take(table, "upload_hours_max", limits.upload_time_max);
    return limits;
}

core::DispatchConfig dispatch_of(const json::Value& table) {
    core::DispatchConfig dispatch;
    take(table, "in_flight_max", dispatch.in_flight_max);
    take(table, "backoff_first_ms", dispatch.backoff_first);
    take(table, "backoff_max_ms", dispatch.backoff_max);
    take(table, "lease_seconds", dispatch.lease);
    take(table, "message_lifetime_hours", dispatch.message_lifetime);
    if (const json::Value* hours = table.find("receipt_overdue_hours")) {
        dispatch.receipt_overdue = std::chrono::hours(hours->as_int());
    }
    take(table, "breaker_failures", dispatch.breaker_failures);
    take(table, "breaker_pause_ms", dispatch.breaker_pause);
    dispatch.receipt_pace = table["receipt_pace"].as_double(dispatch.receipt_pace);
    return dispatch;
}

core::InboxConfig inbox_of(const json::Value& table) {
    core::InboxConfig inbox;
    take(table, "lease_seconds", inbox.lease);
    take(table, "deliveries_max", inbox.deliveries_max);
    return inbox;
}

core::ScannerConfig scanner_of(const json::Value& table, const std::string& folder) {
    core::ScannerConfig scanner;
    if (const std::string& socket = table["socket"].as_string(); !socket.empty()) {
        scanner.socket = anchored("file:" + socket, folder).substr(5);
    }
    scanner.pass_when_down = table["when_down"].as_string() == "pass";
    take(table, "bytes_max", scanner.bytes_max);
    take(table, "seconds_max", scanner.time_max);
    return scanner;
}

core::TokenIssuerConfig token_issuer_of(const json::Value& table, const std::string& folder) {
    core::TokenIssuerConfig issuer;
    issuer.issuer = table["issuer"].as_string();
    issuer.metadata_url = table["metadata_url"].as_string();
    if (issuer.metadata_url.empty()) {
        const bool slash = issuer.issuer.ends_with('/');
        issuer.metadata_url = issuer.issuer + (slash ? "" : "/") + std::string(metadata_path);
    }
    issuer.audience = table["audience"].as_string();
    if (const std::string& roots = table["ca_file"].as_string(); !roots.empty()) {
        issuer.ca_file = anchored("file:" + roots, folder).substr(5);
    }
    take(table, "leeway_seconds", issuer.leeway);
    for (const auto& [scope, grants] : table["scopes"].members()) {
        auto& granted = issuer.scopes[scope];
        for (const json::Value& grant : grants.items()) {
            granted.insert(grant.as_string());
        }
    }
    return issuer;
}

core::SystemConfig system_of(const std::string& name, const json::Value& value) {
    core::SystemConfig system;
    system.id = core::SystemId(name);
    system.name = value.has("name") ? value["name"].as_string() : name;
    for (const json::Value& grant : value["grants"].items()) {
        system.grants.insert(grant.as_string());
    }
    if (const json::Value* token = value.find("token")) {
        system.token =
            core::TokenBinding{(*token)["consumer"].as_string(), (*token)["scope"].as_string()};
    }
    for (const json::Value& certificate : value["certificates"].items()) {
        system.certificates.push_back(
            {certificate["sha256"].as_string(), certificate["organisation"].as_string()});
    }
    return system;
}

std::vector<core::PortRange> ports_of(const json::Value& list) {
    std::vector<core::PortRange> ports;
    for (const json::Value& item : list.items()) {
        const std::string& text = item.as_string();   // by the schema "443" or "1024-65535"
        const auto dash = text.find('-');
        core::PortRange range;
        range.first = static_cast<std::uint16_t>(std::stoi(text.substr(0, dash)));
        range.last = dash == std::string::npos
                         ? range.first
                         : static_cast<std::uint16_t>(std::stoi(text.substr(dash + 1)));
        ports.push_back(range);
    }
    return ports;
}

core::WebhookConfig webhooks_of(const json::Value& table, const std::string& folder) {
    core::WebhookConfig webhooks;
    for (const json::Value& range : table["allow"].items()) {
        if (const auto read = core::parse_ip_range(range.as_string())) {
            webhooks.allow.push_back(*read);   // others are mistakes, said elsewhere
        }
    }
    webhooks.plain_http = table["plain_http"].as_bool();
    if (table.has("ports")) {
        webhooks.ports = ports_of(table["ports"]);
    }
    if (const std::string& roots = table["ca_file"].as_string(); !roots.empty()) {
        webhooks.ca_file = anchored("file:" + roots, folder).substr(5);
    }
    take(table, "call_seconds_max", webhooks.call_time_max);
    if (table.has("retry_seconds")) {
        webhooks.retry.clear();
        for (const json::Value& wait : table["retry_seconds"].items()) {
            webhooks.retry.emplace_back(wait.as_int());
        }
    }
    take(table, "retry_after_seconds_max", webhooks.retry_after_max);
    take(table, "give_up_hours", webhooks.give_up_after);
    take(table, "rotation_overlap_hours", webhooks.rotation_overlap);
    take(table, "in_flight_max", webhooks.in_flight_max);
    take(table, "in_flight_per_endpoint_max", webhooks.in_flight_per_endpoint_max);
    take(table, "subscriptions_max", webhooks.subscriptions_max);
    return webhooks;
}

/// The adapter's own settings, with the content of the files and secrets they name. A file changed
/// since then is a changed connection at the next reload.
json::Value settings_of(const json::Value& value, const std::string& adapter_name,
                        const LoadOptions& options) {
    json::Value settings = adapter_settings(value);
    const sdk::Descriptor* adapter = options.find_adapter(adapter_name);
    if (adapter == nullptr || !options.look_at_files) {
        return settings;
    }
    for (const std::string& name : file_settings(*adapter)) {
        if (const std::string& path = settings[name].as_string(); !path.empty()) {
            settings.set(name, read_secret(anchored("file:" + path, options.folder), Secrecy::open)
                                   .bytes);   // that it can be read has been checked
        }
    }
    for (const std::string& name : secret_settings(*adapter)) {
        if (const std::string& reference = settings[name].as_string(); !reference.empty()) {
            const auto answer = read_secret(anchored(reference, options.folder), Secrecy::secret);
            settings.set(name, first_line(answer.bytes));
        }
    }
    return settings;
}

core::ConnectionConfig connection_of(const std::string& name, const ConnectionSource& source,
                                     const LoadOptions& options) {
    const json::Value& value = *source.value;
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId(name);
    connection.adapter = value["adapter"].as_string();
    connection.environment = value["environment"].as_string();
    connection.base_url = value["base_url"].as_string();
    if (connection.base_url.empty()) {
        if (const sdk::Descriptor* adapter = options.find_adapter(connection.adapter)) {
            connection.base_url = address_of_environment(*adapter, connection.environment);
        }
    }
    while (connection.base_url.ends_with('/')) {
        connection.base_url.pop_back();
    }
    connection.settings = json::write_canonical(settings_of(value, connection.adapter, options));
    if (const json::Value* tokens = value.find("tokens")) {
        connection.tokens = core::ConnectionId(tokens->as_string());
    }
    for (const json::Value& tenant : value["tenants"].items()) {
        connection.tenants.insert(core::TenantId(tenant.as_string()));
    }
    if (source.owner) {
        connection.owner = source.owner;
        connection.tenants = {*source.owner};
    }
    connection.key = anchored(value["key"].as_string(), options.folder);
    connection.key_password = anchored(value["key_password"].as_string(), options.folder);
    for (const json::Value& reference : value["opening_keys"].items()) {
        connection.opening_keys.push_back(anchored(reference.as_string(), options.folder));
    }
    connection.certificate = anchored(value["certificate"].as_string(), options.folder);
    if (const std::string& roots = value["ca_file"].as_string(); !roots.empty()) {
        connection.ca_file = anchored("file:" + roots, options.folder).substr(5);
    }
    take(value, "in_flight_max", connection.in_flight_max);
    take(value, "receiver_silent_minutes", connection.receiver_silent);
    return connection;
}

core::TenantConfig tenant_of(const TenantSource& source, const Sources& sources,
                             const LoadOptions& options) {
    const std::string& folder = options.folder;
    const json::Value& root = source.document.value();
    core::TenantConfig tenant;
    tenant.id = source.id;
    tenant.name = root["tenant"]["name"].as_string();
    tenant.sealing_key = anchored(root["tenant"]["sealing_key"].as_string(), folder);
    for (const auto& [name, value] : root["system"].members()) {
        tenant.systems.emplace(core::SystemId(name), system_of(name, value));
    }
    for (const auto& [name, value] : root["purpose"].members()) {
        tenant.purposes.emplace(core::PurposeId(name), purpose_of(name, value));
    }
    for (const auto& [name, value] : root["dataset"].members()) {
        tenant.datasets.emplace(name, dataset_of(name, value));
    }
    if (const auto* days = root["retention"].find("quarantine_days")) {
        tenant.quarantine_kept = std::chrono::hours(24 * days->as_int());
    }
    const auto& routes = root["route"].items();
    for (std::size_t i = 0; i < routes.size(); ++i) {
        tenant.routes.push_back(
            route_of(routes[i], source.id.value + "/" + std::to_string(i + 1), sources, options));
    }
    const auto& inbox_routes = root["inbox_route"].items();
    for (std::size_t i = 0; i < inbox_routes.size(); ++i) {
        tenant.inbox_routes.push_back(
            inbox_route_of(inbox_routes[i], source.id.value + "/" + std::to_string(i + 1)));
    }
    return tenant;
}

}   // namespace

std::shared_ptr<core::Configuration> build_configuration(const Sources& sources,
                                                         const LoadOptions& options) {
    const json::Value& root = sources.main->value();
    auto configuration = std::make_shared<core::Configuration>();
    configuration->public_listener = listener_of(root["listen"]["public"], options.folder);
    if (root["listen"].has("admin")) {
        configuration->admin_listener = listener_of(root["listen"]["admin"], options.folder);
    }
    if (root["store"].has("engine")) {
        configuration->store_engine = root["store"]["engine"].as_string();
    }
    configuration->history_kept = std::chrono::days(
        root["store"]["history_days"].as_int(configuration->history_kept.count()));
    configuration->data_path =
        anchored("file:" + root["store"]["path"].as_string(), options.folder).substr(5);
    configuration->limits = limits_of(root["limits"]);
    configuration->dispatch = dispatch_of(root["dispatch"]);
    configuration->webhooks = webhooks_of(root["webhooks"], options.folder);
    configuration->alarms = alarms_of_table(root["alarms"], options.folder);
    configuration->inbox = inbox_of(root["inbox"]);
    configuration->scanner = scanner_of(root["scanner"], options.folder);
    configuration->records = records_of(root["records"], options.folder);
    if (root.has("maskinporten_in")) {
        configuration->maskinporten_in = token_issuer_of(root["maskinporten_in"], options.folder);
    }
    if (root["admin"].has("oidc")) {
        configuration->admin_oidc = oidc_of(root["admin"]["oidc"], options.folder);
    }
    for (const auto& [name, source] : sources.connections) {
        configuration->connections.emplace(core::ConnectionId(name),
                                           connection_of(name, source, options));
    }
    for (const TenantSource& tenant : sources.tenants) {
        configuration->tenants.emplace(tenant.id, tenant_of(tenant, sources, options));
    }
    return configuration;
}

std::shared_ptr<core::MessageRetentions> build_retentions(const Sources& sources) {
    auto retentions = std::make_shared<core::MessageRetentions>();
    for (const TenantSource& tenant : sources.tenants) {
        for (const auto& [type, rule] : tenant.document.value()["retention"].members()) {
            if (rule.is_object()) {
                (*retentions)[tenant.id].emplace(type, retention_of(rule));
            }
        }
    }
    return retentions;
}

std::shared_ptr<core::SecondPersonRules> build_second_person(const Sources& sources) {
    auto rules = std::make_shared<core::SecondPersonRules>();
    for (const TenantSource& tenant : sources.tenants) {
        const auto& table = tenant.document.value()["second_person"];
        core::SecondPersonRule rule;
        for (const auto& act : table["acts"].items()) {
            rule.acts.insert(act.as_string());
        }
        rule.waits = std::chrono::hours(table["hours"].as_int(rule.waits.count()));
        rules->tenants.emplace(tenant.id, std::move(rule));
    }
    for (const auto& accounts : sources.main->value()["admin"]["same_person"].items()) {
        std::set<std::string> person;
        for (const auto& account : accounts.items()) {
            person.insert(account.as_string());
        }
        rules->same_person.push_back(std::move(person));
    }
    return rules;
}

}   // namespace gateway::app
