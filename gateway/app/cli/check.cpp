#include "gateway/app/cli/verbs.hpp"
#include "gateway/app/config/load.hpp"
#include "gateway/app/places.hpp"
#include "gateway/plugins/registry.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace gateway::app {
namespace {

struct CheckArguments {
    std::string folder = default_config_folder();
    bool without_files = false;
};

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

int check(const CheckArguments& arguments, const Context& context) {
    const auto adapters = plugins::Registry::load(library_folder() + "/adapters");
    if (!adapters) {
        complain(adapters.error().detail);
        return exit_unavailable;
    }
    LoadOptions options;
    options.folder = absolute_folder(arguments.folder);
    options.adapters = adapters->names();
    options.find_adapter = [&](std::string_view name) { return adapters->find(name); };
    options.look_at_files = !arguments.without_files;
    const auto files = read_config_files(options.folder);
    if (!files) {
        complain(options.folder +
                 (files.error().is(core::Errc::not_found)
                      ? context.say(": mappen finnes ikke; oppgi den med --config",
                                    ": there is no such folder; give it with --config")
                      : context.say(": kan ikke leses: ", ": cannot be read: ") +
                            files.error().to_string()));
        return exit_failed;
    }
    const LoadedConfig loaded = load_configuration(*files, options);
    if (!loaded.mistakes.empty()) {
        complain(loaded.mistakes, context.language);
        complain(std::to_string(loaded.mistakes.size()) + context.say(" feil i ", " mistakes in ") +
                 options.folder);
        return exit_failed;
    }
    const auto& config = *loaded.configuration;
    print(options.folder + context.say(": uten feil (", ": no mistakes (") +
          counted(config.tenants.size(), context.say("kommune", "tenant"),
                  context.say("kommuner", "tenants")) +
          ", " +
          counted(config.connections.size(), context.say("forbindelse", "connection"),
                  context.say("forbindelser", "connections")) +
          ")");
    return exit_ok;
}

}   // namespace

void add_check(CLI::App& app, Context& context) {
    const auto arguments = std::make_shared<CheckArguments>();
    CLI::App* verb = app.add_subcommand(
        "check", context.say("Finner alle feil i konfigurasjonen; endrer ingenting",
                             "Finds every mistake in the configuration; changes nothing"));
    verb->add_option(
        "--config", arguments->folder,
        context.say("Mappen med sluse.toml (ellers SLUSE_CONFIG, ellers /etc/sluse)",
                    "The folder with sluse.toml (else SLUSE_CONFIG, else /etc/sluse)"));
    verb->add_flag("--without-files", arguments->without_files,
                   context.say("Ser ikke etter nøkkelfiler (for en annen maskin enn denne)",
                               "Does not look at key files (for another machine than this)"));
    verb->callback([arguments, &context] {
        context.run = [arguments, &context] { return check(*arguments, context); };
    });
}

}   // namespace gateway::app
