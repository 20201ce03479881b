#include "gateway/app/cli/client/log_words.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// verify --log: whether the access log is what was written.

namespace gateway::app::client {
namespace {

constexpr std::chrono::hours long_patience{24};

void say_log(const Desk& desk, const json::Value& log) {
    const auto number = [&log](const char* name) { return log[name].as_int(); };
    desk.out << log["tenant"].as_string() << ": " << number("entries")
             << desk.say(" oppføringer", " entries");
    if (number("found") == 0) {
        desk.out << desk.say(", alle slik de ble skrevet", ", all as they were written");
    } else {
        desk.out << ", " << number("found") << desk.say(" feil", " faults");
    }
    desk.out << "\n";
    std::string action;
    for (const auto& fault : log["faults"].items()) {
        desk.out << "  " << fault["title"].as_string() << ": " << fault["detail"].as_string()
                 << "\n";
        if (fault["action"].as_string() != action) {
            action = fault["action"].as_string();
            desk.out << "    " << action << "\n";
        }
    }
    if (number("checkpoints") == 0) {
        desk.out << desk.say(
                        "  Ingen kontrollpunkter: bare kjeden i databasen er prøvd, og den kan "
                        "lages på nytt av den som kan skrive i databasen.",
                        "  No checkpoints: only the chain in the database was tried, and "
                        "whoever can write the database can make it anew.")
                 << "\n";
    } else {
        desk.out << desk.say("  Kontrollpunkter: ", "  Checkpoints: ") << number("checkpoints")
                 << desk.say("; bevist til og med oppføring ", "; proved up to entry ")
                 << number("proved") << "\n";
    }
    if (const auto& key = log["publicKey"].as_string(); !key.empty()) {
        desk.out << desk.say("  Offentlig nøkkel: ", "  Public key: ") << key << "\n";
    }
}

}   // namespace

int say_logs(const Desk& desk, const json::Value& answer) {
    for (const auto& log : answer["tenants"].items()) {
        say_log(desk, log);
    }
    if (answer["sound"].as_bool()) {
        desk.out << desk.say("Innsynsloggen er hel.", "The access log is sound.") << "\n";
        return exit_ok;
    }
    desk.err << "sluse: "
             << desk.say("innsynsloggen er ikke slik den ble skrevet",
                         "the access log is not as it was written")
             << "\n";
    return exit_failed;
}

int run_verify_log(const Desk& desk, const LogOptions& options) {
    json::Value body = json::Value::object();
    if (!options.tenant.empty()) {
        body.set("tenant", options.tenant);
    }
    Question question("POST", "/admin/v1/log/verify", std::move(body));
    question.patience = long_patience;
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, question, options.json, exit_code);
    if (!answer) {
        return exit_code;
    }
    if (options.json) {
        return (*answer)["sound"].as_bool() ? exit_ok : exit_failed;
    }
    return say_logs(desk, *answer);
}

}   // namespace gateway::app::client
