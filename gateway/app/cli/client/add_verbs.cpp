#include "gateway/app/cli/client/verb.hpp"
#include "gateway/app/cli/verbs.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <memory>
#include <utility>

// The client verbs as CLI11 reads them. Each has an example in its help.

namespace gateway::app {
namespace {

using namespace client;

constexpr const char* verify_examples =
    "sluse verify\n  sluse verify --log\n  sluse verify --offline --path /var/lib/sluse\n  sluse "
    "verify --log --offline --data /var/lib/sluse --tenant 310001007 \\\n    --checkpoints "
    "/srv/checkpoints/310001007.checkpoints --public-key <...>\n  sluse verify --evidence "
    "sluse-0197f3a2.zip --key <...>";

void add_message_act(CLI::App& app, Context& context, const char* name, Words about) {
    const auto options = std::make_shared<MessageOptions>();
    options->act = name;
    const std::string example =
        std::string("sluse ") + name + " 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --why ";
    const auto nb = example + "\"ruten er rettet\"";
    const auto en = example + "\"the route is mended\"";
    Verb verb(app, context, name, about, {nb.c_str(), en.c_str()});
    verb.option("id", options->id, {"Meldings-id", "Message id"})->required();
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_act);
}

void add_send(CLI::App& app, Context& context) {
    const auto options = std::make_shared<SendOptions>();
    if (const char* url = std::getenv("SLUSE_URL")) {
        options->place.url = url;
    }
    options->place.key_variable = "SLUSE_KEY";
    Verb verb(app, context, "send",
              {"Sender et brev, som et fagsystem gjør det",
               "Sends a letter, as a specialist system does"},
              {"sluse send --to 310002003 --title \"Varsel om tilsyn\" --file varsel.pdf --follow",
               "sluse send --to 310002003 --title \"Notice\" --file notice.pdf --follow"});
    verb.option("--to", options->to,
                {"Organisasjonsnummer eller fødselsnummer", "Organisation or person number"})
        ->required();
    verb.option("--title", options->title, {"Tittelen", "The title"})->required();
    verb.option("--body", options->body, {"Teksten (CommonMark)", "The text (CommonMark)"});
    verb.option(
        "--file", options->files,
        {"En fil, av enhver størrelse; kan gjentas", "A file of any size; may be repeated"});
    verb.option("--reference", options->reference, {"Din egen referanse", "Your own reference"});
    verb.option("--kind", options->kind,
                {"Slag brev, for eksempel decision", "Kind, such as decision"});
    verb.option("--idempotency-key", options->idempotency_key,
                {"Samme nøkkel og innhold gir aldri to brev",
                 "The same key and content never make two letters"});
    verb.flag("--dry-run", options->dry_run,
              {"Sier hva som er galt; sender ingenting", "Says what is wrong; sends nothing"});
    verb.flag("--follow", options->follow,
              {"Følger brevet til det er framme", "Follows it to its end"});
    verb.json(options->json);
    verb.option("--url", options->place.url,
                {"Adressen til [listen.public]; ellers SLUSE_URL",
                 "The address of [listen.public]; else SLUSE_URL"});
    verb.option("--key-file", options->place.key_file,
                {"Fil med fagsystemets nøkkel; ellers SLUSE_KEY",
                 "File with the system's key; else SLUSE_KEY"});
    verb.option("--ca-file", options->place.ca_file,
                {"Røtter å stole på for https, i PEM", "Roots to trust for https, in PEM"});
    Context* words = &context;
    verb.app().callback([options, words] {
        if (options->place.url.empty()) {
            throw CLI::RequiredError(words->say("--url (eller SLUSE_URL)", "--url (or SLUSE_URL)"));
        }
        words->run = [options, words] {
            options->place.language = words->language;
            return client::run_send(make_desk(words->language), *options);
        };
    });
}

void add_trace_and_search(CLI::App& app, Context& context) {
    {
        const auto options = std::make_shared<MessageOptions>();
        Verb verb(app, context, "trace",
                  {"Viser tidslinjen til en melding", "Shows a message's timeline"},
                  {"sluse trace 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --follow",
                   "sluse trace 0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21 --follow"});
        verb.option("id", options->id, {"Meldings-id", "Message id"})->required();
        verb.flag("-f,--follow", options->follow,
                  {"Følger med til meldingen er framme (avbryt med Ctrl-C)",
                   "Follows until the message has ended (Ctrl-C to stop)"});
        verb.json(options->json);
        verb.place(options->place);
        verb.runs(options, run_trace);
    }
    const auto options = std::make_shared<SearchOptions>();
    Verb verb(app, context, "search", {"Finner meldinger", "Finds messages"},
              {"sluse search --reference TILSYN-2026-17", "sluse search --state failed"});
    verb.option("--reference", options->reference,
                {"Fagsystemets referanse", "The system's reference"});
    verb.option("--case", options->case_id, {"Saksnummer", "Case number"});
    verb.option("--recipient", options->recipient,
                {"Organisasjonsnummer eller fødselsnummer", "Organisation or person number"});
    verb.option("--file-name", options->file_name, {"Filnavn", "File name"});
    verb.option("--journal", options->journal,
                {"Journalnummer fra arkivet: år/løpenummer",
                 "Journal number from the archive: year/sequence"});
    verb.option("--archive", options->archive, {"Arkivets egen id", "The archive's own id"});
    verb.option("--upstream", options->upstream,
                {"Id hos fellesløsningen", "Id at the national component"});
    verb.option("--state", options->state,
                {"Tilstand, for eksempel failed eller held", "State, such as failed or held"});
    verb.option("--type", options->type, {"Type, for eksempel letter", "Type, such as letter"});
    verb.option("--connection", options->connection, {"Forbindelse", "Connection"});
    verb.option("--from", options->from,
                {"Tatt imot fra, 2026-02-01T00:00:00Z", "Accepted from, 2026-02-01T00:00:00Z"});
    verb.option("--to", options->to, {"Tatt imot før", "Accepted before"});
    verb.option("--tenant", options->tenant,
                {"Kommunens organisasjonsnummer, når Sluse tjener flere",
                 "The municipality's organisation number, when Sluse serves several"});
    verb.option("--limit", options->limit, {"Høyst så mange", "At most so many"})
        ->check(CLI::Range(1, 200));
    verb.option("--cursor", options->cursor, {"Fra forrige side", "From the page before"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, client::run_search);
}

void add_health(CLI::App& app, Context& context) {
    const auto options = std::make_shared<HealthOptions>();
    Verb verb(app, context, "health",
              {"Sier om tjenesten tar imot meldinger nå, og hva som er i veien",
               "Says whether the service accepts messages now, and what is in the way"},
              {"sluse health && echo klar", "sluse health && echo ready"});
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_health);
}

void add_store_verbs(CLI::App& app, Context& context) {
    {
        const auto options = std::make_shared<StoreOptions>();
        Verb verb(app, context, "backup",
                  {"Tar sikkerhetskopi mens tjenesten kjører", "Backs up while the service runs"},
                  {"sluse backup /var/backups/sluse/2026-02-03 --why \"hver natt\"",
                   "sluse backup /var/backups/sluse/2026-02-03 --why nightly"});
        verb.option("folder", options->folder, {"En ny eller tom mappe", "A new or empty folder"})
            ->required();
        verb.why(options->why);
        verb.json(options->json);
        verb.place(options->place);
        Context* words = &context;
        verb.app().callback([options, words] {
            words->run = [options, words] {
                // The service has another working folder than the person.
                options->folder = absolute_folder(options->folder);
                options->place.language = words->language;
                return run_backup(make_desk(words->language), *options);
            };
        });
    }
    {
        const auto options = std::make_shared<OfflineOptions>();
        Verb verb(
            app, context, "restore",
            {"Henter tilbake en sikkerhetskopi i en ny mappe",
             "Restores a backup into a new folder"},
            {"sluse restore --data sluse-data.db --keys sluse-keys.db --into /var/lib/sluse-ny",
             "sluse restore --data sluse-data.db --keys sluse-keys.db --into /var/lib/sluse-new"});
        verb.option("--data", options->data,
                    {"Datafilen, hvilken som helst", "The data file, any of them"})
            ->required()
            ->check(CLI::ExistingFile);
        verb.option("--keys", options->keys, {"Den nyeste nøkkelfilen", "The newest keys file"})
            ->required()
            ->check(CLI::ExistingFile);
        verb.option("--into", options->into, {"Den nye datamappen", "The new data folder"})
            ->required();
        Context* words = &context;
        verb.app().callback([options, words] {
            words->run = [options, words] {
                options->into = absolute_folder(options->into);
                return run_restore(make_desk(words->language), *options);
            };
        });
    }
    struct Verify {
        StoreOptions online;
        std::string path;
        bool offline = false;
        bool log = false;
        LogOptions of_log;
        EvidenceOptions evidence;
    };
    const auto options = std::make_shared<Verify>();
    Verb verb(app, context, "verify",
              {"Leser alt som er lagret og ser etter feil",
               "Reads all that is stored and looks for faults"},
              {verify_examples, verify_examples});
    verb.flag(
        "--offline", options->offline,
        {"Uten tjenesten, som må være stoppet", "Without the service, which must be stopped"});
    verb.option("--path,--data", options->path,
                {"Datamappen (med --offline)", "The data folder (with --offline)"})
        ->needs("--offline");
    verb.flag("--log", options->log,
              {"Bare innsynsloggen: om den er slik den ble skrevet (0), eller ikke (1)",
               "The access log alone: whether it is as it was written (0), or not (1)"});
    verb.option("--tenant", options->of_log.tenant,
                {"Bare denne kommunens logg", "Of this municipality alone"})
        ->needs("--log");
    verb.option("--checkpoints", options->of_log.checkpoints,
                {"Filen med kommunens kontrollpunkter, eller mappen (med --offline)",
                 "The file of the municipality's checkpoints, or the folder (with --offline)"})
        ->needs("--log", "--offline");
    verb.option("--public-key", options->of_log.public_key,
                {"Nøkkelen som kontrollpunktene prøves med; ellers av --config",
                 "The key that the checkpoints verify with; else by --config"})
        ->needs("--checkpoints");
    auto* evidence =
        verb.option("--evidence", options->evidence.package,
                    {"Bare denne bevispakken: om den er hel (0), eller ikke (1); spør ingen",
                     "This evidence package alone: whether it is sound (0), or not (1); asks "
                     "nobody"});
    evidence->excludes("--log")->excludes("--offline");
    verb.option("--key", options->evidence.key,
                {"Kommunens offentlige nøkkel, eller filen den ligger i (med --evidence)",
                 "The municipality's public key, or the file it lies in (with --evidence)"})
        ->needs("--evidence");
    verb.flag("--without-documents", options->online.without_documents,
              {"Leser ikke filene", "Does not read the files"});
    verb.json(options->online.json);
    verb.place(options->online.place);
    Context* words = &context;
    verb.app().callback([options, words] {
        words->run = [options, words]() -> int {
            const Desk desk = make_desk(words->language);
            options->online.place.language = words->language;
            if (!options->evidence.package.empty()) {
                options->evidence.json = options->online.json;
                return run_verify_evidence(desk, options->evidence);
            }
            auto& of_log = options->of_log;
            of_log.place = options->online.place;
            of_log.json = options->online.json;
            if (!options->offline) {
                return options->log ? run_verify_log(desk, of_log)
                                    : client::run_verify(desk, options->online);
            }
            OfflineOptions offline;
            offline.config_folder = absolute_folder(options->online.place.config_folder);
            offline.data = options->path;
            if (offline.data.empty()) {
                const auto socket = find_socket(offline.config_folder);
                if (!socket) {
                    complain(words->say("finner ikke datamappen: bruk --path eller --config",
                                        "cannot find the data folder: use --path or --config"));
                    return exit_usage;
                }
                offline.data = socket->substr(0, socket->rfind('/'));
            }
            offline.data = absolute_folder(offline.data);
            if (options->log) {
                of_log.place.config_folder = offline.config_folder;
                of_log.data = offline.data;
                return run_verify_log_offline(desk, of_log);
            }
            return run_verify_offline(desk, offline);
        };
    });
}

void add_config(CLI::App& app, Context& context) {
    CLI::App* config = app.add_subcommand(
        "config",
        context.say("Tar en endret konfigurasjon i bruk, angrer, viser utgavene",
                    "Takes a changed configuration into use, undoes, shows the versions"));
    config->require_subcommand(1);
    const auto add = [&](const char* name, Words about, Words example, bool act,
                         int (*run)(const Desk&, const ConfigOptions&)) {
        const auto options = std::make_shared<ConfigOptions>();
        Verb verb(*config, context, name, about, example);
        if (act) {
            verb.why(options->why);
        }
        verb.json(options->json);
        verb.place(options->place);
        verb.runs(options, run);
    };
    add("apply",
        {"Tar filene i bruk uten omstart, hele eller ikke i det hele tatt",
         "Takes the files into use without a restart, whole or not at all"},
        {"sluse config apply --why \"ny rute for vedtak\"",
         "sluse config apply --why \"new route\""},
        true, run_config_apply);
    add("undo", {"Tilbake til utgaven før", "Back to the version before"},
        {"sluse config undo --why \"feil ressurs\"", "sluse config undo --why \"wrong resource\""},
        true, run_config_undo);
    add("history", {"Hvem endret hva, og hvorfor", "Who changed what, and why"},
        {"sluse config history", "sluse config history"}, false, run_config_history);
}

}   // namespace

