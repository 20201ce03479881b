#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {

/// Only ever a look: the clock erases, by what the configuration says.
void add_retention(CLI::App& app, Context& context) {
    const auto options = std::make_shared<RetentionOptions>();
    Verb verb(
        app, context, "retention",
        {"Viser hva reglene for oppbevaring ville slettet nå, og hva som blir stående og hvorfor",
         "Shows what the rules of retention would erase now, and what stays and why"},
        {"sluse retention --dry-run --tenant 310001007",
         "sluse retention --dry-run --tenant 310001007"});
    verb.app()
        .add_flag(
            "--dry-run", options->dry_run,
            verb.say({"Kreves: ingenting slettes herfra, det gjør tjenesten etter klokken",
                      "Demanded: nothing is erased from here, the service does by the clock"}))
        ->required();
    verb.option("--tenant", options->tenant,
                {"Bare denne kommunen, ved organisasjonsnummer",
                 "Only this municipality, by organisation number"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_retention);
}

}   // namespace gateway::app::client
