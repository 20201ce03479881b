#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// keys create, list, revoke.

namespace gateway::app::client {

int run_keys_create(const Desk& desk, const KeyOptions& options) {
    json::Value body = json::Value::object();
    body.set("kind", options.kind).set("why", options.why);
    if (!options.tenant.empty()) {
        body.set("tenant", options.tenant);
    }
    if (!options.system.empty()) {
        body.set("system", options.system);
    }
    if (!options.note.empty()) {
        body.set("note", options.note);
    }
    const Question question("POST", "/admin/v1/keys", std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    // The key alone on standard output: a script can catch it, and nothing else.
    desk.err << desk.say("Nøkkelen vises bare nå. Legg den der fagsystemet leser den:",
                         "The key is shown only now. Put it where the system reads it:")
             << "\n";
    desk.out << (*answer)["key"].as_string() << "\n";
    desk.err << desk.say("Er den tapt: sluse keys revoke ", "When it is lost: sluse keys revoke ")
             << (*answer)["id"].as_string() << " --why \"...\"\n";
    return exit_ok;
}

int run_keys_list(const Desk& desk, const KeyOptions& options) {
    std::string target = "/admin/v1/keys";
    if (!options.tenant.empty()) {
        target += "?tenant=" + options.tenant;
    }
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, Question(target), options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if ((*answer)["items"].items().empty()) {
        desk.out << desk.say("Ingen nøkler. Lag en: sluse keys create --help",
                             "No keys. Make one: sluse keys create --help")
                 << "\n";
        return exit_ok;
    }
    desk.out << padded("ID", 14) << padded(desk.say("SLAG", "KIND"), 8)
             << padded(desk.say("KOMMUNE", "TENANT"), 11) << padded("SYSTEM", 16)
             << padded(desk.say("LAGET", "CREATED"), 17) << desk.say("GJELDER", "VALID") << "\n";
    for (const auto& key : (*answer)["items"].items()) {
        const auto& revoked = key["revoked"].as_string();
        desk.out << padded(key["id"].as_string(), 14) << padded(key["kind"].as_string(), 8)
                 << padded(key["tenant"].as_string(), 11) << padded(key["system"].as_string(), 16)
                 << padded(local(desk, key["created"].as_string()), 17)
                 << (revoked.empty()
                         ? desk.say("ja", "yes")
                         : desk.say("trukket tilbake ", "revoked ") + local(desk, revoked));
        const auto note = wrap(key["note"].as_string(), 40);
        desk.out << (note.empty() ? "" : "  " + note.front()) << "\n";
    }
    return exit_ok;
}

int run_keys_revoke(const Desk& desk, const KeyOptions& options) {
    std::string id = options.id;
    if (id.starts_with("slu_")) {   // pasted with its prefix, or whole: the secret goes nowhere
        id = id.substr(4, id.find('_', 4) == std::string::npos ? id.npos : id.find('_', 4) - 4);
    }
    for (const char c : id) {
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))) {
            desk.err << "sluse: "
                     << desk.say(
                            "id-en er 12 små bokstaver og tall; se «sluse keys list»",
                            "the id is 12 lower-case letters and digits; see `sluse keys list`")
                     << "\n";
            return exit_usage;
        }
    }
    json::Value body = json::Value::object();
    body.set("why", options.why);
    const Question question("POST", "/admin/v1/keys/" + id + "/revoke", std::move(body));
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << desk.say("Nøkkelen gjelder ikke lenger: ", "The key is no longer valid: ") << id
             << "\n";
    return exit_ok;
}

}   // namespace gateway::app::client
