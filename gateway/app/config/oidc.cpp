// [admin.oidc]: who vouches for people at the console, checked and as the steps read it. Nobody has
// a role by the provider's word alone: each role stands here.

#include "gateway/app/config/listeners.hpp"
#include "gateway/app/config/sources.hpp"
#include "gateway/app/secrets.hpp"

namespace gateway::app {
namespace {

constexpr std::string_view discovery_path = ".well-known/openid-configuration";

class OidcCheck {
public:
    OidcCheck(const Sources& sources, Mistakes& mistakes)
        : sources_(sources),
          document_(*sources.main),
          table_(document_.value()["admin"]["oidc"]),
          mistakes_(mistakes) {}

    void run() {
        for (const char* name : {"issuer", "metadata_url", "redirect_url"}) {
            const std::string& url = table_[name].as_string();
            if (url.starts_with("http://") && !is_loopback_host(host_of_url(url))) {
                add(name,
                    Said("uten TLS snakkes det bare med denne maskinen",
                         "without TLS it talks to this machine alone"),
                    Said("bruk https://", "use https://"));
            }
        }
        if (!table_["redirect_url"].as_string().ends_with(core::oidc_redirect_path)) {
            add("redirect_url",
                Said("adressen er ikke konsollens", "the address is not the console's"),
                Said(std::string("la den slutte med ") + core::oidc_redirect_path,
                     std::string("let it end with ") + core::oidc_redirect_path));
        }
        if (!document_.value()["listen"].has("admin")) {
            add("",
                Said("det er ingen konsoll å logge inn på", "there is no console to sign in to"),
                Said("legg til [listen.admin]", "add [listen.admin]"));
        }
        const auto& accounts = table_["account"].items();
        for (std::size_t i = 0; i < accounts.size(); ++i) {
            check_account(accounts[i], "account/" + std::to_string(i));
        }
    }

private:
    void add(const std::string& member, Said reason, Said remedy) {
        const std::string at = member.empty() ? "/admin/oidc" : "/admin/oidc/" + member;
        mistakes_.emplace_back(document_.value_place(at), std::move(reason), std::move(remedy));
    }

    void check_account(const json::Value& account, const std::string& at) {
        if (!account.has("id") && account["claims"].members().empty()) {
            add(at, Said("rollene ville gjelde alle", "the roles would be everybody's"),
                Said("legg til id eller claims", "add id or claims"));
        }
        const auto& roles = account["roles"].items();
        for (std::size_t i = 0; i < roles.size(); ++i) {
            const std::string& tenant = roles[i]["tenant"].as_string();
            if (sources_.complete && tenant.size() == 9 && !is_served(tenant)) {
                add(at + "/roles/" + std::to_string(i) + "/tenant",
                    Said("kommunen er ikke satt opp", "the tenant is not set up"),
                    Said("legg til tenants/" + tenant + ".toml, eller rett nummeret",
                         "add tenants/" + tenant + ".toml, or correct the number"));
            }
            const auto& systems = roles[i]["systems"].items();
            if (!systems.empty() &&
                (roles[i]["role"].as_string() != "system_owner" || tenant == "*")) {
                add(at + "/roles/" + std::to_string(i),
                    Said("bare en system_owner av én kommune kan være det for noen systemer",
                         "only a system_owner of one tenant may be that of some systems"),
                    Said("ta bort systems", "remove systems"));
            }
            for (std::size_t j = 0; j < systems.size(); ++j) {
                check_system(tenant, systems[j].as_string(),
                             at + "/roles/" + std::to_string(i) + "/systems/" + std::to_string(j));
            }
        }
    }

    void check_system(const std::string& tenant, const std::string& system, const std::string& at) {
        for (const TenantSource& source : sources_.tenants) {
            if (source.id.value == tenant && !source.document.value()["system"].has(system)) {
                add(at, Said("kommunen har ikke dette systemet", "the tenant has no such system"),
                    Said("legg til [system." + system + "] i kommunens fil, eller rett navnet",
                         "add [system." + system + "] to the tenant's file, or correct the name"));
            }
        }
    }

    bool is_served(const std::string& tenant) const {
        for (const TenantSource& source : sources_.tenants) {
            if (source.id.value == tenant) {
                return true;
            }
        }
        return false;
    }

    const Sources& sources_;
    const Document& document_;
    const json::Value& table_;
    Mistakes& mistakes_;
};

std::string text_of(const json::Value& table, const char* name) {
    return table[name].as_string();
}

std::string reference_of(const json::Value& table, const char* name, const std::string& folder) {
    const auto text = text_of(table, name);
    return text.empty() ? text : anchored(text, folder);
}

core::OidcAccount account_of(const json::Value& table) {
    core::OidcAccount account;
    account.id = text_of(table, "id");
    for (const auto& [name, value] : table["claims"].members()) {
        account.claims.emplace(name, value.as_string());
    }
    for (const json::Value& role : table["roles"].items()) {
        // A part of a municipality is written after it, as in an account of ours (admin::Grant).
        std::string place = text_of(role, "tenant");
        for (const json::Value& system : role["systems"].items()) {
            place += (place.find('/') == std::string::npos ? "/" : ",") + system.as_string();
        }
        account.roles.push_back({text_of(role, "role"), std::move(place)});
    }
    return account;
}

}   // namespace

void check_oidc(const Sources& sources, Mistakes& mistakes) {
    if (sources.main && sources.main->value()["admin"].has("oidc")) {
        OidcCheck(sources, mistakes).run();
    }
}

core::OidcConfig oidc_of(const json::Value& table, const std::string& folder) {
    core::OidcConfig oidc;
    oidc.issuer = text_of(table, "issuer");
    oidc.metadata_url = text_of(table, "metadata_url");
    if (oidc.metadata_url.empty()) {
        const bool slash = oidc.issuer.ends_with('/');
        oidc.metadata_url = oidc.issuer + (slash ? "" : "/") + std::string(discovery_path);
    }
    oidc.client_id = text_of(table, "client_id");
    oidc.key = reference_of(table, "key", folder);
    oidc.key_password = reference_of(table, "key_password", folder);
    oidc.certificate = reference_of(table, "certificate", folder);
    oidc.kid = text_of(table, "kid");
    oidc.redirect_url = text_of(table, "redirect_url");
    for (const json::Value& acr : table["acr"].items()) {
        oidc.acr.push_back(acr.as_string());
    }
    for (const json::Value& scope : table["scopes"].items()) {
        oidc.scopes.push_back(scope.as_string());
    }
    if (const auto roots = text_of(table, "ca_file"); !roots.empty()) {
        oidc.ca_file = anchored("file:" + roots, folder).substr(5);
    }
    if (const json::Value* leeway = table.find("leeway_seconds")) {
        oidc.leeway = std::chrono::seconds(leeway->as_int());
    }
    for (const json::Value& account : table["account"].items()) {
        oidc.accounts.push_back(account_of(account));
    }
    return oidc;
}

}   // namespace gateway::app