void add_client_verbs(CLI::App& app, Context& context) {
    add_send(app, context);
    add_trace_and_search(app, context);
    add_alarms(app, context);
    add_retention(app, context);
    add_failures(app, context);
    add_approvals(app, context);
    add_retry(app, context);
    add_message_act(app, context, "hold", {"Holder en melding igjen", "Holds a message"});
    add_message_act(app, context, "release",
                    {"Slipper en melding som holdes igjen", "Releases a held message"});
    add_message_act(app, context, "cancel", {"Trekker en melding tilbake", "Withdraws a message"});
    add_health(app, context);
    add_doctor(app, context);
    add_inbox(app, context);
    add_quarantine(app, context);
    add_altinn(app, context);
    add_load(app, context);
    add_webhooks(app, context);
    add_accounts(app, context);
    add_persons(app, context);
    add_store_verbs(app, context);
    add_config(app, context);
}

void add_key_verbs(CLI::App& keys, Context& context) {
    {
        const auto options = std::make_shared<KeyOptions>();
        Verb verb(keys, context, "create",
                  {"Lager en nøkkel; den vises én gang", "Makes a key; it is shown once"},
                  {"sluse keys create --system byggesak --why \"nytt fagsystem\" > byggesak.key",
                   "sluse keys create --system byggesak --why \"new system\" > byggesak.key"});
        verb.option("--system", options->system,
                    {"Fagsystemet, fra [system.<navn>]", "The system, from [system.<name>]"});
        verb.option("--tenant", options->tenant,
                    {"Kommunens organisasjonsnummer", "The municipality's organisation number"});
        verb.flag("--admin", options->admin,
                  {"En nøkkel for drift, i stedet for et fagsystem",
                   "A key for operators instead of a system"});
        verb.option("--note", options->note, {"Et merke i listen", "A label in the list"});
        verb.why(options->why);
        verb.json(options->json);
        verb.place(options->place);
        Context* words = &context;
        verb.app().callback([options, words] {
            if (options->admin != options->system.empty()) {
                throw CLI::RequiredError(
                    words->say("enten --system eller --admin", "either --system or --admin"));
            }
            options->kind = options->admin ? "admin" : "system";
            words->run = [options, words] {
                options->place.language = words->language;
                return run_keys_create(make_desk(words->language), *options);
            };
        });
    }
    {
        const auto options = std::make_shared<KeyOptions>();
        Verb verb(keys, context, "list",
                  {"Viser nøklene, uten hemmeligheten", "Shows the keys, without the secret"},
                  {"sluse keys list", "sluse keys list"});
        verb.option("--tenant", options->tenant,
                    {"Bare denne kommunens", "Only this municipality's"});
        verb.json(options->json);
        verb.place(options->place);
        verb.runs(options, run_keys_list);
    }
    const auto options = std::make_shared<KeyOptions>();
    Verb verb(keys, context, "revoke",
              {"Trekker en nøkkel tilbake, med en gang", "Revokes a key, at once"},
              {"sluse keys revoke 3f9a2k1b7c0d --why \"mistet\"",
               "sluse keys revoke 3f9a2k1b7c0d --why lost"});
    verb.option("id", options->id, {"Nøkkelens id", "The key's id"})->required();
    verb.why(options->why);
    verb.json(options->json);
    verb.place(options->place);
    verb.runs(options, run_keys_revoke);
}

}   // namespace gateway::app
