#include "gateway/app/cli/serve.hpp"

#include "gateway/app/admin.hpp"
#include "gateway/app/cli/verbs.hpp"
#include "gateway/app/loop.hpp"
#include "gateway/app/places.hpp"
#include "gateway/json/value.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <memory>

#include <unistd.h>

namespace gateway::app {
namespace {

struct ServeArguments {
    std::string folder = default_config_folder();
    bool ready_json = false;
};

void say_ready(const Gateway& gateway, bool as_json, const Context& context) {
    if (as_json) {
        json::Value line = json::Value::object();
        line.set("ready", true).set("public", gateway.public_url());
        line.set("admin", gateway.admin_url()).set("socket", gateway.admin_socket());
        line.set("pid", static_cast<int>(::getpid()));
        print(json::write(line));
        return;
    }
    const std::string admin = gateway.admin_url();
    print(context.say("sluse er klar: ", "sluse is ready: ") + gateway.public_url() +
          (admin.empty() ? "" : context.say(", drift på ", ", operators at ") + admin));
}

sdk::Task<void> reload(Gateway& gateway, const Context& context) {
    const ApplyAnswer answer = co_await gateway.apply("SIGHUP", "SIGHUP");
    complain(answer.mistakes, context.language);
    if (!answer.done()) {
        complain(context.say("konfigurasjonen er som før", "the configuration is as it was") +
                 (answer.refused.empty() ? "" : ": " + context.say(answer.refused)));
        co_return;
    }
    for (const Said& note : answer.notes) {
        complain(context.say(note));
    }
    print(context.say("ny konfigurasjon er i bruk: versjon ",
                      "new configuration in force: version ") +
          std::to_string(answer.version));
}

sdk::Task<int> serve_until_signal(Gateway& gateway, bool ready_json, const Context& context) {
    auto executor = gateway.executor();
    boost::asio::signal_set signals(executor, SIGTERM, SIGINT, SIGHUP);
    const auto fault = co_await gateway.start();
    if (fault) {
        co_await gateway.stop();
        co_return say_fault(*fault, context);
    }
    say_ready(gateway, ready_json, context);
    for (;;) {
        const int number = co_await signals.async_wait(boost::asio::use_awaitable);
        if (number != SIGHUP) {
            break;
        }
        co_await reload(gateway, context);
    }
    complain(
        context.say("stopper: lar det som er i gang bli ferdig (avbryt én gang til for å kutte)",
                    "stopping: what is under way may finish (interrupt once more to cut)"));
    boost::asio::signal_set second(executor, SIGTERM, SIGINT);
    second.async_wait([](const boost::system::error_code& error, int) {
        if (!error) {
            ::_exit(exit_failed);
        }
    });
    co_await gateway.stop();
    co_return exit_ok;
}

}   // namespace

int say_fault(const StartFault& fault, const Context& context) {
    complain(fault.mistakes, context.language);
    complain(context.say(fault.text));
    return fault.exit_code;
}

int serve(GatewayOptions options, bool ready_json, const Context& context) {
    std::signal(SIGPIPE, SIG_IGN);
    Loop loop(loop_threads());
    Gateway gateway(loop.executor(), std::move(options), loop.session_executors());
    if (const auto fault = gateway.open()) {
        return say_fault(*fault, context);
    }
    return loop.run(serve_until_signal(gateway, ready_json, context));
}

void add_serve(CLI::App& app, Context& context) {
    const auto arguments = std::make_shared<ServeArguments>();
    CLI::App* verb = app.add_subcommand(
        "serve",
        context.say("Kjører tjenesten til den blir bedt om å stoppe (SIGTERM); SIGHUP tar ny "
                    "konfigurasjon i bruk",
                    "Runs the service until it is asked to stop (SIGTERM); SIGHUP takes a new "
                    "configuration into use"));
    verb->add_option(
        "--config", arguments->folder,
        context.say("Mappen med sluse.toml (ellers SLUSE_CONFIG, ellers /etc/sluse)",
                    "The folder with sluse.toml (else SLUSE_CONFIG, else /etc/sluse)"));
    verb->add_flag("--ready-json", arguments->ready_json,
                   context.say("Skriver én linje JSON med adressene når den er klar",
                               "Writes one line of JSON with the addresses when it is ready"));
    verb->callback([arguments, &context] {
        context.run = [arguments, &context] {
            GatewayOptions options;
            options.config_folder = absolute_folder(arguments->folder);
            options.library_folder = library_folder();
            options.make_admin = make_admin_api;
            return serve(std::move(options), arguments->ready_json, context);
        };
    });
}

}   // namespace gateway::app
