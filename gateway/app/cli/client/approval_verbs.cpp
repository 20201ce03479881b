#include "gateway/app/cli/client/facts.hpp"
#include "gateway/app/cli/client/open_list.hpp"
#include "gateway/app/cli/client/timeline_table.hpp"

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

constexpr OpenList approval_list{"/admin/v1/approvals", "Ingenting venter på en annen person.",
                                 "Nothing waits for a second person.", print_approval};

}   // namespace

int run_approvals(const Desk& desk, const ApprovalOptions& options) {
    return options.take_back.empty()
               ? show_list(desk, approval_list, options)
               : act_on_one(desk, approval_list, options, options.take_back, "take-back");
}

}   // namespace gateway::app::client
