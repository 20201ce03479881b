#include "gateway/alarms/kinds.hpp"
#include "gateway/app/config/sources.hpp"

#include <algorithm>
#include <set>

namespace gateway::app {
namespace {

/// One list of tables of [alarms], and what can be wrong in it.
class AlarmCheck {
public:
    AlarmCheck(const Sources& sources, Mistakes& mistakes)
        : sources_(sources),
          document_(*sources.main),
          table_(document_.value()["alarms"]),
          mistakes_(mistakes) {}

    const json::Value& table() const { return table_; }

    void add(const std::string& pointer, Said reason, Said remedy) {
        mistakes_.emplace_back(document_.value_place("/alarms" + pointer), std::move(reason),
                               std::move(remedy));
    }

    const TenantSource* tenant(const std::string& id) const {
        const auto found = std::find_if(sources_.tenants.begin(), sources_.tenants.end(),
                                        [&](const auto& one) { return one.id.value == id; });
        return found == sources_.tenants.end() ? nullptr : &*found;
    }

    const TenantSource* known_tenant(const std::string& pointer, const std::string& id) {
        const auto* found = tenant(id);
        if (found == nullptr && sources_.complete) {
            add(pointer, Said("kommunen " + id + " finnes ikke", "there is no tenant " + id),
                Said("skriv organisasjonsnummeret til en av filene i tenants/",
                     "write the organisation number of one of the files in tenants/"));
        }
        return found;
    }

    void known_system(const TenantSource* of, const std::string& pointer, const std::string& id) {
        if (of != nullptr && !of->document.value()["system"].has(id)) {
            add(pointer,
                Said("fagsystemet finnes ikke i " + of->id.value,
                     "there is no such system in " + of->id.value),
                Said("skriv et navn fra [system.<navn>]", "write a name from [system.<name>]"));
        }
    }

    void name_once(const std::string& pointer, const std::string& name) {
        if (!names_.insert(name).second) {
            add(pointer, Said("to mottakere har samme navn", "two receivers have the same name"),
                Said("gi dem hvert sitt navn: det sier hvem som er varslet",
                     "give each its own name: it says who has been told"));
        }
    }

    void mail_set(const std::string& pointer) {
        if (!table_.has("mail")) {
            add(pointer, Said("[alarms.mail] mangler", "[alarms.mail] is missing"),
                Said("sett tjeneren som skal sende e-posten",
                     "set the server that sends the mail"));
        }
    }

private:
    const Sources& sources_;
    const Document& document_;
    const json::Value& table_;
    Mistakes& mistakes_;
    std::set<std::string> names_;
};

std::string all_kinds() {
    std::string names;
    for (const auto& kind : alarms::kinds()) {
        names += (names.empty() ? "" : ", ") + std::string(kind.name);
    }
    return names;
}

void check_receivers(AlarmCheck& check) {
    const auto& items = check.table()["to"].items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto& one = items[i];
        const std::string pointer = "/to/" + std::to_string(i);
        check.name_once(pointer + "/name", one["name"].as_string());
        if (one.has("mail") == one.has("webhook")) {
            check.add(pointer + "/name",
                      Said("en mottaker har enten mail eller webhook",
                           "a receiver has either mail or webhook"),
                      Said("lag to mottakere når begge skal varsles",
                           "make two receivers where both are to be told"));
        } else if (one.has("mail")) {
            check.mail_set(pointer + "/mail");
        } else if (!one.has("secret")) {
            check.add(pointer + "/webhook",
                      Said("webhook mangler secret", "the webhook has no secret"),
                      Said("legg \"whsec_...\" i en fil og skriv secret = \"file:...\"",
                           "put \"whsec_...\" in a file and write secret = \"file:...\""));
        }
        const auto& tenants = one["tenants"].items();
        for (std::size_t at = 0; at < tenants.size(); ++at) {
            check.known_tenant(pointer + "/tenants/" + std::to_string(at), tenants[at].as_string());
        }
        const auto& kinds = one["kinds"].items();
        for (std::size_t at = 0; at < kinds.size(); ++at) {
            if (alarms::find_kind(kinds[at].as_string()) == nullptr) {
                check.add(pointer + "/kinds/" + std::to_string(at),
                          Said("ingen slik alarm", "no such alarm"),
                          Said("bruk noen av: " + all_kinds(), "use some of: " + all_kinds()));
            }
        }
    }
}

}   // namespace

void check_alarms(const Sources& sources, Mistakes& mistakes) {
    if (!sources.main || !sources.main->value()["alarms"].is_object()) {
        return;
    }
    AlarmCheck check(sources, mistakes);
    check_receivers(check);
    const auto& mail = check.table()["mail"];
    if (mail["security"].as_string() == "none") {
        const auto& server = mail["server"].as_string();
        if (server != "localhost" && server != "127.0.0.1" && server != "::1") {
            check.add("/mail/security",
                      Said("e-post uten TLS går bare til maskinen selv",
                           "mail without TLS goes to the machine itself only"),
                      Said("bruk starttls eller tls", "use starttls or tls"));
        }
    }
    if (mail.has("user") != mail.has("password")) {
        check.add(mail.has("user") ? "/mail/user" : "/mail/password",
                  Said("user og password hører sammen", "user and password belong together"),
                  Said("sett begge, eller ingen", "set both, or neither"));
    }
    const auto& traffic = check.table()["traffic"].items();
    for (std::size_t i = 0; i < traffic.size(); ++i) {
        const std::string pointer = "/traffic/" + std::to_string(i);
        const auto* tenant =
            check.known_tenant(pointer + "/tenant", traffic[i]["tenant"].as_string());
        check.known_system(tenant, pointer + "/system", traffic[i]["system"].as_string());
    }
    const auto& expiry = check.table()["expiry"].items();
    for (std::size_t i = 0; i < expiry.size(); ++i) {
        if (!date_of_expiry(expiry[i]["date"].as_string())) {
            check.add("/expiry/" + std::to_string(i) + "/date", Said("ingen dato", "no date"),
                      Said("skriv \"2027-01-31\"", "write \"2027-01-31\""));
        }
    }
    const auto& digests = check.table()["digest"].items();
    for (std::size_t i = 0; i < digests.size(); ++i) {
        const std::string pointer = "/digest/" + std::to_string(i);
        check.name_once(pointer + "/name", digests[i]["name"].as_string());
        check.mail_set(pointer + "/mail");
        const auto* tenant =
            check.known_tenant(pointer + "/tenant", digests[i]["tenant"].as_string());
        const auto& systems = digests[i]["systems"].items();
        for (std::size_t at = 0; at < systems.size(); ++at) {
            check.known_system(tenant, pointer + "/systems/" + std::to_string(at),
                               systems[at].as_string());
        }
    }
}

}   // namespace gateway::app
