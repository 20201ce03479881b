#include "gateway/app/cli/verbs.hpp"
#include "gateway/app/tenant_keys.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/ids.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace gateway::app {
namespace {

int create_key_file(const std::string& path, const Context& context) {
    const auto clock = runtime::make_system_clock();
    const auto ids = runtime::make_system_ids(*clock);
    const auto created = create_tenant_key(path, *ids);
    if (!created && created.error().is(core::Errc::conflict)) {
        complain(path + context.say(" finnes fra før; en nøkkel skrives aldri over",
                                    " is there already; a key is never overwritten"));
        return exit_failed;
    }
    if (!created) {
        complain(path + ": " + created.error().detail);
        return exit_failed;
    }
    print(path);
    print(context.say(
        "Uten denne filen kan ingenting som er lagret for kommunen leses igjen. Ta vare "
        "på en kopi et annet sted.",
        "Without this file nothing stored for the tenant can be read again. Keep a copy "
        "elsewhere."));
    print(context.say("I kommunens fil: [tenant] sealing_key = \"file:",
                      "In the tenant's file: [tenant] sealing_key = \"file:") +
          absolute_folder(path) + "\"");
    return exit_ok;
}

}   // namespace

void add_keys(CLI::App& app, Context& context) {
    CLI::App* keys = app.add_subcommand(
        "keys", context.say("Forseglingsnøkler og API-nøkler", "Sealing keys and API keys"));
    keys->require_subcommand(1);
    add_key_verbs(*keys, context);
    CLI::App* create = keys->add_subcommand(
        "create-tenant-key", context.say("Lager en forseglingsnøkkel til en kommune, i en ny fil",
                                         "Makes a sealing key for a tenant, in a new file"));
    const auto path = std::make_shared<std::string>();
    create->add_option("--out", *path, context.say("Den nye filen", "The new file"))->required();
    create->callback([path, &context] {
        context.run = [path, &context] { return create_key_file(*path, context); };
    });
}

}   // namespace gateway::app
