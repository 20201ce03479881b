#include "gateway/app/config/sources.hpp"

#include <algorithm>
#include <set>

namespace gateway::app {
namespace {

/// One tenant's [[inbox_route]]s.
class InboxRouteCheck {
public:
    InboxRouteCheck(const Sources& sources, const LoadOptions& options, const TenantSource& tenant,
                    Mistakes& mistakes)
        : sources_(sources), options_(options), tenant_(tenant), mistakes_(mistakes) {}

    void run() {
        const auto& routes = tenant_.document.value()["inbox_route"].items();
        for (std::size_t i = 0; i < routes.size(); ++i) {
            const std::string at = "/inbox_route/" + std::to_string(i);
            check_use(at, routes[i]);
            check_id(at, routes[i]);
            check_origin(at, routes[i]);
            const auto& systems = routes[i]["to"].items();
            for (std::size_t k = 0; k < systems.size(); ++k) {
                check_system(at + "/to/" + std::to_string(k), systems[k].as_string(),
                             routes[i]["type"].as_string());
            }
        }
    }

private:
    void add(const std::string& pointer, Said reason, Said remedy) {
        mistakes_.emplace_back(tenant_.document.value_place(pointer), std::move(reason),
                               std::move(remedy));
    }

    /// What a route asks, apart from its name and where it leads.
    static json::Value conditions(const json::Value& route) {
        json::Value left = route;
        left.remove("id");
        left.remove("to");
        return left;
    }

    void check_use(const std::string& at, const json::Value& route) {
        const json::Value asked = conditions(route);
        const bool seen = std::any_of(before_.begin(), before_.end(), [&](const auto& earlier) {
            const auto& members = earlier.members();
            return std::all_of(members.begin(), members.end(), [&](const json::Member& one) {
                const json::Value* same = asked.find(one.first);
                return same != nullptr && *same == one.second;
            });
        });
        if (seen) {
            add(at,
                Said("ruten brukes aldri: en rute over den tar alt som passer her",
                     "the route is never used: one above it takes all that fits here"),
                Said("flytt den opp, eller ta den bort", "move it up, or remove it"));
        }
        before_.push_back(asked);
    }

    void check_id(const std::string& at, const json::Value& route) {
        const std::string& id = route["id"].as_string();
        if (!id.empty() && !ids_.insert(id).second) {
            add(at + "/id",
                Said("innboksruten \"" + id + "\" finnes fra før",
                     "the inbox route \"" + id + "\" is there already"),
                Said("gi den et annet navn", "give it another name"));
        }
    }

    void check_origin(const std::string& at, const json::Value& route) {
        const std::string& adapter = route["adapter"].as_string();
        const auto& known = options_.adapters;
        if (!adapter.empty() && options_.find_adapter(adapter) == nullptr) {
            add(at + "/adapter",
                Said("ukjent adapter \"" + adapter + "\"", "unknown adapter \"" + adapter + "\""),
                did_you_mean(adapter, known));
        }
        const std::string& name = route["connection"].as_string();
        const auto* connection =
            find_named_connection(sources_, tenant_, at + "/connection", name, mistakes_);
        if (connection == nullptr) {
            return;
        }
        const std::string& its = (*connection->value)["adapter"].as_string();
        if (!adapter.empty() && adapter != its) {
            add(at + "/adapter",
                Said("forbindelsen \"" + name + "\" har adapteren " + its,
                     "the connection \"" + name + "\" has the adapter " + its),
                Said("ta bort den ene", "remove one of them"));
        }
    }

    void check_system(const std::string& at, const std::string& name, const std::string& type) {
        const auto& systems = tenant_.document.value()["system"].members();
        const auto found = std::find_if(systems.begin(), systems.end(),
                                        [&](const json::Member& one) { return one.first == name; });
        if (found == systems.end()) {
            std::vector<std::string> known;
            for (const auto& [one, value] : systems) {
                known.push_back(one);
            }
            add(at, Said("ukjent fagsystem \"" + name + "\"", "unknown system \"" + name + "\""),
                did_you_mean(name, known));
            return;
        }
        const std::string grant =
            "receive:" + (type.empty() ? std::string() : type.substr(0, type.find('/')));
        const auto& grants = found->second["grants"].items();
        const bool may = std::any_of(grants.begin(), grants.end(), [&](const json::Value& one) {
            return type.empty() ? one.as_string().starts_with(grant) : one.as_string() == grant;
        });
        if (!may) {
            const std::string wanted = type.empty() ? "receive:<type>" : grant;
            add(at,
                Said("fagsystemet \"" + name + "\" har ikke rettigheten " + wanted,
                     "the system \"" + name + "\" has no grant " + wanted),
                Said("legg \"" + wanted + "\" til i grants i [system." + name + "]",
                     "add \"" + wanted + "\" to grants in [system." + name + "]"));
        }
    }

    const Sources& sources_;
    const LoadOptions& options_;
    const TenantSource& tenant_;
    Mistakes& mistakes_;
    std::set<std::string> ids_;
    std::vector<json::Value> before_;
};

}   // namespace

void check_inbox_routes(const Sources& sources, const LoadOptions& options,
                        const TenantSource& tenant, Mistakes& mistakes) {
    InboxRouteCheck(sources, options, tenant, mistakes).run();
}

}   // namespace gateway::app
