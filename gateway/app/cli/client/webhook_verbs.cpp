#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/core/ids.hpp"

#include <ostream>

// webhooks list, show, enable, disable, test, replay, rotate.

namespace gateway::app::client {
namespace {

bool is_id(const Desk& desk, const std::string& id) {
    if (core::parse_uuid(id)) {
        return true;
    }
    desk.err << "sluse: "
             << desk.say("finn id-en med «sluse webhooks list»",
                         "find the id with `sluse webhooks list`")
             << "\n";
    return false;
}

std::string path_of(const std::string& id) {
    return "/admin/v1/webhooks/" + id;
}

std::string state_of(const Desk& desk, const json::Value& webhook) {
    if (!webhook["enabled"].as_bool()) {
        return webhook.has("disabled")
                   ? desk.say("av: ", "off: ") + reason_words(webhook["disabled"])
                   : desk.say("av, etter eget ønske", "off, by its own wish");
    }
    if (webhook.has("failingSince")) {
        return desk.say("på, men har feilet siden ", "on, but failing since ") +
               local(desk, webhook["failingSince"].as_string());
    }
    return desk.say("på", "on");
}

void print_webhook(const Desk& desk, const json::Value& webhook) {
    const auto count = [&](const char* member) { return std::to_string(webhook[member].as_int()); };
    say_fact(desk, "Id", "Id", webhook["id"].as_string());
    say_fact(desk, "Fagsystem", "System",
             webhook["system"].as_string() + ", " + webhook["tenant"].as_string());
    say_fact(desk, "Adresse", "Address", webhook["url"].as_string());
    say_fact(desk, "Hendelser", "Events", joined(webhook["events"], desk.say("alle", "all")));
    if (const auto& text = webhook["description"].as_string(); !text.empty()) {
        say_fact(desk, "Beskrivelse", "Description", text);
    }
    say_fact(desk, "Tilstand", "State", state_of(desk, webhook));
    say_fact(desk, "Etterslep", "Behind",
             count("behind") + desk.say(" nye, ", " new, ") + count("waiting") +
                 desk.say(" prøves igjen, ", " tried again, ") + count("givenUp") +
                 desk.say(" gitt opp", " given up"));
    if (webhook.has("lastSuccess")) {
        say_fact(desk, "Sist levert", "Delivered", local(desk, webhook["lastSuccess"].as_string()));
    }
    if (const auto* failure = webhook.find("lastFailure")) {
        say_fact(desk, "Siste feil", "Last failure",
                 local(desk, (*failure)["at"].as_string()) + ", " +
                     reason_words((*failure)["reason"]));
    }
    desk.out << "\n";
}

void print_test(const Desk& desk, const json::Value& result) {
    const std::string took = std::to_string(result["milliseconds"].as_int()) + " ms";
    if (result["delivered"].as_bool()) {
        desk.out << desk.say("Mottakeren tok imot prøven (", "The receiver took the test (")
                 << result["status"].as_int() << ", " << took << ").\n";
        return;
    }
    desk.out << desk.say("Prøven ble ikke tatt imot (", "The test was not taken (") << took
             << "): " << reason_words(result["reason"]) << "\n  "
             << result["reason"]["action"].as_string() << "\n";
}

json::Value body_of(const WebhookOptions& options) {
    json::Value body = json::Value::object();
    if (options.act == "replay") {
        if (!options.since.empty()) {
            body.set("since", options.since);
        }
        if (!options.events.empty()) {
            json::Value ids = json::Value::array();
            for (const auto& id : options.events) {
                ids.push(id);
            }
            body.set("ids", std::move(ids));
        }
        if (options.given_up) {
            body.set("givenUp", true);
        }
    }
    body.set("why", options.why);
    return body;
}

}   // namespace

int run_webhooks_list(const Desk& desk, const WebhookOptions& options) {
    if (!is_plain(options.tenant) || !is_plain(options.system)) {
        desk.err << "sluse: "
                 << desk.say("--tenant er ni sifre, --system navnet fra [system.<navn>]",
                             "--tenant is nine digits, --system the name from [system.<name>]")
                 << "\n";
        return exit_usage;
    }
    std::string target = "/admin/v1/webhooks";
    if (!options.tenant.empty()) {
        target += "?tenant=" + options.tenant;
    }
    if (!options.system.empty()) {
        target += (options.tenant.empty() ? "?system=" : "&system=") + options.system;
    }
    int exit_code = exit_ok;
    const auto page = ask(desk, options.place, Question(target), options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    for (const auto& item : (*page)["items"].items()) {
        print_webhook(desk, item);
    }
    if ((*page)["items"].items().empty()) {
        desk.out << desk.say("Ingen abonnementer.", "No subscriptions.") << "\n";
    }
    return exit_ok;
}

int run_webhooks_show(const Desk& desk, const WebhookOptions& options) {
    if (!is_id(desk, options.id)) {
        return exit_usage;
    }
    int exit_code = exit_ok;
    const auto item =
        ask(desk, options.place, Question(path_of(options.id)), options.json, exit_code);
    if (item && !options.json) {
        print_webhook(desk, *item);
    }
    return exit_code;
}

int run_webhooks_act(const Desk& desk, const WebhookOptions& options) {
    if (!is_id(desk, options.id)) {
        return exit_usage;
    }
    const Question question("POST", path_of(options.id) + "/" + options.act, body_of(options));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer) {
        return exit_code;
    }
    const bool failed = options.act == "test" && !(*answer)["delivered"].as_bool();
    if (options.json) {
        return failed ? exit_failed : exit_code;
    }
    if (options.act == "test") {
        print_test(desk, *answer);
        return failed ? exit_failed : exit_ok;
    }
    if (options.act == "rotate") {
        // The secret alone on standard output, so that it can be sent on.
        desk.out << (*answer)["secret"].as_string() << "\n";
        desk.err << desk.say("Vises bare nå. Gi den til fagsystemet; begge signerer til ",
                             "Shown only now. Give it to the system; both sign until ")
                 << local(desk, (*answer)["previousUntil"].as_string()) << ".\n";
        return exit_ok;
    }
    print_webhook(desk, *answer);
    return exit_ok;
}

}   // namespace gateway::app::client
