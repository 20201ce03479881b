#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// backup, verify; config apply, undo, history.

namespace gateway::app::client {
namespace {

constexpr std::chrono::hours long_patience{24};
constexpr std::chrono::seconds health_patience{10};   // who asks this asks again soon

int change_config(const Desk& desk, const ConfigOptions& options, const char* what) {
    json::Value body = json::Value::object();
    body.set("why", options.why);
    Question question("POST", std::string("/admin/v1/config/") + what, std::move(body));
    question.patience = std::chrono::minutes(10);   // old connections are drained
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << desk.say("I bruk: utgave ", "In force: version ") << (*answer)["version"].as_int()
             << "\n";
    for (const auto& note : (*answer)["notes"].items()) {
        desk.err << desk.say("merk: ", "note: ") << note.as_string() << "\n";
    }
    return exit_ok;
}

}   // namespace

int run_backup(const Desk& desk, const StoreOptions& options) {
    json::Value body = json::Value::object();
    body.set("folder", options.folder).set("why", options.why);
    Question question("POST", "/admin/v1/store/backup", std::move(body));
    question.patience = long_patience;
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    desk.out << desk.say("Kopiert til ", "Copied to ") << options.folder << ":\n"
             << "  sluse-data.db  "
             << desk.say("alt unntatt nøkler; kan ligge der andre kopier ligger",
                         "all but the keys; may lie where other backups do")
             << "\n  sluse-keys.db  "
             << desk.say("nøklene; legg den et annet sted, og slett eldre utgaver av den",
                         "the keys; keep it elsewhere, and delete older ones")
             << "\n"
             << desk.say("Filene ligger for seg i datamappen under documents/: ta dem med i den "
                         "vanlige filkopien, etter denne.",
                         "The files lie apart in the data folder under documents/: take them with "
                         "your ordinary file backup, after this one.")
             << "\n";
    return exit_ok;
}

int run_verify(const Desk& desk, const StoreOptions& options) {
    json::Value body = json::Value::object();
    body.set("documents", !options.without_documents);
    Question question("POST", "/admin/v1/store/verify", std::move(body));
    question.patience = long_patience;
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer) {
        return exit_code;
    }
    if (options.json) {
        return (*answer)["sound"].as_bool() ? exit_ok : exit_failed;
    }
    std::vector<std::string> faults;
    for (const auto& fault : (*answer)["faults"].items()) {
        faults.push_back(fault.as_string());
    }
    return say_faults(desk, faults, static_cast<std::uint64_t>((*answer)["found"].as_int()));
}

int run_health(const Desk& desk, const HealthOptions& options) {
    const auto gate = desk.open_gate(options.place);
    if (!gate) {
        desk.err << "sluse: " << gate.error().detail << "\n";
        return gate.error().is(core::Errc::not_found) ? exit_not_found : exit_usage;
    }
    Question question("/readyz");
    question.patience = health_patience;
    const auto answer = (*gate)->ask(question);
    if (!answer) {
        return say_unreachable(desk, answer.error(), (*gate)->where());
    }
    // A service that is not ready says why in the same form, with another status.
    const auto view = json::parse(answer->body);
    if (!view || !view->has("ready")) {
        return say_refusal(desk, *answer, options.json);
    }
    const bool ready = (*view)["ready"].as_bool();
    if (options.json) {
        desk.out << answer->body << "\n";
        return ready ? exit_ok : exit_failed;
    }
    for (const auto& check : (*view)["checks"].items()) {
        if (!check["ok"].as_bool()) {
            desk.out << check["name"].as_string() << ": " << check["title"].as_string() << "\n";
        }
    }
    desk.out << (ready ? desk.say("klar", "ready") : desk.say("ikke klar", "not ready")) << "\n";
    return ready ? exit_ok : exit_failed;
}

int run_config_apply(const Desk& desk, const ConfigOptions& options) {
    return change_config(desk, options, "apply");
}

int run_config_undo(const Desk& desk, const ConfigOptions& options) {
    return change_config(desk, options, "undo");
}

int run_config_history(const Desk& desk, const ConfigOptions& options) {
    int exit_code = exit_ok;
    const auto answer =
        ask(desk, options.place, Question("/admin/v1/config/history"), options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    for (const auto& version : (*answer)["items"].items()) {
        const auto why = wrap(version["why"].as_string(), 200);
        desk.out << (version["inForce"].as_bool() ? "* " : "  ")
                 << padded(std::to_string(version["version"].as_int()), 6)
                 << padded(local(desk, version["at"].as_string()), 17)
                 << padded(version["who"].as_string(), 20) << (why.empty() ? "" : why.front())
                 << "\n";
    }
    return exit_ok;
}

}   // namespace gateway::app::client
