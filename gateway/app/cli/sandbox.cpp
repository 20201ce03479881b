#include "gateway/app/admin.hpp"
#include "gateway/app/cli/serve.hpp"
#include "gateway/app/cli/verbs.hpp"
#include "gateway/app/loop.hpp"
#include "gateway/app/places.hpp"
#include "gateway/app/sandbox/api_key.hpp"
#include "gateway/app/sandbox/demo.hpp"
#include "gateway/app/sandbox/world.hpp"
#include "gateway/json/value.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <filesystem>
#include <memory>

namespace gateway::app {
namespace {

// The component has answered, and what it said is not written down yet.
constexpr const char* demo_crash_point = "dispatch.after_attempt";
constexpr std::chrono::milliseconds gateway_patience{30'000};

struct SandboxArguments {
    std::string data;
    bool demo = false;
    bool kill = false;
    bool keep = false;
};

GatewayOptions options_of(const SandboxWorld& world) {
    GatewayOptions options;
    options.config_folder = world.config_folder();
    options.library_folder = library_folder();
    options.command = "sluse sandbox";
    options.make_admin = make_admin_api;
    options.log_least = sdk::Severity::warning;
    return options;
}

DemoPlaces places_of(const SandboxWorld& world, sdk::Ids& ids, const std::string& url,
                     const std::string& key, const Context& context) {
    DemoPlaces places;
    places.url = url;
    places.key = key;
    places.altinn_control = world.altinn().control;
    places.digital_post_control = world.digital_post().control;
    places.forms_control = world.forms().control;
    places.fiks_control = world.has_broker() ? world.fiks().control : std::string();
    places.persons_control = world.persons().control;
    places.recipient = SandboxWorld::recipient;
    places.digital_person = SandboxWorld::digital_person;
    places.paper_person = SandboxWorld::paper_person;
    places.reference = "DEMO-" + ids.uuid().to_string();
    places.language = context.language;
    return places;
}

int say_failure(const core::Failure& failure, const std::string& more = {}) {
    complain(failure.detail.empty() ? failure.to_string() : failure.detail);
    if (!more.empty()) {
        complain(more);
    }
    return exit_failed;
}

std::string logs_hint(const SandboxWorld& world, const Context& context) {
    return context.say("logger: ", "logs: ") + world.folder() + "/logs";
}

/// How to get what is missing.
std::string no_broker(texts::Language language) {
    return language == texts::Language::en
               ? "Without RabbitMQ nothing goes over KS Fiks here: apt-get install rabbitmq-server "
                 "(it need not run as a service), then start the sandbox again."
               : "Uten RabbitMQ går ingenting over KS Fiks her: apt-get install rabbitmq-server "
                 "(den trenger ikke gå som tjeneste), og start sandkassa igjen.";
}

/// For people who have never seen it: where things are and the first call, ready to paste.
void print_welcome(const Gateway& gateway, const SandboxWorld& world, const std::string& key) {
    const std::string url = gateway.public_url();
    print("");
    print("Sluse kjører i sandkassa. Ingenting forlater denne maskinen.");
    print("(Sluse runs in the sandbox. Nothing leaves this machine.)");
    print("");
    print("  API                " + url + "/v1");
    print("  Dokumentasjon/docs " + url + "/docs");
    if (!gateway.admin_url().empty()) {
        print("  Drift/admin        " + gateway.admin_url());
        print("  Konsoll/console    " + gateway.admin_url() +
              "/console/   (konto/account: build/release/bin/sluse accounts add kari --role "
              "archivist@* --why test --config " +
              world.config_folder() + ")");
    }
    print("  Altinn-etterligner " + world.altinn().control +
          "/control/state   (hva Altinn har fått / what Altinn has received)");
    print("  Digital post       " + world.digital_post().control +
          "/control/state   (postkasser og trykkeri / mailboxes and printer)");
    print("  Kontaktregister    " + world.krr().control +
          "/control/people   (personer å skrive til / persons to write to)");
    print("  Folkeregisteret    " + world.persons().control +
          "/control/people   (personer å slå opp / persons to look up)");
    print("  Enhetsregisteret   " + world.organisations().control +
          "/control/state   (virksomheter å slå opp / organisations to look up)");
    print("  KS Fiks            " + world.fiks().control +
          "/control/state   (arkivet og naboen / the archive and the neighbour)");
    print("  KS SvarUt          " + world.svarut().control +
          "/control/state   (forsendelser ut og inn / shipments out and in)");
    print("  Mappe/folder       " + world.folder());
    if (!world.has_broker()) {
        print("");
        print(no_broker(texts::Language::nb));
        print("(" + no_broker(texts::Language::en) + ")");
    }
    print("");
    print("Lim inn i et annet vindu (paste into another window):");
    print("");
    print("export SLUSE_URL=" + url);
    print("export SLUSE_KEY=" + key);
    print(std::string(
              "curl -sS \"$SLUSE_URL/v1/messages\" -H \"Authorization: Bearer $SLUSE_KEY\" \\\n"
              "  -H 'Content-Type: application/json' \\\n"
              "  -d '{\"type\":\"letter\",\"version\":1,\"recipient\":{\"organisation\":\"") +
          SandboxWorld::recipient + "\"},\"title\":\"Hei\",\"body\":\"Mitt første brev\"}'");
    print("");
    print("Følg brevet (follow it):");
    print("");
    print(
        "curl -sS \"$SLUSE_URL/v1/messages/<id>/events\" -H \"Authorization: Bearer $SLUSE_KEY\"");
    print("");
    print("Et skjema fra en innbygger, og innboksen det kommer i (a form, and the inbox it comes "
          "to):");
    print("");
    print("curl -sS " + world.forms().control + "/control/forms -d '{}'");
    print("curl -sS \"$SLUSE_URL/v1/inbox?wait=30\" -H \"Authorization: Bearer $SLUSE_KEY\"");
    print("");
    print(
        "Et oppslag i Folkeregisteret, og hvem som har sett personen (a look-up, and who has seen "
        "the person):");
    print("");
    print(std::string("curl -sS \"$SLUSE_URL/v1/persons/lookup\" -H \"Authorization: Bearer "
                      "$SLUSE_KEY\" \\\n  -H 'Purpose: opptak' -H 'Content-Type: "
                      "application/json' \\\n  -d '{\"person\":\"") +
          SandboxWorld::digital_person + "\",\"dataset\":\"person\"}'");
    print("curl -sS \"$SLUSE_URL/v1/persons/<handle>/access-log\" -H \"Authorization: Bearer "
          "$SLUSE_KEY\"");
    print("");
    print("Avslutt med Ctrl-C (end with Ctrl-C).");
}

sdk::Task<int> send_only(sdk::Clock& clock, DemoPlaces places, DemoLetter kind,
                         SentLetter& letter) {
    const auto sent = co_await send_demo_letter(clock, std::move(places), kind);
    if (!sent) {
        co_return say_failure(sent.error());
    }
    letter = *sent;
    co_return exit_ok;
}

sdk::Task<int> follow_and_find(sdk::Clock& clock, DemoPlaces places, SentLetter letter,
                               std::string hint) {
    const auto followed = co_await follow_letter(clock, places, letter);
    if (!followed) {
        co_return say_failure(followed.error(), hint);
    }
    const auto found = co_await find_letter(clock, places, letter);
    if (!found) {
        co_return say_failure(found.error(), hint);
    }
    co_return exit_ok;
}

sdk::Task<int> run_demo(sdk::Clock& clock, DemoPlaces places, std::string hint) {
    for (const auto kind : {DemoLetter::altinn, DemoLetter::digital, DemoLetter::paper}) {
        SentLetter letter;
        int code = co_await send_only(clock, places, kind, letter);
        if (code == exit_ok) {
            code = co_await follow_and_find(clock, places, letter, hint);
        }
        if (code != exit_ok) {
            co_return code;
        }
    }
    const auto received = co_await receive_demo_form(clock, places);
    if (!received) {
        co_return say_failure(received.error(), hint);
    }
    const auto looked_up = co_await look_up_demo_person(clock, places);
    if (!looked_up) {
        co_return say_failure(looked_up.error(), hint);
    }
    const auto moved = co_await move_demo_person(clock, places);
    if (!moved) {
        co_return say_failure(moved.error(), hint);
    }
    if (places.fiks_control.empty()) {
        print("");
        print(no_broker(places.language));
        co_return exit_ok;
    }
    const auto archived = co_await archive_demo_letter(clock, std::move(places));
    if (!archived) {
        co_return say_failure(archived.error(), hint);
    }
    co_return exit_ok;
}

sdk::Task<int> run_in_process(Gateway& gateway, SandboxWorld& world, bool demo,
                              const Context& context) {
    const auto fault = co_await gateway.start();
    if (fault) {
        co_await gateway.stop();
        co_return say_fault(*fault, context);
    }
    const auto key =
        co_await sandbox_api_key(gateway, world.key_file(), core::TenantId(SandboxWorld::tenant),
                                 core::SystemId(SandboxWorld::system));
    int code = exit_ok;
    if (!key) {
        code = say_failure(key.error());
    } else if (demo) {
        DemoPlaces places = places_of(world, gateway.ids(), gateway.public_url(), *key, context);
        code = co_await run_demo(gateway.clock(), std::move(places), logs_hint(world, context));
    } else {
        // Only now: before, and in the demo, Ctrl-C ends everything at once, children included.
        boost::asio::signal_set signals(gateway.executor(), SIGTERM, SIGINT);
        print_welcome(gateway, world, *key);
        const int number = co_await signals.async_wait(boost::asio::use_awaitable);
        static_cast<void>(number);
        print("");
        print(context.say("stopper", "stopping"));
    }
    co_await gateway.stop();
    co_return code;
}

/// Only makes the key: the service itself runs as a child.
sdk::Task<int> make_key_and_close(Gateway& gateway, SandboxWorld& world, std::string& key) {
    const auto made =
        co_await sandbox_api_key(gateway, world.key_file(), core::TenantId(SandboxWorld::tenant),
                                 core::SystemId(SandboxWorld::system));
    co_await gateway.stop();
    if (!made) {
        co_return say_failure(made.error());
    }
    key = *made;
    co_return exit_ok;
}

struct Served {
    std::unique_ptr<runtime::ChildProcess> process;
    std::string url;
};

core::Result<Served> start_serving(const SandboxWorld& world, const std::string& crash_point) {
    runtime::ChildOptions options;
    options.program = program_path();
    options.arguments = {"serve", "--config", world.config_folder(), "--ready-json"};
    options.environment["SLUSE_CRASH_POINT"] = crash_point;
    options.log_file = world.log_file("serve");
    auto process = runtime::ChildProcess::start(options);
    if (!process) {
        return process.error();
    }
    const auto line = (*process)->first_line(gateway_patience);
    if (!line) {
        return core::Failure(line.error().code,
                             "sluse serve: " + line.error().detail + " (" + options.log_file + ")");
    }
    const auto facts = json::parse_or_failure(*line);
    if (!facts) {
        return facts.error();
    }
    Served served;
    served.process = std::move(*process);
    served.url = (*facts)["public"].as_string();
    return served;
}

/// The gateway dies in the middle of handing the letter over, and is started again.
int run_killed(SandboxWorld& world, const Context& context) {
    std::string key;
    {
        Loop loop(loop_threads());
        Gateway gateway(loop.executor(), options_of(world), loop.session_executors());
        if (const auto fault = gateway.open()) {
            return say_fault(*fault, context);
        }
        if (const int code = loop.run(make_key_and_close(gateway, world, key)); code != exit_ok) {
            return code;
        }
    }
    auto first = start_serving(world, demo_crash_point);
    if (!first) {
        return say_failure(first.error());
    }
    Loop loop(1);
    const auto clock = runtime::make_system_clock();
    const auto ids = runtime::make_system_ids(*clock);
    DemoPlaces places = places_of(world, *ids, first->url, key, context);
    SentLetter letter;
    if (const int code = loop.run(send_only(*clock, places, DemoLetter::altinn, letter));
        code != exit_ok) {
        return code;
    }
    if (!first->process->wait(gateway_patience)) {
        complain(
            context.say("tjenesten døde ikke på stedet den skulle", "it did not die as it should"));
        return exit_failed;
    }
    print("");
    print(context.say("Tjenesten ble drept midt i overleveringen til Altinn. Den startes igjen.",
                      "The service was killed while it handed the letter to Altinn. It is started "
                      "again."));
    const auto second = start_serving(world, "");
    if (!second) {
        return say_failure(second.error());
    }
    places.url = second->url;
    return loop.run(follow_and_find(*clock, places, letter, logs_hint(world, context)));
}

int sandbox(const SandboxArguments& arguments, const Context& context) {
    std::signal(SIGPIPE, SIG_IGN);
    const bool demo = arguments.demo || arguments.kill;
    std::string folder = arguments.data;
    bool temporary = false;
    if (folder.empty() && !demo) {
        folder = default_sandbox_folder();
    }
    if (folder.empty()) {
        folder = temporary_sandbox_folder();
        temporary = true;
    }
    if (folder.empty()) {
        complain(context.say("finner ingen mappe å være i; bruk --data",
                             "no folder to be in; use --data"));
        return exit_cannot_open;
    }
    auto world =
        SandboxWorld::open(absolute_folder(folder), library_folder(), temporary && !arguments.keep);
    if (!world && world.error().is(core::Errc::conflict)) {
        complain(folder + context.say(" er i bruk av ", " is in use by ") + world.error().detail);
        return exit_cannot_open;
    }
    if (!world) {
        complain(world.error().detail);
        return exit_unavailable;
    }
    if (temporary && arguments.keep) {
        print(context.say("mappe: ", "folder: ") + folder);
    }
    int code = exit_ok;
    if (arguments.kill) {
        code = run_killed(**world, context);
    } else {
        Loop loop(loop_threads());
        Gateway gateway(loop.executor(), options_of(**world), loop.session_executors());
        if (const auto fault = gateway.open()) {
            return say_fault(*fault, context);
        }
        code = loop.run(run_in_process(gateway, **world, demo, context));
    }
    if (demo && code == exit_ok) {
        print(context.say("Alt gikk bra.", "All went well."));
    }
    return code;
}

}   // namespace

void add_sandbox(CLI::App& app, Context& context) {
    const auto arguments = std::make_shared<SandboxArguments>();
    CLI::App* verb = app.add_subcommand(
        "sandbox",
        context.say("Kjører alt på denne maskinen mot etterligninger av fellesløsningene; "
                    "ingen avtaler eller nøkler trengs",
                    "Runs everything on this machine against imitations of the national "
                    "components; no agreements or keys needed"));
    verb->add_flag("--demo", arguments->demo,
                   context.say("Sender tre ekte brev, tar imot et skjema, slår opp en person "
                               "som så flytter, viser hvordan det går, og avslutter",
                               "Sends three real letters, receives a form, looks a person up "
                               "who then moves, shows how it goes, and ends"));
    verb->add_flag(
        "--kill", arguments->kill,
        context.say("Som --demo, men tjenesten drepes midt i og startes igjen",
                    "As --demo, but the service is killed in the middle and started again"));
    verb->add_option(
        "--data", arguments->data,
        context.say("Mappe som beholdes (ellers ~/.local/share/sluse/sandbox; med --demo "
                    "en midlertidig)",
                    "A folder that is kept (else ~/.local/share/sluse/sandbox; with --demo a "
                    "temporary one)"));
    verb->add_flag("--keep", arguments->keep,
                   context.say("Beholder den midlertidige mappen", "Keeps the temporary folder"));
    verb->callback([arguments, &context] {
        context.run = [arguments, &context] { return sandbox(*arguments, context); };
    });
}

}   // namespace gateway::app
