#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"

#include <ostream>

// retention --dry-run: how many would go, how many stay and why.

namespace gateway::app::client {
namespace {

/// One line for each reason that holds something back.
void say_stays(const Desk& desk, const json::Value& stays) {
    const auto say_one = [&](const char* reason, const char* nb, const char* en) {
        if (const auto count = stays[reason].as_int(); count > 0) {
            say_fact(desk, "  blir stående", "  stay",
                     std::to_string(count) + " " + desk.say(nb, en));
        }
    };
    say_one("open", "er ikke ferdige", "have not ended");
    say_one("unfinished", "kom ikke fram, og ingen regel sier hvor lenge de kan prøves igjen",
            "did not arrive, and no rule says how long they may be retried");
    say_one("legalHold", "er båndlagt", "are under a legal hold");
    say_one("personLegalHold", "gjelder en person som er båndlagt",
            "are of a person under a legal hold");
    say_one("unreadable", "kan ikke åpnes, så ingen vet hvem de gjelder",
            "cannot be opened, so nobody knows of whom they are");
    say_one("unread", "er ikke lest av et abonnement ennå",
            "have not been read by a subscription yet");
}

std::string rule_words(const Desk& desk, const json::Value& rule) {
    std::string words;
    const auto add = [&](const char* name, const char* key) {
        if (rule[name].is_number()) {
            words += (words.empty() ? "" : ", ") + std::string(key) + " = " +
                     std::to_string(rule[name].as_int());
        }
    };
    add("contentDays", "content_days");
    add("unfinishedDays", "unfinished_days");
    add("recordDays", "record_days");
    return words.empty() ? desk.say("ingen", "none") : words;
}

void say_quarantine(const Desk& desk, const json::Value& sight) {
    const auto count = [&](const char* name) { return std::to_string(sight[name].as_int()); };
    desk.out << sight["tenant"].as_string() << "  " << desk.say("karantene", "quarantine") << "\n";
    say_fact(desk, "Regel", "Rule", "quarantine_days = " + count("quarantineDays"));
    say_fact(desk, "Slettes", "Goes", count("due"));
    if (sight["heldBack"]["legalHold"].as_int() > 0) {
        say_fact(desk, "  blir stående", "  stay",
                 std::to_string(sight["heldBack"]["legalHold"].as_int()) + " " +
                     desk.say("fordi noen i kommunen er båndlagt",
                              "because somebody of the municipality is under a legal hold"));
    }
    say_fact(desk, "Varsles nå", "Told of now", count("toTell"));
    say_fact(desk, "Er varslet om", "Were told of",
             count("told") + (sight.has("firstTold")
                                  ? desk.say(", den første ", ", the first ") +
                                        local(desk, sight["firstTold"].as_string())
                                  : std::string()));
}

void say_incomplete(const Desk& desk, const json::Value& sight) {
    if (!sight["complete"].as_bool()) {
        desk.out << desk.say("  Det er flere enn de eldste, som er talt her.",
                             "  There are more than the oldest, which are counted here.")
                 << "\n";
    }
}

}   // namespace

int run_retention(const Desk& desk, const RetentionOptions& options) {
    std::string path = "/admin/v1/retention";
    if (!options.tenant.empty()) {
        path += "?tenant=" + encoded(options.tenant);
    }
    int exit_code = exit_ok;
    const auto answer = ask(desk, options.place, Question(path), options.json, exit_code);
    if (!answer || options.json) {
        return exit_code;
    }
    if ((*answer)["items"].items().empty() && (*answer)["quarantine"].items().empty()) {
        desk.out << desk.say("Ingen regler: alt blir stående.", "No rules: everything stays.")
                 << "\n";
    }
    for (const auto& item : (*answer)["items"].items()) {
        const bool message = item["kind"].as_string() == "message";
        desk.out << item["tenant"].as_string() << "  " << item["type"].as_string() << "  "
                 << (message ? desk.say("sendt", "sent") : desk.say("mottatt", "received")) << "\n";
        say_fact(desk, "Regel", "Rule", rule_words(desk, item["rule"]));
        say_fact(desk, "Innhold slettes", "Content goes",
                 std::to_string(item["content"]["due"].as_int()));
        say_stays(desk, item["content"]["heldBack"]);
        say_fact(desk, "Resten slettes", "The rest goes",
                 std::to_string(item["record"]["due"].as_int()));
        say_stays(desk, item["record"]["heldBack"]);
        say_incomplete(desk, item);
    }
    for (const auto& sight : (*answer)["quarantine"].items()) {
        say_quarantine(desk, sight);
        say_incomplete(desk, sight);
    }
    desk.out << desk.say("Ingenting er endret.", "Nothing was changed.") << "\n";
    return exit_ok;
}

}   // namespace gateway::app::client
