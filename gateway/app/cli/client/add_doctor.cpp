#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {

void add_doctor(CLI::App& app, Context& context) {
    const auto options = std::make_shared<DoctorOptions>();
    Verb verb(app, context, "doctor",
              {"Undersøker forbindelser steg for steg, på høyst ti sekunder, og sier hva som må "
               "gjøres",
               "Examines connections step by step, in at most ten seconds, and says what to do"},
              {"sluse doctor maskinporten", "sluse doctor maskinporten"});
    verb.option("connection", options->connection,
                {"Forbindelsen, fra [connection.<navn>]; ellers alle, og denne maskinen",
                 "The connection, from [connection.<name>]; else all of them, and this machine"});
    verb.option("--tenant", options->tenant,
                {"På vegne av denne kommunen, når forbindelsen tjener flere",
                 "On behalf of this municipality, when the connection serves several"})
        ->needs("connection");
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_doctor);
}

}   // namespace gateway::app::client
