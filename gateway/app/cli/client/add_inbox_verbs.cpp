#include "gateway/app/cli/client/verb.hpp"

// inbox as CLI11 reads them. Each verb has an example in its help.

namespace gateway::app::client {

void add_inbox(CLI::App& app, Context& context) {
    CLI::App* inbox = app.add_subcommand(
        "inbox",
        context.say("Viser det som er kommet inn til fagsystemene, og deler det ut på nytt",
                    "Shows what came in for systems, and hands it out anew"));
    inbox->require_subcommand(1);
    const Words tenant{"Kommunens organisasjonsnummer", "The municipality's organisation number"};
    const Words system{"Fagsystemet", "The system"};
    {
        const auto options = std::make_shared<InboxOptions>();
        Verb verb(*inbox, context, "list",
                  {"Hva som ligger der, nyeste først", "What is there, newest first"},
                  {"sluse inbox list --state dead", "sluse inbox list --state dead"});
        verb.option("--tenant", options->tenant, tenant);
        verb.option("--system", options->system, system);
        verb.option("--state", options->state,
                    {"received, leased, acknowledged, rejected eller dead",
                     "received, leased, acknowledged, rejected or dead"});
        verb.option("--limit", options->limit, {"Høyst så mange", "At most so many"});
        verb.option("--cursor", options->cursor, {"Neste side", "The next page"});
        verb.json(options->json);
        verb.place(options->place);
        verb.runs(options, run_inbox_list);
    }
    {
        const auto options = std::make_shared<InboxOptions>();
        Verb verb(*inbox, context, "counts",
                  {"Hvor mye som kom inn en dag, til avstemming",
                   "How much came in on a day, for reconciliation"},
                  {"sluse inbox counts --date 2026-02-03", "sluse inbox counts --date 2026-02-03"});
        verb.option("--tenant", options->tenant, tenant);
        verb.option("--date", options->date,
                    {"Dagen, i UTC; ellers i dag", "Day, UTC; else today"});
        verb.json(options->json);
        verb.place(options->place);
        verb.runs(options, run_inbox_counts);
    }
    {
        const auto options = std::make_shared<InboxOptions>();
        Verb verb(
            *inbox, context, "replay",
            {"Deler ut på nytt det som er gitt opp eller avgjort",
             "Hands out anew what is given up or settled"},
            {"sluse inbox replay 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"systemet er oppe\"",
             "sluse inbox replay 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"it is up\""});
        verb.option("id", options->id, {"Id i innboksen", "Id in the inbox"})->required();
        verb.option("--tenant", options->tenant, tenant);
        verb.option("--system", options->system, system);
        verb.why(options->why);
        verb.json(options->json);
        verb.place(options->place);
        verb.runs(options, run_inbox_replay);
    }
}

}   // namespace gateway::app::client
