#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {
namespace {

constexpr const char* example_id = "3f1c0f8e-5a3c-4b0e-9d57-0c8a4a1d2b6f";

void add_list(CLI::App& webhooks, Context& context) {
    const auto options = std::make_shared<WebhookOptions>();
    Verb verb(webhooks, context, "list",
              {"Viser fagsystemenes abonnementer på hendelser, og hvordan det går med dem",
               "Shows the systems' subscriptions to events, and how they do"},
              {"sluse webhooks list", "sluse webhooks list"});
    verb.option("--tenant", options->tenant,
                {"Kommunens organisasjonsnummer, når Sluse tjener flere",
                 "The municipality's organisation number, when Sluse serves several"});
    verb.option("--system", options->system, {"Bare dette fagsystemet", "This system alone"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_webhooks_list);
}

void add_show(CLI::App& webhooks, Context& context) {
    const auto options = std::make_shared<WebhookOptions>();
    const std::string example = std::string("sluse webhooks show ") + example_id;
    Verb verb(webhooks, context, "show", {"Viser ett av dem", "Shows one of them"},
              {example.c_str(), example.c_str()});
    verb.option("id", options->id, {"Id-en fra listen", "The id from the list"})->required();
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_webhooks_show);
}

void add_act(CLI::App& webhooks, Context& context, const char* name, Words about, Words why) {
    const auto options = std::make_shared<WebhookOptions>();
    options->act = name;
    const std::string example = std::string("sluse webhooks ") + name + " " + example_id;
    const std::string more =
        options->act == "replay" ? " --since 2026-02-03T07:00:00Z --why " : " --why ";
    const auto nb = example + more + "\"" + why.nb + "\"";
    const auto en = example + more + "\"" + why.en + "\"";
    Verb verb(webhooks, context, name, about, {nb.c_str(), en.c_str()});
    verb.option("id", options->id, {"Id-en fra listen", "The id from the list"})->required();
    if (options->act == "replay") {
        verb.option("--since", options->since,
                    {"Alt fra dette tidspunktet", "All from this time on"});
        verb.option("--event", options->events,
                    {"Id-en til én hendelse; kan gjentas", "The id of one event; may be repeated"});
        verb.flag("--given-up", options->given_up,
                  {"Alt som er gitt opp", "All that was given up"});
    }
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_webhooks_act);
}

}   // namespace

void add_webhooks(CLI::App& app, Context& context) {
    CLI::App* webhooks = app.add_subcommand(
        "webhooks", context.say("Fagsystemenes abonnementer på hendelser: viser, prøver, slår av "
                                "og på, leverer på nytt",
                                "The systems' subscriptions to events: shows, tests, disables and "
                                "enables, delivers again"));
    webhooks->require_subcommand(1);
    add_list(*webhooks, context);
    add_show(*webhooks, context);
    add_act(*webhooks, context, "enable",
            {"Slår ett på igjen; det som kom imens, blir levert",
             "Enables one again; what came meanwhile is delivered"},
            {"mottakeren er oppe igjen", "the receiver is up again"});
    add_act(*webhooks, context, "disable",
            {"Slår ett av, og forteller fagsystemet det", "Disables one, and tells its system so"},
            {"mottakeren tåler det ikke", "the receiver cannot bear it"});
    add_act(*webhooks, context, "test", {"Sender én prøvehendelse nå", "Posts one test event now"},
            {"ny brannmur", "new firewall"});
    add_act(*webhooks, context, "replay",
            {"Leverer hendelser på nytt", "Delivers events once more"},
            {"mottakeren mistet en time", "the receiver lost an hour"});
    add_act(*webhooks, context, "rotate",
            {"Lager en ny hemmelighet; den vises én gang, og den gamle gjelder et døgn til",
             "Makes a new secret; it is shown once, and the old one holds for another day"},
            {"hemmeligheten er på avveie", "the secret has leaked"});
}

}   // namespace gateway::app::client
