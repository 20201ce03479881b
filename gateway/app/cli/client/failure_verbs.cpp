#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// failures, retries, and retry of a group.

namespace gateway::app::client {
namespace {

std::string owner_words(const Desk& desk, const std::string& owner) {
    if (owner == "us") {
        return desk.say("oss som drifter Sluse", "us who run Sluse");
    }
    if (owner == "sender") {
        return desk.say("avsenderen (fagsystemet)", "the sender (the specialist system)");
    }
    if (owner == "recipient") {
        return desk.say("mottakeren", "the recipient");
    }
    return desk.say("fellesløsningen", "the national component");
}

void print_group(const Desk& desk, const json::Value& group) {
    const auto& cause = group["cause"];
    const auto& press = cause["press"];
    desk.out << group["count"].as_int() << "  " << cause["title"].as_string() << "\n";
    say_fact(desk, "Gruppe", "Group", group["group"].as_string());
    say_fact(desk, "Kommune", "Tenant", group["tenant"].as_string());
    say_fact(desk, "Gjelder", "Concerns",
             group["type"].as_string() +
                 (group.has("connection") ? ", " + group["connection"].as_string() : "") +
                 (group.has("detail") ? ", " + group["detail"].as_string() : ""));
    say_fact(desk, "Siden", "Since",
             local(desk, group["oldest"].as_string()) + desk.say(", sist ", ", last ") +
                 local(desk, group["newest"].as_string()));
    say_fact(desk, "Årsak", "Cause",
             cause["detail"].as_string() + " (" + cause["id"].as_string() + ")");
    say_fact(desk, "Eier", "Owner", owner_words(desk, cause["owner"].as_string()));
    say_fact(desk, "Gjør", "Do", cause["action"].as_string());
    say_fact(desk, "Trykk", "Press",
             press["title"].as_string() + ": " + press["action"].as_string());
}

void print_retry(const Desk& desk, const json::Value& retry) {
    const auto& state = retry["state"].as_string();
    const std::string words = state == "running"     ? desk.say("pågår", "running")
                              : state == "paused"    ? desk.say("på pause", "paused")
                              : state == "cancelled" ? desk.say("avbrutt", "cancelled")
                              : state == "stopped"
                                  ? desk.say("stanset: feilet på nytt", "stopped: failed anew")
                                  : desk.say("ferdig", "done");
    const auto number = [&](const char* member) { return std::to_string(retry[member].as_int()); };
    desk.out << retry["id"].as_string() << "  " << words << "\n";
    say_fact(desk, "Gruppe", "Group", retry["group"].as_string());
    say_fact(desk, "Begynt", "Begun",
             local(desk, retry["started"].as_string()) + ", " + retry["who"].as_string());
    say_fact(desk, "Tall", "Numbers",
             number("opened") + desk.say(" av ", " of ") + number("total") +
                 desk.say(" sendt på nytt, ", " sent anew, ") + number("failed") +
                 desk.say(" feilet igjen, ", " failed again, ") + number("skipped") +
                 desk.say(" hoppet over", " passed over"));
}

int wrong(const Desk& desk, const char* nb, const char* en) {
    desk.err << "sluse: " << desk.say(nb, en) << "\n";
    return exit_usage;
}

}   // namespace

int run_failures(const Desk& desk, const FailureOptions& options) {
    std::string path = "/admin/v1/failures";
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
        query += (query.empty() ? "?" : "&") + std::string(name) + "=" + encoded(value);
    };
    if (!options.group.empty()) {
        path += "/" + encoded(options.group) + "/messages";
        add("limit", std::to_string(options.limit));
        if (!options.cursor.empty()) {
            add("cursor", options.cursor);
        }
    }
    if (!options.tenant.empty()) {
        add("tenant", options.tenant);
    }
    int exit_code = exit_ok;
    const auto page = ask(desk, options.place, Question(path + query), options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    const auto& items = (*page)["items"].items();
    if (options.group.empty()) {
        if (items.empty()) {
            desk.out << desk.say("Ingenting feiler.", "Nothing fails.") << "\n";
        }
        for (const auto& group : items) {
            print_group(desk, group);
            desk.out << "\n";
        }
        return exit_ok;
    }
    print_group(desk, *page);
    desk.out << "\n";
    for (const auto& item : items) {
        desk.out << item["id"].as_string() << "  " << local(desk, item["at"].as_string()) << "  "
                 << padded(state_words(item["state"].as_string(), desk.language), 28)
                 << item["system"].as_string() << "\n";
    }
    if (const auto& next = (*page)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Det er flere: --cursor ", "There are more: --cursor ") << next
                 << "\n";
    }
    return exit_ok;
}

int run_retries(const Desk& desk, const RetriesOptions& options) {
    std::string path = "/admin/v1/retries";
    int exit_code = exit_ok;
    const std::pair<const char*, const std::string&> acts[] = {
        {"pause", options.pause}, {"resume", options.resume}, {"cancel", options.cancel}};
    for (const auto& [act, id] : acts) {
        if (id.empty()) {
            continue;
        }
        json::Value body = json::Value::object();
        body.set("why", options.why);
        const Question question("POST", path + "/" + encoded(id) + "/" + act, std::move(body));
        const auto answer = ask(desk, options.place, question, options.json, exit_code);
        if (answer && !options.json) {
            print_retry(desk, *answer);
        }
        return exit_code;
    }
    const auto page = ask(desk, options.place, Question(path), options.json, exit_code);
    if (!page || options.json) {
        return exit_code;
    }
    if ((*page)["items"].items().empty()) {
        desk.out << desk.say("Ingen grupper er prøvd på nytt.", "No group has been retried.")
                 << "\n";
    }
    for (const auto& retry : (*page)["items"].items()) {
        print_retry(desk, retry);
    }
    return exit_ok;
}

int run_retry(const Desk& desk, const RetryOptions& options) {
    if (options.group.empty()) {
        return options.preview ? wrong(desk, "--preview gjelder --group", "--preview is of --group")
                               : run_act(desk, options.message);
    }
    json::Value body = json::Value::object();
    if (options.preview) {
        body.set("preview", true);
    } else {
        body.set("why", options.message.why);
    }
    const Question question("POST", "/admin/v1/failures/" + encoded(options.group) + "/retry",
                            std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.message.place, question, options.message.json, exit_code);
    if (!answer || options.message.json) {
        return exit_code;
    }
    if (options.preview) {
        print_group(desk, *answer);
        return exit_ok;
    }
    print_retry(desk, *answer);
    desk.out << desk.say("Én prøves først. Følg med: sluse retries",
                         "One is tried first. Follow it: sluse retries")
             << "\n";
    return exit_ok;
}

}   // namespace gateway::app::client
