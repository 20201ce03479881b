#include "gateway/app/cli/client/account_verbs.hpp"

#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/exit_codes.hpp"

#include <algorithm>
#include <ostream>

// accounts add, list, renew, remove.

namespace gateway::app::client {
namespace {

void tell_secrets(const Desk& desk, const json::Value& answer) {
    desk.err << desk.say("Passord og kodenøkkel vises bare nå. Gi dem til den kontoen gjelder:",
                         "Password and key of codes are shown only now. Hand them over:")
             << "\n";
    desk.out << desk.say("passord: ", "password: ") << answer["password"].as_string() << "\n"
             << desk.say("kodenøkkel: ", "key of codes: ") << answer["totpSecret"].as_string()
             << "\n"
             << answer["totpUri"].as_string() << "\n";
    desk.err << desk.say("Kodenøkkelen legges i en app for engangskoder (TOTP, 30 sekunder).",
                         "The key goes into an app for one-time codes (TOTP, 30 seconds).")
             << "\n";
}

/// "byggesak,barnevern"
json::Value parts_of(const std::string& words) {
    json::Value systems = json::Value::array();
    for (std::size_t at = 0; at <= words.size();) {
        const auto end = std::min(words.find(',', at), words.size());
        systems.push(words.substr(at, end - at));
        at = end + 1;
    }
    return systems;
}

}   // namespace

int run_accounts_add(const Desk& desk, const AccountOptions& options) {
    json::Value roles = json::Value::array();
    for (const auto& role : options.roles) {
        const auto at = role.find('@');
        if (at == std::string::npos) {
            desk.err << "sluse: "
                     << desk.say("en rolle gjelder et sted: operator@310001007, eller auditor@* "
                                 "for alle kommuner",
                                 "a role is for a place: operator@310001007, or auditor@* for all "
                                 "municipalities")
                     << "\n";
            return exit_usage;
        }
        json::Value one = json::Value::object();
        const auto part = role.find('/', at);
        one.set("role", role.substr(0, at)).set("tenant", role.substr(at + 1, part - at - 1));
        if (part != std::string::npos) {
            one.set("systems", parts_of(role.substr(part + 1)));
        }
        roles.push(std::move(one));
    }
    json::Value body = json::Value::object();
    body.set("name", options.name).set("roles", std::move(roles)).set("why", options.why);
    const Question question("POST", "/admin/v1/accounts", std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (answer && !options.json) {
        tell_secrets(desk, *answer);
    }
    return exit_code;
}

int run_accounts_list(const Desk& desk, const AccountOptions& options) {
    int exit_code = exit_ok;
    const auto answer =
        ask(desk, options.place, Question("/admin/v1/accounts"), options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if ((*answer)["items"].items().empty()) {
        desk.out << desk.say("Ingen kontoer. Lag en: sluse accounts add --help",
                             "No accounts. Make one: sluse accounts add --help")
                 << "\n";
    }
    for (const auto& account : (*answer)["items"].items()) {
        desk.out << padded(account["name"].as_string(), 24)
                 << padded(local(desk, account["created"].as_string()), 17);
        for (const auto& grant : account["roles"].items()) {
            desk.out << " " << grant["role"].as_string() << "@" << grant["tenant"].as_string();
            const char* before = "/";
            for (const auto& system : grant["systems"].items()) {
                desk.out << before << system.as_string();
                before = ",";
            }
        }
        desk.out << "\n";
    }
    return exit_ok;
}

int run_accounts_act(const Desk& desk, const AccountOptions& options) {
    for (const char c : options.name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (!plain) {
            desk.err << "sluse: "
                     << desk.say("navnet finnes i «sluse accounts list»",
                                 "the name is in `sluse accounts list`")
                     << "\n";
            return exit_usage;
        }
    }
    json::Value body = json::Value::object();
    body.set("why", options.why);
    const Question question("POST", "/admin/v1/accounts/" + options.name + "/" + options.act,
                            std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if (options.act == "renew") {
        tell_secrets(desk, *answer);
    } else {
        desk.out << desk.say("Kontoen er borte: ", "The account is gone: ") << options.name << "\n";
    }
    return exit_ok;
}

}   // namespace gateway::app::client
