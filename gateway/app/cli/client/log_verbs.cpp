#include "gateway/app/cli/client/log_words.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// verify --log: whether the access log is what was written.

namespace gateway::app::client {
namespace {

constexpr std::chrono::hours long_patience{24};

LogAnswer answer_of(const json::Value& view) {
    const auto number = [&view](const char* name) {
        return static_cast<std::uint64_t>(view[name].as_int());
    };
    LogAnswer answer;
    answer.tenant = view["tenant"].as_string();
    answer.entries = number("entries");
    answer.proved = number("proved");
    answer.checkpoints = number("checkpoints");
    answer.found = number("found");
    answer.public_key = view["publicKey"].as_string();
    for (const auto& fault : view["faults"].items()) {
        answer.faults.push_back(
            {fault["title"].as_string(), fault["detail"].as_string(), fault["action"].as_string()});
    }
    return answer;
}

void say_log(const Desk& desk, const LogAnswer& log) {
    desk.out << log.tenant << ": " << log.entries << desk.say(" oppføringer", " entries");
    if (log.found == 0) {
        desk.out << desk.say(", alle slik de ble skrevet", ", all as they were written");
    } else {
        desk.out << ", " << log.found << desk.say(" feil", " faults");
    }
    desk.out << "\n";
    std::string action;
    for (const auto& fault : log.faults) {
        desk.out << "  " << fault.title << ": " << fault.detail << "\n";
        if (fault.action != action) {
            action = fault.action;
            desk.out << "    " << action << "\n";
        }
    }
    if (log.checkpoints == 0) {
        desk.out << desk.say(
                        "  Ingen kontrollpunkter: bare kjeden i databasen er prøvd, og den kan "
                        "lages på nytt av den som kan skrive i databasen.",
                        "  No checkpoints: only the chain in the database was tried, and "
                        "whoever can write the database can make it anew.")
                 << "\n";
    } else {
        desk.out << desk.say("  Kontrollpunkter: ", "  Checkpoints: ") << log.checkpoints
                 << desk.say("; bevist til og med oppføring ", "; proved up to entry ")
                 << log.proved << "\n";
    }
    if (!log.public_key.empty()) {
        desk.out << desk.say("  Offentlig nøkkel: ", "  Public key: ") << log.public_key << "\n";
    }
}

}   // namespace

int say_logs(const Desk& desk, const std::vector<LogAnswer>& logs) {
    bool sound = true;
    for (const auto& log : logs) {
        say_log(desk, log);
        sound = sound && log.found == 0;
    }
    if (sound) {
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
    std::vector<LogAnswer> logs;
    for (const auto& one : (*answer)["tenants"].items()) {
        logs.push_back(answer_of(one));
    }
    return say_logs(desk, logs);
}

}   // namespace gateway::app::client
