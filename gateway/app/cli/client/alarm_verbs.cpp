#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// alarms: what is wrong, and a word that somebody is at it.

namespace gateway::app::client {
namespace {

std::string severity_words(const Desk& desk, const std::string& severity) {
    if (severity == "critical") {
        return desk.say("ALVORLIG", "CRITICAL");
    }
    return severity == "warning" ? desk.say("advarsel", "warning")
                                 : desk.say("til orientering", "notice");
}

void print_alarm(const Desk& desk, const json::Value& alarm) {
    desk.out << severity_words(desk, alarm["severity"].as_string()) << "  "
             << alarm["title"].as_string() << "\n";
    say_fact(desk, "Alarm", "Alarm", alarm["id"].as_string());
    if (alarm["tenant"].is_string()) {
        say_fact(desk, "Kommune", "Tenant", alarm["tenant"].as_string());
    }
    say_fact(desk, "Hva", "What", alarm["what"].as_string());
    say_fact(desk, "Siden", "Since", local(desk, alarm["openedAt"].as_string()));
    if (alarm["resolvedAt"].is_string()) {
        say_fact(desk, "Over", "Over", local(desk, alarm["resolvedAt"].as_string()));
    }
    say_fact(desk, "Gjør", "Do", alarm["action"].as_string());
    if (const auto& how = alarm["acknowledged"]; how.is_object()) {
        say_fact(desk, "Kvittert", "Acknowledged",
                 how["by"].as_string() + ", " + local(desk, how["at"].as_string()) + ": " +
                     how["reason"].as_string());
    }
}

}   // namespace

int run_alarms(const Desk& desk, const AlarmOptions& options) {
    std::string path = "/admin/v1/alarms";
    int exit_code = exit_ok;
    if (!options.acknowledge.empty()) {
        json::Value body = json::Value::object();
        body.set("why", options.why);
        const Question question("POST", path + "/" + encoded(options.acknowledge) + "/acknowledge",
                                std::move(body));
        const auto answer = ask(desk, options.place, question, options.json, exit_code);
        if (answer && !options.json) {
            print_alarm(desk, *answer);
        }
        return exit_code;
    }
    path += "?limit=" + std::to_string(options.limit);
    if (!options.all) {
        path += "&open=true";
    }
    if (!options.tenant.empty()) {
        path += "&tenant=" + encoded(options.tenant);
    }
    if (!options.cursor.empty()) {
        path += "&cursor=" + encoded(options.cursor);
    }
    const auto page = ask(desk, options.place, Question(path), options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    if ((*page)["items"].items().empty()) {
        desk.out << desk.say("Ingen alarmer.", "No alarms.") << "\n";
    }
    for (const auto& alarm : (*page)["items"].items()) {
        print_alarm(desk, alarm);
        desk.out << "\n";
    }
    if (const auto& next = (*page)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Det er flere: --cursor ", "There are more: --cursor ") << next
                 << "\n";
    }
    return exit_ok;
}

}   // namespace gateway::app::client
