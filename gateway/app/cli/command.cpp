#include "gateway/app/cli/usage_words.hpp"
#include "gateway/app/cli/verbs.hpp"
#include "gateway/app/config/mistake.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace gateway::app {
namespace {

/// --lang, else the environment's, else bokmål: the help itself is in that language, so it must be
/// known before the arguments are read.
texts::Language language_of(int argc, char** argv) {
    std::string_view word;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (word.empty() && value != nullptr) {
            word = value;
        }
    }
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--lang" && i + 1 < argc) {
            word = argv[i + 1];
        } else if (argument.starts_with("--lang=")) {
            word = argument.substr(7);
        }
    }
    return word.starts_with("en")   ? texts::Language::en
           : word.starts_with("nn") ? texts::Language::nn
                                    : texts::Language::nb;
}

constexpr const char* description_nb =
    R"(Sluse fører meldinger mellom kommunens fagsystemer og fellesløsningene (Altinn, Maskinporten).

  Prøv uten oppsett:   sluse sandbox --demo
  Prøv selv:           sluse sandbox           skriver ut adresse, nøkkel og et ferdig curl-kall
  Sett i drift:        sluse keys create-tenant-key --out /etc/sluse/keys/<orgnr>.sealing
                       sluse check             finner alle feil i konfigurasjonen, endrer ingenting
                       sluse serve
)";
constexpr const char* description_en =
    R"(Sluse carries messages between a municipality's systems and Norway's shared components.

  Try without setup:   sluse sandbox --demo
  Try it yourself:     sluse sandbox           prints address, key and a ready curl call
  Run it:              sluse keys create-tenant-key --out /etc/sluse/keys/<orgno>.sealing
                       sluse check             finds every mistake in the configuration, changes nothing
                       sluse serve
)";

constexpr const char* footer_nb = R"(Avslutningskoder
   0  det gikk bra
   1  det ble prøvd og gikk ikke; for check: konfigurasjonen har feil
   2  argumentene er feil
   3  ingen Sluse som kjører, svarte
   4  meldingen, nøkkelen eller filen finnes ikke
   5  nøkkelen eller brukeren har ikke lov til det
   6  det er bedt om, og venter på en annen person
  69  tjenesten, en adresse eller en komponent kan ikke nås eller brukes
  73  datamappen er i bruk, eller kan ikke lages eller åpnes
  74  disken svikter: stoppet straks, ingenting er bekreftet som ikke er lagret
  78  konfigurasjonen har feil, tjenesten er ikke startet

Hjelp til et verb: sluse <verb> --help     In English: sluse --lang en --help)";
constexpr const char* footer_en = R"(Exit codes
   0  it went well
   1  it was tried and failed; for check: the configuration has mistakes
   2  the arguments are wrong
   3  no running Sluse answered
   4  there is no such message, key or file
   5  the key or the user may not do that
   6  it was asked for, and waits for a second person
  69  the service, an address or a component cannot be reached or used
  73  the data folder is in use, or cannot be made or opened
  74  the disk failed: stopped at once, nothing was acknowledged that is not stored
  78  the configuration has mistakes, the service was not started

Help for a verb: sluse <verb> --help     På norsk: sluse --lang nb --help)";

/// The first word that is no option, where a verb stands; empty when there is none.
std::string verb_of(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--lang") {
            ++i;
        } else if (!argument.starts_with('-')) {
            return std::string(argument);
        }
    }
    return {};
}

/// When the verb is not one of ours.
bool complain_of_verb(const CLI::App& app, const std::string& verb, const Context& context) {
    std::vector<std::string> known;
    for (const CLI::App* one : app.get_subcommands({})) {
        known.push_back(one->get_name());
    }
    if (verb.empty() || std::find(known.begin(), known.end(), verb) != known.end()) {
        return false;
    }
    const auto meant = nearest(verb, known);
    complain(context.say("ukjent verb: ", "unknown verb: ") + verb +
             (meant.empty() ? "" : context.say("; mente du ", "; did you mean ") + meant + "?"));
    return true;
}

/// Headings of the help, of this verb and all below it.
void label(CLI::App& app, const Context& context) {
    app.set_help_flag("-h,--help", context.say("Viser denne hjelpen", "Shows this help"));
    if (context.language != texts::Language::en) {
        for (CLI::Option* option : app.get_options()) {
            option->group("Valg");
        }
    }
    for (CLI::App* verb : app.get_subcommands({})) {
        if (context.language != texts::Language::en) {
            verb->group("Verb");
        }
        label(*verb, context);
    }
}

std::shared_ptr<CLI::Formatter> make_formatter(const Context& context) {
    auto formatter = std::make_shared<CLI::Formatter>();
    formatter->column_width(34);
    if (context.language != texts::Language::en) {
        formatter->label("Usage", "Bruk");
        formatter->label("OPTIONS", "VALG");
        formatter->label("SUBCOMMAND", "VERB");
        formatter->label("SUBCOMMANDS", "VERB");
        formatter->label("REQUIRED", "PÅKREVD");
        formatter->label("TEXT", "TEKST");
    }
    return formatter;
}

}   // namespace

int run_command(int argc, char** argv) {
    Context context;
    context.language = language_of(argc, argv);
    CLI::App app(context.say(description_nb, description_en), "sluse");
    app.formatter(make_formatter(context));   // inherited by the verbs
    app.footer(context.say(footer_nb, footer_en));
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "sluse " SLUSE_VERSION,
                         context.say("Viser utgaven", "Shows the version"));
    std::string language;
    app.add_option("--lang", language,
                   context.say("Språk: nb, nn (meldinger fra tjenesten på nynorsk) eller en",
                               "Language: nb, nn (what the service says in Nynorsk) or en"))
        ->check(CLI::IsMember({"nb", "nn", "en"}));
    add_serve(app, context);
    add_sandbox(app, context);
    add_check(app, context);
    add_keys(app, context);
    add_client_verbs(app, context);
    add_version(app, context);
    label(app, context);
    if (complain_of_verb(app, verb_of(argc, argv), context)) {
        complain(context.say("se sluse --help", "see sluse --help"));
        return exit_usage;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);
    } catch (const CLI::ExtrasError&) {
        std::string words;
        for (const auto& word : app.remaining(true)) {
            words += (words.empty() ? "" : " ") + word;
        }
        complain(context.say("dette ble ikke forstått: ", "this was not understood: ") + words);
        complain(context.say("se sluse --help", "see sluse --help"));
        return exit_usage;
    } catch (const CLI::ParseError& error) {
        complain(usage_words(error.get_name(), error.what(), context.language));
        complain(context.say("se sluse --help", "see sluse --help"));
        return exit_usage;
    }
    return context.run ? context.run() : exit_usage;
}

}   // namespace gateway::app
