#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <array>
#include <ostream>

// approvals: what waits for a second person. Approving is for people who have signed in: the socket
// does not say which human being asks.

namespace gateway::app::client {
namespace {

std::string approval_state(const Desk& desk, const std::string& state) {
    struct Words {
        const char* state;
        const char* nb;
        const char* en;
    };
    constexpr std::array<Words, 7> all{
        {{"asked", "venter", "waits"},
         {"approved", "godkjent", "approved"},
         {"done", "gjort", "done"},
         {"refused", "godkjent, lot seg ikke gjøre", "approved, could not be done"},
         {"declined", "avslått", "declined"},
         {"expired", "utløpt", "expired"},
         {"withdrawn", "trukket tilbake", "taken back"}}};
    for (const auto& words : all) {
        if (state == words.state) {
            return desk.say(words.nb, words.en);
        }
    }
    return state;
}

void print_approval(const Desk& desk, const json::Value& one) {
    desk.out << one["act"].as_string() << "  " << approval_state(desk, one["state"].as_string())
             << "\n";
    say_fact(desk, "Id", "Id", one["id"].as_string());
    say_fact(desk, "Kommune", "Tenant", one["tenant"].as_string());
    if (one.has("target")) {
        say_fact(desk, "Gjelder", "Of", one["target"].as_string());
    }
    say_fact(desk, "Bedt om", "Asked",
             local(desk, one["asked"].as_string()) + ", " + one["who"].as_string());
    if (one.has("why")) {
        say_fact(desk, "Hvorfor", "Why", one["why"].as_string());
    }
    if (one["state"].as_string() == "asked") {
        say_fact(desk, "Utløper", "Ends", local(desk, one["expires"].as_string()));
    }
    if (one.has("decidedBy")) {
        const auto said = one.has("answer") ? ": " + one["answer"].as_string() : std::string();
        say_fact(desk, "Avgjort", "Decided",
                 local(desk, one["decided"].as_string()) + ", " + one["decidedBy"].as_string() +
                     said);
    }
}

}   // namespace

int run_approvals(const Desk& desk, const ApprovalOptions& options) {
    std::string path = "/admin/v1/approvals";
    int exit_code = exit_ok;
    if (!options.take_back.empty()) {
        json::Value body = json::Value::object();
        body.set("why", options.why);
        const Question question("POST", path + "/" + encoded(options.take_back) + "/take-back",
                                std::move(body));
        const auto answer = ask(desk, options.place, question, options.json, exit_code);
        if (answer && !options.json) {
            print_approval(desk, *answer);
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
        desk.out << desk.say("Ingenting venter på en annen person.",
                             "Nothing waits for a second person.")
                 << "\n";
    }
    for (const auto& one : (*page)["items"].items()) {
        print_approval(desk, one);
        desk.out << "\n";
    }
    if (const auto& next = (*page)["next"].as_string(); !next.empty()) {
        desk.out << desk.say("Det er flere: --cursor ", "There are more: --cursor ") << next
                 << "\n";
    }
    return exit_ok;
}

}   // namespace gateway::app::client
