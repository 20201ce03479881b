#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/sdk/percent_encoding.hpp"

#include <array>
#include <ostream>
#include <utility>

// altinn request-system-user, system-user.

namespace gateway::app::client {
namespace {

constexpr std::chrono::seconds look_pause{10};
constexpr int looks_max = 8640;     // a day; who waits longer asks again
constexpr int failures_max = 180;   // in a row: half an hour

struct StatusWord {
    std::string_view status;
    const char* nb;
    const char* en;
    bool over;
};

constexpr std::array<StatusWord, 5> status_table{{
    {"New", "venter på godkjenning", "waits for approval", false},
    {"Accepted", "godkjent", "approved", true},
    {"Rejected", "avslått", "rejected", true},
    {"Denied", "avvist av Altinn", "denied by Altinn", true},
    {"Timedout", "utløpt uten svar", "timed out without an answer", true},
}};

const StatusWord* find_status(const std::string& status) {
    for (const auto& word : status_table) {
        if (word.status == status) {
            return &word;
        }
    }
    return nullptr;
}

/// Altinn may say that it timed out in two ways.
std::string status_of(const json::Value& request) {
    const bool late = request["timedOut"].as_bool() && request["status"].as_string() == "New";
    return late ? "Timedout" : request["status"].as_string();
}

bool is_over(const json::Value& request) {
    const auto* word = find_status(status_of(request));
    return word != nullptr && word->over;
}

std::string status_words(const Desk& desk, const json::Value& request) {
    const std::string status = status_of(request);
    const auto* word = find_status(status);
    std::string text =
        word == nullptr ? status : desk.say(word->nb, word->en) + " (" + status + ")";
    if (request["escalated"].as_bool() && !is_over(request)) {
        text += desk.say(", sendt videre til en som kan godkjenne",
                         ", passed on to somebody who can approve");
    }
    return text;
}

int exit_of(const json::Value& request) {
    return status_of(request) == "Accepted" || !is_over(request) ? exit_ok : exit_failed;
}

std::string path_of(const SystemUserOptions& options, const char* what) {
    return "/admin/v1/connections/" + sdk::percent_encoded(options.connection) + "/" + what;
}

using Named = std::array<std::pair<const char*, std::string>, 2>;

Named named(const SystemUserOptions& options) {
    return {{{"organisation", options.organisation}, {"reference", options.reference}}};
}

Question look_at(const SystemUserOptions& options) {
    std::string target = path_of(options, "system-user");
    char before = '?';
    for (const auto& [name, value] : named(options)) {
        if (!value.empty()) {
            target += before + std::string(name) + "=" + sdk::percent_encoded(value);
            before = '&';
        }
    }
    return Question(target);
}

json::Value list_of(const std::vector<std::string>& words) {
    json::Value list = json::Value::array();
    for (const auto& word : words) {
        list.push(word);
    }
    return list;
}

Question ask_for(const SystemUserOptions& options) {
    json::Value with = json::Value::object();
    for (const auto& [name, value] : named(options)) {
        if (!value.empty()) {
            with.set(name, value);
        }
    }
    if (!options.redirect.empty()) {
        with.set("redirect", options.redirect);
    }
    if (!options.rights.empty()) {
        with.set("rights", list_of(options.rights));
    }
    if (!options.packages.empty()) {
        with.set("packages", list_of(options.packages));
    }
    json::Value body = json::Value::object();
    body.set("with", std::move(with)).set("why", options.why);
    return {"POST", path_of(options, "acts/request-system-user"), std::move(body)};
}

void print_rights(const Desk& desk, const json::Value& of) {
    const std::string none = desk.say("ingen", "none");
    say_fact(desk, "Rettigheter", "Rights", joined(of["rights"], none));
    if (!of["packages"].items().empty()) {
        say_fact(desk, "Pakker", "Packages", joined(of["packages"], none));
    }
}

void print_approval(const Desk& desk, const std::string& organisation, const json::Value& request) {
    const auto& link = request["approve"].as_string();
    desk.out << "\n"
             << desk.say("Slik blir forespørselen godkjent:", "How the request is approved:")
             << "\n  "
             << desk.say("1. Send lenken til en som er tilgangsstyrer i Altinn for ",
                         "1. Send the link to somebody with the role Tilgangsstyrer in Altinn for ")
             << organisation
             << desk.say(", og som\n     selv har rettighetene over; daglig leder har det ofte:",
                         ",\n     who has the rights above too; the managing director often has:")
             << "\n\n     "
             << (link.empty() ? desk.say("(Altinn ga ingen lenke)", "(Altinn gave no link)") : link)
             << "\n\n  "
             << desk.say(
                    "2. Vedkommende logger inn, ser at rettighetene er de samme som her, og "
                    "godkjenner.\n     Den som ikke kan godkjenne selv, kan sende forespørselen "
                    "videre der.",
                    "2. They log in, see that the rights are the same as here, and approve.\n  "
                    "   Who cannot approve may pass the request on there.")
             << "\n";
}

void print_system_user(const Desk& desk, const SystemUserOptions& options,
                       const json::Value& value) {
    const auto& request = value["request"];
    say_fact(desk, "Virksomhet", "Organisation", value["organisation"].as_string());
    say_fact(desk, "System", "System", value["system"].as_string());
    say_fact(desk, "Referanse", "Reference", value["reference"].as_string());
    if (request.is_null()) {
        print_rights(desk, value);
        say_fact(desk, "Tilstand", "State", desk.say("ikke bedt om", "not asked for"));
        desk.out << "\n"
                 << desk.say("Be om den: sluse altinn request-system-user ",
                             "Ask for it: sluse altinn request-system-user ")
                 << options.connection << " --why \"...\"\n";
        return;
    }
    print_rights(desk, request);
    say_fact(desk, "Bedt om", "Asked for", local(desk, request["created"].as_string()));
    say_fact(desk, "Tilstand", "State", status_words(desk, request));
    const bool same = json::write(request["rights"]) == json::write(value["rights"]) &&
                      json::write(request["packages"]) == json::write(value["packages"]);
    if (!same) {
        desk.out << "\n"
                 << desk.say("Merk: dette er en forespørsel fra før, og den ber om noe annet enn "
                             "det som er ønsket nå\n(",
                             "Note: this is a request from before, and it asks for something else "
                             "than what is asked this time\n(")
                 << joined(value["rights"], "-") << "; " << joined(value["packages"], "-")
                 << desk.say("). En ny trenger en annen --reference.",
                             "). A new one needs another --reference.")
                 << "\n";
    }
}

void print_next(const Desk& desk, const SystemUserOptions& options, const json::Value& value) {
    const auto& request = value["request"];
    if (status_of(request) == "New" && !options.follow) {
        desk.out << "\n"
                 << desk.say("Følg med: sluse altinn system-user ",
                             "Follow it: sluse altinn system-user ")
                 << options.connection
                 << (options.organisation.empty() ? "" : " --organisation " + options.organisation)
                 << (options.reference.empty() ? "" : " --reference " + options.reference)
                 << " --follow\n";
    } else if (status_of(request) == "Accepted") {
        desk.out << "\n"
                 << desk.say("Systembrukeren er opprettet, og forbindelsen kan bruke den.",
                             "The system user exists, and the connection can use it.")
                 << "\n";
    } else if (is_over(request)) {
        desk.out << "\n"
                 << desk.say("Ingen systembruker ble opprettet. Be om den på nytt: sluse altinn "
                             "request-system-user ",
                             "No system user was made. Ask for it anew: sluse altinn "
                             "request-system-user ")
                 << options.connection << " --why \"...\"\n";
    }
}

/// Prints each change until the request is answered. Short outages end nothing.
int follow(const Desk& desk, Gate& gate, const SystemUserOptions& options, json::Value value) {
    int failures = 0;
    for (int looks = 0; looks < looks_max; ++looks) {
        if (is_over(value["request"])) {
            if (!options.json) {
                print_next(desk, options, value);
            }
            return exit_of(value["request"]);
        }
        gate.pause(look_pause);
        const auto answer = gate.ask(look_at(options));
        const bool passing = !answer || answer->status >= 500 || answer->status == 429;
        if (passing && ++failures < failures_max) {
            continue;
        }
        if (!answer) {
            return say_unreachable(desk, answer.error(), gate.where());
        }
        auto seen = json::parse(answer->body);
        if (!answer->good() || !seen) {
            return say_refusal(desk, *answer, options.json);
        }
        if (!(*seen)["value"]["request"].is_object()) {
            desk.err << "sluse: "
                     << desk.say("Altinn kjenner ikke forespørselen lenger",
                                 "Altinn does not know the request any more")
                     << "\n";
            return exit_not_found;
        }
        failures = 0;
        const auto words = status_words(desk, (*seen)["value"]["request"]);
        if (words != status_words(desk, value["request"])) {
            desk.out << (options.json ? answer->body : words) << "\n" << std::flush;
        }
        value = (*seen)["value"];
    }
    desk.err << "sluse: "
             << desk.say("ikke besvart ennå; kjør samme kommando igjen for å følge videre",
                         "not answered yet; run the same command again to go on following")
             << "\n";
    return exit_failed;
}

int ask_and_follow(const Desk& desk, const SystemUserOptions& options, const Question& question) {
    if (options.connection.empty() || !is_plain(options.organisation)) {
        desk.err << "sluse: "
                 << desk.say("forbindelsen er navnet fra [connection.<navn>], --organisation ni "
                             "sifre",
                             "the connection is the name from [connection.<name>], --organisation "
                             "nine digits")
                 << "\n";
        return exit_usage;
    }
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer) {
        return exit_code;
    }
    const auto& value = (*answer)["value"];
    const auto& request = value["request"];
    if (!options.json) {
        print_system_user(desk, options, value);
        if (!request.is_null() && status_of(request) == "New") {
            print_approval(desk, value["organisation"].as_string(), request);
        }
    }
    if (options.follow && request.is_null()) {
        return exit_not_found;
    }
    if (options.follow) {
        desk.out << std::flush;
        const auto gate = desk.open_gate(options.place);
        return gate ? follow(desk, **gate, options, value) : exit_unreachable;
    }
    if (!options.json && !request.is_null()) {
        print_next(desk, options, value);
    }
    return exit_ok;
}

}   // namespace

int run_request_system_user(const Desk& desk, const SystemUserOptions& options) {
    return ask_and_follow(desk, options, ask_for(options));
}

int run_system_user(const Desk& desk, const SystemUserOptions& options) {
    return ask_and_follow(desk, options, look_at(options));
}

}   // namespace gateway::app::client
