#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {

void add_approvals(CLI::App& app, Context& context) {
    const auto options = std::make_shared<ApprovalOptions>();
    Verb verb(
        app, context, "approvals",
        {"Viser hva som venter på en annen person; den godkjenner i konsollen",
         "Shows what waits for a second person, who approves it in the console"},
        {"sluse approvals --take-back 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"feil gruppe\"",
         "sluse approvals --take-back 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"wrong group\""});
    verb.flag("--all", options->all, {"Også det som er avgjort", "What has been decided too"});
    verb.option("--tenant", options->tenant,
                {"Bare denne kommunen, ved organisasjonsnummer",
                 "Only this municipality, by organisation number"});
    verb.option("--limit", options->limit, {"Høyst så mange", "At most so many"})
        ->check(CLI::Range(1, 200));
    verb.option("--cursor", options->cursor, {"Fra forrige side", "From the page before"});
    auto* const back = verb.option("--take-back", options->take_back,
                                   {"Trekk tilbake det du selv ba om", "Take back what you asked"});
    auto* const why =
        verb.option("--why", options->why,
                    {"Hvorfor; kreves for å trekke tilbake", "Why; demanded to take back"});
    back->needs(why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_approvals);
}

}   // namespace gateway::app::client
