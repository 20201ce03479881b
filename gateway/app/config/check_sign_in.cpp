// How systems sign in without a key: whose tokens are taken, and which tokens and certificates
// belong to which system. What would fit two systems fits none.

#include "gateway/app/config/listeners.hpp"
#include "gateway/app/config/sources.hpp"

#include <map>

namespace gateway::app {
namespace {

std::vector<std::string> names_of(const json::Value& table) {
    std::vector<std::string> names;
    for (const auto& [name, value] : table.members()) {
        names.push_back(name);
    }
    return names;
}

void check_addresses(const Document& document, Mistakes& mistakes) {
    const json::Value& table = document.value()["maskinporten_in"];
    for (const char* name : {"issuer", "metadata_url"}) {
        const std::string& url = table[name].as_string();
        if (url.starts_with("http://") && !is_loopback_host(host_of_url(url))) {
            mistakes.emplace_back(document.value_place(std::string("/maskinporten_in/") + name),
                                  Said("uten TLS snakkes det bare med denne maskinen",
                                       "without TLS it talks to this machine alone"),
                                  Said("bruk https://", "use https://"));
        }
    }
}

/// All systems' tokens and certificates; who has one first has it.
class BindingCheck {
public:
    BindingCheck(const json::Value& installation, bool complete, Mistakes& mistakes)
        : installation_(installation), complete_(complete), mistakes_(mistakes) {}

    void run(const TenantSource& tenant) {
        for (const auto& [name, system] : tenant.document.value()["system"].members()) {
            const std::string at = "/system" + json::pointer_token(name);
            const std::string who = tenant.id.value + "/" + name;
            if (system.has("token")) {
                check_token(tenant.document, at + "/token", system["token"], who);
            }
            const auto& certificates = system["certificates"].items();
            for (std::size_t i = 0; i < certificates.size(); ++i) {
                check_certificate(tenant.document, at + "/certificates/" + std::to_string(i),
                                  certificates[i], who);
            }
        }
    }

private:
    void add(const Document& document, const std::string& at, Said reason, Said remedy) {
        mistakes_.emplace_back(document.value_place(at), std::move(reason), std::move(remedy));
    }

    void check_token(const Document& document, const std::string& at, const json::Value& token,
                     const std::string& who) {
        const std::string& consumer = token["consumer"].as_string();
        const std::string& scope = token["scope"].as_string();
        const json::Value& issuer = installation_["maskinporten_in"];
        if (issuer.is_null() && complete_) {
            add(document, at,
                Said("ingen utsteders tokener tas imot", "no issuer's tokens are taken"),
                Said("legg til [maskinporten_in] i sluse.toml",
                     "add [maskinporten_in] to sluse.toml"));
        } else if (!issuer.is_null() && !scope.empty() && !issuer["scopes"].has(scope)) {
            add(document, at + "/scope",
                Said("ukjent scope \"" + scope + "\"", "unknown scope \"" + scope + "\""),
                did_you_mean(scope, names_of(issuer["scopes"])));
        }
        check_number(document, at + "/consumer", consumer);
        claim(document, at, "token " + consumer + " " + scope, who);
    }

    void check_certificate(const Document& document, const std::string& at,
                           const json::Value& certificate, const std::string& who) {
        if (complete_ && !installation_["listen"]["public"].has("client_ca")) {
            add(document, at,
                Said("[listen.public] ber ikke om sertifikat",
                     "[listen.public] asks for no certificate"),
                Said("legg til client_ca der", "add client_ca there"));
        }
        const std::string& organisation = certificate["organisation"].as_string();
        check_number(document, at + "/organisation", organisation);
        claim(document, at, "certificate " + organisation + certificate["sha256"].as_string(), who);
    }

    void check_number(const Document& document, const std::string& at, const std::string& number) {
        if (number.size() == 9 && !core::is_organisation_number(number)) {
            add(document, at,
                Said("kontrollsifferet i organisasjonsnummeret stemmer ikke",
                     "the organisation number's check digit does not fit"),
                Said("rett nummeret", "correct the number"));
        }
    }

    void claim(const Document& document, const std::string& at, const std::string& what,
               const std::string& who) {
        const auto [place, fresh] = claimed_.emplace(what, who);
        if (!fresh) {
            add(document, at,
                Said("systemet " + place->second + " har det samme",
                     "the system " + place->second + " has the same"),
                Said("gi hvert system sitt eget", "give each system its own"));
        }
    }

    const json::Value& installation_;
    bool complete_;
    Mistakes& mistakes_;
    std::map<std::string, std::string> claimed_;
};

}   // namespace

void check_sign_in(const Sources& sources, Mistakes& mistakes) {
    static const json::Value none;
    if (sources.main) {
        check_addresses(*sources.main, mistakes);
    }
    BindingCheck check(sources.main ? sources.main->value() : none, sources.complete, mistakes);
    for (const TenantSource& tenant : sources.tenants) {
        check.run(tenant);
    }
}

}   // namespace gateway::app
