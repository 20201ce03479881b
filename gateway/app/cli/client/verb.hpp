#pragma once

// One client verb as CLI11 reads it: its options with their words, and what runs once they are
// read.

#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/cli/context.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace gateway::app::client {

/// An option's words in both languages.
struct Words {
    const char* nb;
    const char* en;
};

/// Adds options to one verb, described in the person's language.
class Verb {
public:
    Verb(CLI::App& app, Context& context, const char* name, Words about, Words example)
        : context_(context), verb_(app.add_subcommand(name, say(about))) {
        verb_->footer(context.say("Eksempel:\n  ", "Example:\n  ") + say(example));
        verb_->set_help_flag("-h,--help", say({"Viser denne hjelpen", "Shows this help"}));
    }

    template <class T>
    CLI::Option* option(const char* names, T& value, Words about) {
        return verb_->add_option(names, value, say(about));
    }
    void flag(const char* names, bool& value, Words about) {
        verb_->add_flag(names, value, say(about));
    }
    void why(std::string& value) {
        option("--why", value,
               {"Hvorfor; blir stående på tidslinjen eller i loggen",
                "Why; stays on the timeline or in the log"})
            ->required();
    }
    void json(bool& value) {
        flag("--json", value, {"Skriver svaret som JSON", "Prints the answer as JSON"});
    }

    /// How the operators' API is found.
    void place(GatePlace& place) {
        place.config_folder = default_config_folder();
        option("--config", place.config_folder,
               {"Mappen med sluse.toml; den sier hvor socketen ligger",
                "The folder with sluse.toml; it says where the socket is"});
        option("--socket", place.socket, {"Socketen admin.sock", "The socket admin.sock"});
        option("--url", place.url,
               {"Adressen til [listen.admin], i stedet for socketen; krever admin-nøkkel",
                "The address of [listen.admin] instead of the socket; needs an admin key"});
        option("--key-file", place.key_file,
               {"Fil med admin-nøkkel; ellers SLUSE_ADMIN_KEY",
                "File with an admin key; else SLUSE_ADMIN_KEY"});
        option("--ca-file", place.ca_file,
               {"Røtter å stole på for https, i PEM", "Roots to trust for https, in PEM"});
    }

    template <class Options>
    void runs(std::shared_ptr<Options> options, int (*run)(const Desk&, const Options&)) {
        Context* context = &context_;
        verb_->callback([options, run, context] {
            context->run = [options, run, context] {
                if constexpr (requires { options->place; }) {
                    options->place.language = context->language;
                }
                const Desk desk = make_desk(context->language);
                return run(desk, *options);
            };
        });
    }

    std::string say(Words words) const { return context_.say(words.nb, words.en); }
    CLI::App& app() { return *verb_; }

private:
    Context& context_;
    CLI::App* verb_;
};

void add_alarms(CLI::App& app, Context& context);
void add_approvals(CLI::App& app, Context& context);
/// failures, retries.
void add_failures(CLI::App& app, Context& context);
void add_retry(CLI::App& app, Context& context);
/// quarantine list, show, resolve.
void add_quarantine(CLI::App& app, Context& context);
void add_inbox(CLI::App& app, Context& context);
/// altinn request-system-user, system-user.
void add_altinn(CLI::App& app, Context& context);
void add_doctor(CLI::App& app, Context& context);
void add_load(CLI::App& app, Context& context);
/// webhooks list, show, enable, disable, test, replay, rotate.
void add_webhooks(CLI::App& app, Context& context);
/// accounts add, list, renew, remove.
void add_accounts(CLI::App& app, Context& context);
/// retention --dry-run.
void add_retention(CLI::App& app, Context& context);
/// report person, erase person, legal-hold person, link person.
void add_persons(CLI::App& app, Context& context);

}   // namespace gateway::app::client
