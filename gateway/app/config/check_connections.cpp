#include "gateway/app/config/listeners.hpp"
#include "gateway/app/config/sources.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace gateway::app {
namespace {

std::vector<std::string> names_of(const std::map<std::string, ConnectionSource>& connections,
                                  std::string_view adapter) {
    std::vector<std::string> names;
    for (const auto& [name, source] : connections) {
        if (adapter.empty() || (*source.value)["adapter"].as_string() == adapter) {
            names.push_back(name);
        }
    }
    return names;
}

std::vector<std::string> tenants_of(const ConnectionSource& source) {
    if (source.owner) {
        return {source.owner->value};
    }
    std::vector<std::string> tenants;
    for (const json::Value& tenant : (*source.value)["tenants"].items()) {
        tenants.push_back(tenant.as_string());
    }
    return tenants;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// One connection's table against what surrounds it.
class ConnectionCheck {
public:
    ConnectionCheck(const Sources& sources, const LoadOptions& options,
                    const ConnectionSource& source, Mistakes& mistakes)
        : sources_(sources),
          options_(options),
          source_(source),
          value_(*source.value),
          mistakes_(mistakes) {}

    void run() {
        check_adapter();
        check_base_url();
        check_tenants();
        check_tokens();
        if (value_.has("key_password") && !value_.has("key")) {
            add("key_password", Said("passord uten nøkkel", "a password without a key"),
                Said("legg til key, eller fjern key_password", "add key, or remove key_password"));
        }
    }

private:
    void add(const std::string& member, Said reason, Said remedy) {
        mistakes_.emplace_back(source_.document->value_place(source_.pointer + "/" + member),
                               std::move(reason), std::move(remedy));
    }

    void check_adapter() {
        const std::string& name = value_["adapter"].as_string();
        if (name.empty()) {
            return;
        }
        const sdk::Descriptor* adapter = options_.find_adapter(name);
        if (adapter == nullptr) {
            add("adapter",
                Said("ukjent adapter \"" + name + "\"", "unknown adapter \"" + name + "\""),
                did_you_mean(name, options_.adapters));
            return;
        }
        auto schema = TeachingSchema::compile(adapter->config_schema);
        if (!schema) {
            add("adapter",
                Said("adapterens eget skjema kan ikke leses", "the adapter's own schema is broken"),
                Said("installer Sluse på nytt", "install Sluse again"));
            return;
        }
        schema->check(*source_.document, source_.pointer, adapter_settings(value_),
                      connection_keys(), mistakes_);
        check_environment(*schema);
    }

    void check_environment(const TeachingSchema& schema) {
        const json::Value& environments = schema.annotation("x-environments");
        if (environments.is_null() || value_.has("base_url")) {
            return;
        }
        std::vector<std::string> known;
        for (const auto& [name, address] : environments.members()) {
            known.push_back(name);
        }
        const std::string& name = value_["environment"].as_string();
        if (!value_.has("environment")) {
            add("environment", Said("\"environment\" mangler", "\"environment\" is missing"),
                did_you_mean("", known));
        } else if (!contains(known, name)) {
            add("environment",
                Said("ukjent miljø, og base_url mangler",
                     "unknown environment, and base_url is missing"),
                did_you_mean(name, known));
        }
    }

    void check_base_url() {
        const std::string& url = value_["base_url"].as_string();
        if (url.starts_with("http://") && !is_loopback_host(host_of_url(url))) {
            add("base_url",
                Said("uten TLS snakkes det bare med denne maskinen",
                     "without TLS it talks to this machine alone"),
                Said("bruk https://", "use https://"));
        }
    }

    void check_tenants() {
        if (source_.owner) {
            if (value_.has("tenants")) {
                add("tenants",
                    Said("i kommunens egen fil gjelder forbindelsen den kommunen alene",
                         "in a tenant's own file the connection serves that tenant alone"),
                    Said("fjern linjen, eller flytt forbindelsen til sluse.toml",
                         "remove the line, or move the connection to sluse.toml"));
            }
            return;
        }
        if (!value_.has("tenants") && !is_misspelt("tenants")) {
            add("tenants",
                Said("ingen kommune kan bruke forbindelsen", "no tenant may use this connection"),
                Said("legg til tenants = [\"<organisasjonsnummer>\"]",
                     "add tenants = [\"<organisation number>\"]"));
        }
        std::vector<std::string> known = sources_.broken_tenants;
        for (const TenantSource& tenant : sources_.tenants) {
            known.push_back(tenant.id.value);
        }
        const auto listed = tenants_of(source_);
        for (std::size_t i = 0; i < listed.size(); ++i) {
            if (!contains(known, listed[i])) {
                add("tenants/" + std::to_string(i),
                    Said("kommunen " + listed[i] + " har ingen fil",
                         "the tenant " + listed[i] + " has no file"),
                    Said("lag tenants/" + listed[i] + ".toml, eller fjern den her",
                         "make tenants/" + listed[i] + ".toml, or remove it here"));
            }
        }
    }

    /// An unknown key that was meant to be this one has been told of.
    bool is_misspelt(const std::string& key) const {
        const auto& members = value_.members();
        return std::any_of(members.begin(), members.end(), [&](const json::Member& member) {
            return member.first != key && nearest(member.first, {key}) == key;
        });
    }

    void check_tokens() {
        const std::string& name = value_["tokens"].as_string();
        if (name.empty()) {
            return;
        }
        const auto found = sources_.connections.find(name);
        if (found == sources_.connections.end()) {
            if (sources_.complete) {
                add("tokens",
                    Said("ukjent forbindelse \"" + name + "\"",
                         "unknown connection \"" + name + "\""),
                    did_you_mean(name, names_of(sources_.connections, "maskinporten")));
            }
            return;
        }
        if ((*found->second.value)["adapter"].as_string() != "maskinporten") {
            add("tokens",
                Said("\"" + name + "\" henter ikke tokener", "\"" + name + "\" fetches no tokens"),
                did_you_mean(name, names_of(sources_.connections, "maskinporten")));
            return;
        }
        if (!found->second.owner && !found->second.value->has("tenants")) {
            return;
        }
        const auto served = tenants_of(found->second);
        for (const std::string& tenant : tenants_of(source_)) {
            if (!contains(served, tenant)) {
                add("tokens",
                    Said("\"" + name + "\" kan ikke brukes av kommunen " + tenant,
                         "\"" + name + "\" may not be used by the tenant " + tenant),
                    Said("legg " + tenant + " til i tenants der",
                         "add " + tenant + " to tenants there"));
            }
        }
    }

    const Sources& sources_;
    const LoadOptions& options_;
    const ConnectionSource& source_;
    const json::Value& value_;
    Mistakes& mistakes_;
};

/// A look-up goes to the one connection that has the dataset for the tenant.
void check_datasets(const Sources& sources, const LoadOptions& options, Mistakes& mistakes) {
    std::map<std::pair<std::string, std::string>, std::string> owners;   // of tenant and dataset
    std::set<std::pair<std::string, std::string>> told;
    for (const auto& [name, source] : sources.connections) {
        const auto* adapter = options.find_adapter((*source.value)["adapter"].as_string());
        if (adapter == nullptr || adapter->datasets == nullptr) {
            continue;
        }
        for (const std::string& tenant : tenants_of(source)) {
            for (const std::string_view dataset : adapter->datasets()) {
                const std::string what(dataset);
                const auto [owner, is_first] = owners.emplace(std::pair(tenant, what), name);
                if (is_first || !told.emplace(owner->second, name).second) {
                    continue;
                }
                mistakes.emplace_back(
                    source.document->value_place(source.pointer + "/adapter"),
                    Said("kommunen " + tenant + " har registeret \"" + what + "\" allerede fra \"" +
                             owner->second + "\"",
                         "the tenant " + tenant + " has the register \"" + what + "\" from \"" +
                             owner->second + "\" already"),
                    Said("fjern " + tenant + " fra tenants i den ene, eller den ene forbindelsen",
                         "remove " + tenant +
                             " from tenants of one of them, or one of the "
                             "connections"));
            }
        }
    }
}

}   // namespace

void check_connections(const Sources& sources, const LoadOptions& options, Mistakes& mistakes) {
    for (const auto& [name, source] : sources.connections) {
        ConnectionCheck(sources, options, source, mistakes).run();
    }
    check_datasets(sources, options, mistakes);
}

std::string address_of_environment(const sdk::Descriptor& adapter, const std::string& environment) {
    const auto schema = TeachingSchema::compile(adapter.config_schema);
    return schema ? schema->annotation("x-environments")[environment].as_string() : std::string();
}

namespace {

std::vector<std::string> settings_marked(const sdk::Descriptor& adapter, const char* mark) {
    const auto schema = TeachingSchema::compile(adapter.config_schema);
    std::vector<std::string> names;
    if (schema) {
        for (const json::Value& name : schema->annotation(mark).items()) {
            names.push_back(name.as_string());
        }
    }
    return names;
}

}   // namespace

std::vector<std::string> file_settings(const sdk::Descriptor& adapter) {
    return settings_marked(adapter, "x-files");
}

std::vector<std::string> secret_settings(const sdk::Descriptor& adapter) {
    return settings_marked(adapter, "x-secrets");
}

std::vector<std::string> purpose_settings(const sdk::Descriptor& adapter) {
    return settings_marked(adapter, "x-purposes");
}

}   // namespace gateway::app
