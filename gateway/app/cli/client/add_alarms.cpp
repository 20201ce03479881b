#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {

void add_alarms(CLI::App& app, Context& context) {
    const auto options = std::make_shared<AlarmOptions>();
    Verb verb(
        app, context, "alarms",
        {"Viser hva som er galt nå, én alarm for hver hendelse, og hva du kan gjøre",
         "Shows what is wrong now, one alarm for each incident, and what you can do"},
        {"sluse alarms --acknowledge 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"meldt KS\"",
         "sluse alarms --acknowledge 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"told KS\""});
    verb.flag("--all", options->all, {"Også de som er over", "Those that are over too"});
    verb.option("--tenant", options->tenant,
                {"Bare denne kommunen og hele installasjonen, ved organisasjonsnummer",
                 "Only this municipality and the installation, by organisation number"});
    verb.option("--limit", options->limit, {"Høyst så mange", "At most so many"})
        ->check(CLI::Range(1, 200));
    verb.option("--cursor", options->cursor, {"Fra forrige side", "From the page before"});
    auto* const acknowledge =
        verb.option("--acknowledge", options->acknowledge,
                    {"Si at noen tar seg av denne alarmen", "Say that somebody is at this alarm"});
    auto* const why = verb.option(
        "--why", options->why,
        {"Hvem og hva; kreves for å kvittere", "Who and what; demanded to acknowledge"});
    acknowledge->needs(why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_alarms);
}

}   // namespace gateway::app::client
