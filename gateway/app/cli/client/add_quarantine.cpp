#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {
namespace {

constexpr const char* example_id = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21";

void add_list(CLI::App& quarantine, Context& context) {
    const auto options = std::make_shared<QuarantineOptions>();
    Verb verb(quarantine, context, "list",
              {"Viser det som venter på at noen ser på det, det nyeste først",
               "Shows what waits for somebody to look at it, newest first"},
              {"sluse quarantine list", "sluse quarantine list"});
    verb.option("--tenant", options->tenant,
                {"Kommunens organisasjonsnummer, når Sluse tjener flere",
                 "The municipality's organisation number, when Sluse serves several"});
    verb.flag("--settled", options->settled,
              {"Det som er avgjort, i stedet", "What is settled, instead"});
    verb.option("--limit", options->limit, {"Høyst så mange", "At most so many"})
        ->check(CLI::Range(1, 200));
    verb.option("--cursor", options->cursor, {"Fra forrige side", "From the page before"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_quarantine_list);
}

void add_show(CLI::App& quarantine, Context& context) {
    const auto options = std::make_shared<QuarantineOptions>();
    const std::string example = std::string("sluse quarantine show ") + example_id + " --out ";
    const auto nb = example + "kvittering.jwt";
    const auto en = example + "receipt.jwt";
    Verb verb(quarantine, context, "show",
              {"Viser én av dem; at du så på den, blir loggført",
               "Shows one of them; that you looked at it is logged"},
              {nb.c_str(), en.c_str()});
    verb.option("id", options->id, {"Id-en fra listen", "The id from the list"})->required();
    verb.option("--out", options->out,
                {"En ny fil som innholdet skrives til, slik det kom",
                 "A new file that its content is written to, as it came"});
    verb.option(
        "--document", options->document,
        {"Et av dokumentene i stedet, ved summen sin", "One of its documents instead, by its sum"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_quarantine_show);
}

void add_resolve(CLI::App& quarantine, Context& context) {
    const auto options = std::make_shared<QuarantineOptions>();
    const std::string example = std::string("sluse quarantine resolve ") + example_id + " --why ";
    const auto nb = example + "\"operatøren er varslet\"";
    const auto en = example + "\"the operator has been told\"";
    Verb verb(quarantine, context, "resolve",
              {"Avgjør at en av dem ikke trenger mer; den blir liggende lagret",
               "Settles that one of them needs no more; it stays stored"},
              {nb.c_str(), en.c_str()});
    verb.option("id", options->id, {"Id-en fra listen", "The id from the list"})->required();
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_quarantine_resolve);
}

void add_release(CLI::App& quarantine, Context& context) {
    const auto options = std::make_shared<InboxOptions>();
    const std::string example =
        std::string("sluse quarantine release ") + example_id + " --to byggesak --why ";
    const auto nb = example + "\"ny skjematype\"";
    const auto en = example + "\"a new form\"";
    Verb verb(quarantine, context, "release",
              {"Gir en melding til fagsystemer, som om en rute hadde tatt den",
               "Gives a message to systems, as if a route had taken it"},
              {nb.c_str(), en.c_str()});
    verb.option("id", options->id, {"Id-en fra listen", "The id from the list"})->required();
    verb.option("--to", options->to, {"Fagsystemet; kan gjentas", "The system; may be repeated"})
        ->required();
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_quarantine_release);
}

}   // namespace

void add_quarantine(CLI::App& app, Context& context) {
    CLI::App* quarantine = app.add_subcommand(
        "quarantine", context.say("Det som kom inn og ingen kunne håndtere: viser og avgjør det",
                                  "What came in and nobody could handle: shows and settles it"));
    quarantine->require_subcommand(1);
    add_list(*quarantine, context);
    add_show(*quarantine, context);
    add_resolve(*quarantine, context);
    add_release(*quarantine, context);
}

}   // namespace gateway::app::client
