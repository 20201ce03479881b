#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// inbox list, counts, replay; quarantine release.

namespace gateway::app::client {
namespace {

void add_condition(std::string& target, const char* name, const std::string& value) {
    if (!value.empty()) {
        target += (target.find('?') == std::string::npos ? "?" : "&") + std::string(name) + "=" +
                  encoded(value);
    }
}

}   // namespace

int run_inbox_list(const Desk& desk, const InboxOptions& options) {
    std::string target = "/admin/v1/inbox";
    add_condition(target, "tenant", options.tenant);
    add_condition(target, "system", options.system);
    add_condition(target, "state", options.state);
    add_condition(target, "cursor", options.cursor);
    add_condition(target, "limit", std::to_string(options.limit));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, Question(target), options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if ((*answer)["items"].items().empty()) {
        desk.out << desk.say("Ingenting i innboksen.", "Nothing in the inbox.") << "\n";
        return exit_ok;
    }
    desk.out << padded("ID", 38) << padded(desk.say("TYPE", "TYPE"), 16) << padded("SYSTEM", 16)
             << padded(desk.say("TILSTAND", "STATE"), 14) << padded(desk.say("KOM", "CAME"), 17)
             << desk.say("UTDELT", "HANDED OUT") << "\n";
    for (const auto& item : (*answer)["items"].items()) {
        desk.out << padded(item["id"].as_string(), 38) << padded(item["type"].as_string(), 16)
                 << padded(item["system"].as_string(), 16) << padded(item["state"].as_string(), 14)
                 << padded(local(desk, item["storedAt"].as_string()), 17)
                 << item["deliveries"].as_int() << "\n";
    }
    if (const auto& next = (*answer)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Flere: --cursor ", "More: --cursor ") << next << "\n";
    }
    return exit_ok;
}

int run_inbox_counts(const Desk& desk, const InboxOptions& options) {
    std::string target = "/admin/v1/inbox/counts";
    add_condition(target, "tenant", options.tenant);
    add_condition(target, "date", options.date);
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, Question(target), options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << (*answer)["date"].as_string() << " (UTC)\n";
    for (const auto& item : (*answer)["items"].items()) {
        const auto& system = item["system"].as_string();
        desk.out << padded(system.empty() ? desk.say("(karantene)", "(quarantine)") : system, 18)
                 << padded(item["type"].as_string(), 16)
                 << padded(std::to_string(item["total"].as_int()), 8);
        for (const auto& [state, count] : item["states"].members()) {
            desk.out << " " << state << "=" << count.as_int();
        }
        desk.out << "\n";
    }
    return exit_ok;
}

int run_inbox_replay(const Desk& desk, const InboxOptions& options) {
    json::Value body = json::Value::object();
    body.set("why", options.why);
    if (!options.system.empty()) {
        body.set("system", options.system);
    }
    std::string target = "/admin/v1/inbox/" + encoded(options.id) + "/replay";
    add_condition(target, "tenant", options.tenant);
    const Question question("POST", target, std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << desk.say("Deles ut på nytt, antall fagsystemer: ",
                         "Handed out anew, number of systems: ")
             << (*answer)["copies"].as_int() << "\n";
    return exit_ok;
}

int run_quarantine_release(const Desk& desk, const InboxOptions& options) {
    json::Value systems = json::Value::array();
    for (const auto& system : options.to) {
        systems.push(system);
    }
    json::Value body = json::Value::object();
    body.set("why", options.why).set("systems", std::move(systems));
    std::string target = "/admin/v1/quarantine/" + encoded(options.id) + "/release";
    add_condition(target, "tenant", options.tenant);
    const Question question("POST", target, std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << desk.say("Sluppet til:", "Released to:");
    for (const auto& system : (*answer)["systems"].items()) {
        desk.out << " " << system.as_string();
    }
    desk.out << "\n";
    return exit_ok;
}

}   // namespace gateway::app::client
