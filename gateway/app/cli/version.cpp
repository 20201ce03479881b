#include "gateway/app/cli/verbs.hpp"

#include <CLI/CLI.hpp>

namespace gateway::app {

void add_version(CLI::App& app, Context& context) {
    app.add_subcommand("version", context.say("Viser utgaven", "Shows the version"))
        ->callback([&context] {
            context.run = [] {
                print("sluse " SLUSE_VERSION);
                return static_cast<int>(exit_ok);
            };
        });
}

}   // namespace gateway::app
