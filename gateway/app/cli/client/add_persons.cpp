#include "gateway/app/cli/client/verb.hpp"

// report person, erase person, legal-hold person, link person, as CLI11 reads them.

namespace gateway::app::client {
namespace {

void which_person(Verb& verb, PersonOptions& options) {
    verb.option("--person-file", options.person_file,
                {"Fil med fødselsnummeret; ellers leses det fra standard inn",
                 "File with the national id; else it is read from standard input"});
    verb.option("--handle", options.handle,
                {"Håndtaket som står i loggen, i stedet", "The handle of the log instead"});
    verb.option("--tenant", options.tenant,
                {"Kommunens organisasjonsnummer, når Sluse tjener flere",
                 "The municipality's organisation number, when Sluse serves several"});
    verb.option(
            "--why", options.why,
            {"Hvorfor; blir stående i innsynsloggen, også etter sletting: ingen personopplysninger",
             "Why; stays in the access log, also after erasure: no personal data"})
        ->required();
    verb.json(options.json);
    verb.place(options.place);
}

void add_report(CLI::App& app, Context& context) {
    CLI::App* report = app.add_subcommand(
        "report", context.say("Innsyn: hva som er lagret om noen, og hvem som fikk se det",
                              "Reports: what is held of somebody, and who got to see it"));
    report->require_subcommand(1);
    const auto options = std::make_shared<PersonOptions>();
    Verb verb(*report, context, "person",
              {"Lager et innsyn for én person. Det står selv i innsynsloggen.",
               "Makes the report of one person. It stands in the access log itself."},
              {"sluse report person --html --why \"innsynskrav 2026/17\" < fnr.txt > innsyn.html",
               "sluse report person --html --page-language en --why \"request 2026/17\" < id.txt > "
               "report.html"});
    verb.flag("--html", options->html,
              {"Som en side til å lese og skrive ut", "As a page to read and print"});
    verb.option("--page-language", options->page_language,
                {"Språket på siden: nb, nn eller en", "The page's language: nb, nn or en"})
        ->check(CLI::IsMember({"nb", "nn", "en"}));
    which_person(verb, *options);
    verb.runs(options, run_report_person);
}

void add_erase(CLI::App& app, Context& context) {
    CLI::App* erase =
        app.add_subcommand("erase", context.say("Sletter for godt", "Erases for good"));
    erase->require_subcommand(1);
    const auto options = std::make_shared<PersonOptions>();
    options->act = "erase";
    Verb verb(*erase, context, "person",
              {"Sletter alt som er lagret om én person, og hvem det var. Loggen står.",
               "Erases all that is held of one person, and who it was. The log stays."},
              {"sluse erase person --why \"krav om sletting 2026/18\" < fnr.txt",
               "sluse erase person --why \"request 2026/18\" < id.txt"});
    which_person(verb, *options);
    verb.runs(options, run_act_on_person);
}

void add_legal_hold(CLI::App& app, Context& context) {
    CLI::App* hold =
        app.add_subcommand("legal-hold", context.say("Stanser sletting, eller tillater den igjen",
                                                     "Stops erasure, or allows it again"));
    hold->require_subcommand(1);
    const auto options = std::make_shared<PersonOptions>();
    options->act = "hold";
    Verb verb(*hold, context, "person",
              {"Ingenting om personen slettes før stansen oppheves med --lift",
               "Nothing of the person is erased until it is lifted with --lift"},
              {"sluse legal-hold person --why \"tvist 2026/19\" < fnr.txt",
               "sluse legal-hold person --why \"dispute 2026/19\" < id.txt"});
    verb.flag("--lift", options->lift, {"Opphever stansen", "Lifts it"});
    which_person(verb, *options);
    verb.runs(options, run_act_on_person);
}

void add_link(CLI::App& app, Context& context) {
    CLI::App* link = app.add_subcommand("link", context.say("Sier at to numre er samme person",
                                                            "Says that two ids are one person"));
    link->require_subcommand(1);
    const auto options = std::make_shared<PersonOptions>();
    options->act = "link";
    Verb verb(*link, context, "person",
              {"Nummeret har opphørt, og et annet er kommet i stedet, uten at Folkeregisteret har "
               "sagt det. Opphørt nummer på første linje, det nye på den andre.",
               "The id has ended and another came after it, though no register says so. The ended "
               "id on the first line, the new one on the second."},
              {"sluse link person --why \"melding fra Skatteetaten 2026/20\" < numre.txt",
               "sluse link person --why \"notice of the tax administration 2026/20\" < ids.txt"});
    verb.option("--successor-file", options->successor_file,
                {"Fil med det nye nummeret; ellers leses det fra standard inn",
                 "File with the new id; else it is read from standard input"});
    verb.flag("--undo", options->lift,
              {"De er likevel ikke samme person", "They are not one person after all"});
    which_person(verb, *options);
    verb.runs(options, run_act_on_person);
}

}   // namespace

void add_persons(CLI::App& app, Context& context) {
    add_report(app, context);
    add_erase(app, context);
    add_legal_hold(app, context);
    add_link(app, context);
}

}   // namespace gateway::app::client
