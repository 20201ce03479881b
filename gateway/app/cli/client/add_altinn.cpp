#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {
namespace {

void add_common(Verb& verb, SystemUserOptions& options) {
    verb.option("connection", options.connection,
                {"Forbindelsen til Altinn, fra [connection.<navn>]",
                 "The connection to Altinn, from [connection.<name>]"})
        ->required();
    verb.option("--organisation", options.organisation,
                {"Virksomheten systembrukeren skal handle for; ellers forbindelsens egen",
                 "The organisation that the system user is to act for; else the connection's own"});
    verb.option("--reference", options.reference,
                {"Referanse (externalRef), når virksomheten har flere systembrukere",
                 "Reference (externalRef), when the organisation has several system users"});
    verb.flag("-f,--follow", options.follow,
              {"Følger med til noen har svart (avbryt med Ctrl-C)",
               "Follows until somebody has answered (Ctrl-C to stop)"});
    verb.json(options.json);
    verb.place(options.place);
}

void add_request(CLI::App& altinn, Context& context) {
    const auto options = std::make_shared<SystemUserOptions>();
    Verb verb(altinn, context, "request-system-user",
              {"Ber om en systembruker; viser rettighetene, hvem som må godkjenne og hvor. Er den "
               "bedt om fra før, vises den",
               "Asks for a system user; shows the rights, who must approve and where. One that was "
               "asked for before is shown"},
              {"sluse altinn request-system-user broker-prod --why \"ny avtale\" --follow",
               "sluse altinn request-system-user broker-prod --why \"new agreement\" --follow"});
    verb.option("--right", options->rights,
                {"En ressurs å be om; kan gjentas. Ellers system_user_rights",
                 "A resource to ask for; may be repeated. Else system_user_rights"});
    verb.option("--package", options->packages,
                {"En tilgangspakke å be om; kan gjentas. Ellers system_user_packages",
                 "An access package to ask for; may be repeated. Else system_user_packages"});
    verb.option("--redirect", options->redirect,
                {"Hvor den som svarer, sendes etterpå; må være registrert på systemet",
                 "Where who answers is sent afterwards; must be registered for the system"});
    verb.why(options->why);
    add_common(verb, *options);
    verb.runs(options, run_request_system_user);
}

void add_show(CLI::App& altinn, Context& context) {
    const auto options = std::make_shared<SystemUserOptions>();
    Verb verb(altinn, context, "system-user",
              {"Viser hvordan det står til med en systembruker; endrer ingenting",
               "Shows how it stands with a system user; changes nothing"},
              {"sluse altinn system-user broker-prod", "sluse altinn system-user broker-prod"});
    add_common(verb, *options);
    verb.runs(options, run_system_user);
}

}   // namespace

void add_altinn(CLI::App& app, Context& context) {
    CLI::App* altinn = app.add_subcommand(
        "altinn", context.say("Systembrukere i Altinn: ber om dem og følger dem",
                              "System users in Altinn: asks for them and follows them"));
    altinn->require_subcommand(1);
    add_request(*altinn, context);
    add_show(*altinn, context);
}

}   // namespace gateway::app::client
