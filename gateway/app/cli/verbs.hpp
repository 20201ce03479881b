#pragma once

// Each verb of `sluse` in a file of its own; this is the list of them.

#include "gateway/app/cli/context.hpp"

#include <string>

namespace CLI {
class App;
}

namespace gateway::app {

void add_serve(CLI::App& app, Context& context);
void add_sandbox(CLI::App& app, Context& context);
void add_check(CLI::App& app, Context& context);
void add_keys(CLI::App& app, Context& context);
void add_version(CLI::App& app, Context& context);
/// Verbs that ask a running gateway, and restore. In client/.
void add_client_verbs(CLI::App& app, Context& context);
/// create, list and revoke below `keys`. In client/.
void add_key_verbs(CLI::App& keys, Context& context);

/// The whole command line: reads the arguments, runs the verb, gives the exit code.
int run_command(int argc, char** argv);

}   // namespace gateway::app
