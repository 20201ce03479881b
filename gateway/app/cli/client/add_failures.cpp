#include "gateway/app/cli/client/verb.hpp"

namespace gateway::app::client {
namespace {

constexpr const char* example_group = "3f9a2c41d07be6559a1c0e8b72d4f613";

void add_list(CLI::App& app, Context& context) {
    const auto options = std::make_shared<FailureOptions>();
    const auto one = std::string("sluse failures ") + example_group;
    Verb verb(app, context, "failures",
              {"Viser hva som feiler, samlet etter årsak, med eier og hva du kan gjøre",
               "Shows what fails, by cause, with its owner and what you can do"},
              {one.c_str(), one.c_str()});
    verb.option("group", options->group,
                {"En gruppe fra listen: viser meldingene i den",
                 "A group from the list: shows its messages"});
    verb.option("--tenant", options->tenant,
                {"Bare denne kommunen, ved organisasjonsnummer",
                 "Only this municipality, by organisation number"});
    verb.option("--limit", options->limit, {"Høyst så mange meldinger", "At most so many messages"})
        ->check(CLI::Range(1, 200));
    verb.option("--cursor", options->cursor, {"Fra forrige side", "From the page before"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_failures);
}

void add_retries(CLI::App& app, Context& context) {
    const auto options = std::make_shared<RetriesOptions>();
    Verb verb(app, context, "retries",
              {"Viser hvordan det går med grupper som prøves på nytt; stanser eller avbryter dem",
               "Shows how groups that are retried stand; pauses or cancels them"},
              {"sluse retries --pause 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"venter på KS\"",
               "sluse retries --pause 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why \"waiting\""});
    auto* const pause = verb.option("--pause", options->pause, {"Stans dette", "Pause this one"});
    auto* const resume =
        verb.option("--resume", options->resume, {"La dette gå videre", "Let this one go on"});
    auto* const cancel = verb.option("--cancel", options->cancel,
                                     {"Avbryt dette; det som er sendt, går sin gang",
                                      "Cancel this one; what has been sent goes its way"});
    pause->excludes(resume)->excludes(cancel);
    resume->excludes(cancel);
    verb.option("--why", options->why,
                {"Hvorfor; kreves når noe endres", "Why; demanded when something is changed"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_retries);
}

}   // namespace

void add_failures(CLI::App& app, Context& context) {
    add_list(app, context);
    add_retries(app, context);
}

void add_retry(CLI::App& app, Context& context) {
    const auto options = std::make_shared<RetryOptions>();
    const auto nb = std::string("sluse retry --group ") + example_group + " --why \"rettet\"";
    const auto en = std::string("sluse retry --group ") + example_group + " --why \"mended\"";
    Verb verb(app, context, "retry",
              {"Prøver en melding på nytt som en ny forsendelse, eller en hel gruppe: én først, så "
               "ti, så resten",
               "Tries a message again as a new delivery, or a whole group: one first, then ten, "
               "then the rest"},
              {nb.c_str(), en.c_str()});
    auto* const id = verb.option("id", options->message.id, {"Meldingens id", "The message's id"});
    auto* const group =
        verb.option("--group", options->group,
                    {"En gruppe fra «sluse failures»", "A group from `sluse failures`"});
    id->excludes(group);
    verb.flag("--preview", options->preview,
              {"Sier hvor mange gruppen er, og prøver ingenting",
               "Says how many the group is, and tries nothing"});
    verb.option("--why", options->message.why,
                {"Hvorfor; blir stående på tidslinjen", "Why; stays on the timeline"});
    verb.json(options->message.json);
    verb.place(options->message.place);
    Context* words = &context;
    verb.app().callback([options, words] {
        if (options->message.id.empty() && options->group.empty()) {
            throw CLI::RequiredError(words->say("id eller --group", "id or --group"));
        }
        if (options->message.why.empty() && !options->preview) {
            throw CLI::RequiredError("--why");
        }
        words->run = [options, words] {
            options->message.act = "retry";
            options->message.place.language = words->language;
            return run_retry(make_desk(words->language), *options);
        };
    });
}

}   // namespace gateway::app::client
