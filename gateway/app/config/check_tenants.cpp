#include "gateway/app/config/sources.hpp"

#include <algorithm>
#include <set>

namespace gateway::app {
namespace {

/// One tenant's systems and routes.
class TenantCheck {
public:
    TenantCheck(const Sources& sources, const LoadOptions& options, const TenantSource& tenant,
                Mistakes& mistakes)
        : sources_(sources),
          options_(options),
          tenant_(tenant),
          document_(tenant.document),
          mistakes_(mistakes) {}

    void run() {
        for (const auto& [name, system] : document_.value()["system"].members()) {
            check_grants("/system" + json::pointer_token(name) + "/grants", system["grants"]);
        }
        const auto& routes = document_.value()["route"].items();
        for (std::size_t i = 0; i < routes.size(); ++i) {
            check_route("/route/" + std::to_string(i), routes[i]);
        }
    }

private:
    void add(const std::string& pointer, Said reason, Said remedy) {
        mistakes_.emplace_back(document_.value_place(pointer), std::move(reason),
                               std::move(remedy));
    }

    void check_grants(const std::string& pointer, const json::Value& grants) {
        std::vector<std::string> kinds;
        for (const std::string& type : options_.message_types) {
            kinds.push_back(type.substr(0, type.find('/')));
        }
        for (std::size_t i = 0; i < grants.items().size(); ++i) {
            const std::string& grant = grants.items()[i].as_string();
            const std::string at = pointer + "/" + std::to_string(i);
            const std::string kind = grant.substr(grant.find(':') + 1);
            if (grant.starts_with("send:") &&
                std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
                add(at,
                    Said("ukjent meldingstype i \"" + grant + "\"",
                         "unknown message type in \"" + grant + "\""),
                    did_you_mean(kind, kinds));
            }
        }
    }

    void check_route(const std::string& pointer, const json::Value& route) {
        if (const std::string& id = route["id"].as_string();
            !id.empty() && !route_ids_.insert(id).second) {
            add(pointer + "/id",
                Said("ruten \"" + id + "\" finnes fra før",
                     "the route \"" + id + "\" is there already"),
                Said("gi den et annet navn", "give it another name"));
        }
        const std::string& type = route["type"].as_string();
        const auto& types = options_.message_types;
        const bool known = std::find(types.begin(), types.end(), type) != types.end();
        if (!type.empty() && !known) {
            add(pointer + "/type",
                Said("ukjent meldingstype \"" + type + "\"",
                     "unknown message type \"" + type + "\""),
                did_you_mean(type, types));
        }
        const auto& use = route["use"].items();
        for (std::size_t i = 0; i < use.size(); ++i) {
            const std::string at = pointer + "/use/" + std::to_string(i);
            check_target(at, use[i], known ? type : std::string());
        }
    }

    void check_target(const std::string& at, const json::Value& target, const std::string& type) {
        const std::string& name = target["connection"].as_string();
        const auto* connection =
            find_named_connection(sources_, tenant_, at + "/connection", name, mistakes_);
        if (connection == nullptr) {
            return;
        }
        const std::string& adapter_name = (*connection->value)["adapter"].as_string();
        if (const sdk::Descriptor* adapter = options_.find_adapter(adapter_name)) {
            check_with(at, target, type, *adapter);
        }
    }

    void check_with(const std::string& at, const json::Value& target, const std::string& type,
                    const sdk::Descriptor& adapter) {
        const auto capabilities = adapter.capabilities();
        const bool carries =
            std::any_of(capabilities.begin(), capabilities.end(),
                        [&](const sdk::Capability& one) { return one.message_type == type; });
        const std::string name(adapter.name);
        if (!type.empty() && !carries) {
            add(at + "/connection",
                Said("adapteren " + name + " fører ikke " + type,
                     "the adapter " + name + " does not carry " + type),
                Said("velg en annen forbindelse", "choose another connection"));
            return;
        }
        const auto schema = TeachingSchema::compile(adapter.route_schema);
        if (schema) {
            const json::Value none = json::Value::object();
            const json::Value* with = target.find("with");
            schema->check(document_, at + "/with", with == nullptr ? none : *with, {}, mistakes_);
        }
    }

    const Sources& sources_;
    const LoadOptions& options_;
    const TenantSource& tenant_;
    const Document& document_;
    Mistakes& mistakes_;
    std::set<std::string> route_ids_;
};

}   // namespace

bool serves(const ConnectionSource& source, const core::TenantId& tenant) {
    if (source.owner) {
        return *source.owner == tenant;
    }
    if (!source.value->has("tenants")) {
        return true;   // a mistake of its own
    }
    const auto& tenants = (*source.value)["tenants"].items();
    return std::any_of(tenants.begin(), tenants.end(),
                       [&](const json::Value& one) { return one.as_string() == tenant.value; });
}

const ConnectionSource* find_named_connection(const Sources& sources, const TenantSource& tenant,
                                              const std::string& pointer, const std::string& name,
                                              Mistakes& mistakes) {
    if (name.empty()) {
        return nullptr;
    }
    const std::string& id = tenant.id.value;
    const auto add = [&](Said reason, Said remedy) {
        mistakes.emplace_back(tenant.document.value_place(pointer), std::move(reason),
                              std::move(remedy));
    };
    const auto found = sources.connections.find(name);
    if (found == sources.connections.end()) {
        std::vector<std::string> usable;
        for (const auto& [one, source] : sources.connections) {
            if (serves(source, tenant.id)) {
                usable.push_back(one);
            }
        }
        if (sources.complete) {
            add(Said("ukjent forbindelse \"" + name + "\"", "unknown connection \"" + name + "\""),
                did_you_mean(name, usable));
        }
        return nullptr;
    }
    if (!serves(found->second, tenant.id)) {
        add(Said("forbindelsen \"" + name + "\" kan ikke brukes av kommunen " + id,
                 "the connection \"" + name + "\" may not be used by the tenant " + id),
            Said("legg " + id + " til i tenants i [connection." + name + "]",
                 "add " + id + " to tenants in [connection." + name + "]"));
    }
    return &found->second;
}

void check_tenants(const Sources& sources, const LoadOptions& options, Mistakes& mistakes) {
    for (const TenantSource& tenant : sources.tenants) {
        TenantCheck(sources, options, tenant, mistakes).run();
        check_routes(sources, options, tenant, mistakes);
        check_inbox_routes(sources, options, tenant, mistakes);
        check_records(tenant, mistakes);
    }
    check_purpose_roles(sources, options, mistakes);
}

}   // namespace gateway::app
