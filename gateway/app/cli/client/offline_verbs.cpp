#include "gateway/admin/log_view.hpp"
#include "gateway/app/cli/client/log_words.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/config/load.hpp"
#include "gateway/app/exit_codes.hpp"
#include "gateway/app/log_report.hpp"
#include "gateway/app/places.hpp"
#include "gateway/app/tenant_keys.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/documents/documents.hpp"
#include "gateway/plugins/registry.hpp"
#include "gateway/records/log_check.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/file.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/runtime/lock_file.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string_view>
#include <utility>

#include <unistd.h>

// verify --offline and restore: what touches files without a gateway.

namespace gateway::app::client {
namespace {

constexpr const char* database_name = "/sluse.db";   // as `serve` names it
constexpr const char* lock_name = "/sluse.lock";

using Faults = std::vector<std::string>;

int say_failure(const Desk& desk, const core::Failure& failure) {
    desk.err << "sluse: " << failure.to_string() << "\n";
    return failure.is(core::Errc::not_found) ? exit_not_found : exit_failed;
}

core::Result<TenantVaults> vaults_of(const std::string& config_folder) {
    const auto adapters = plugins::Registry::load(library_folder() + "/adapters");
    if (!adapters) {
        return adapters.error();
    }
    LoadOptions load;
    load.folder = config_folder;
    load.adapters = adapters->names();
    load.find_adapter = [&](std::string_view name) { return adapters->find(name); };
    load.look_at_files = false;
    const auto files = read_config_files(config_folder);
    if (!files) {
        return files.error();
    }
    const auto loaded = load_configuration(*files, load);
    if (!loaded.configuration) {
        return core::Failure(core::Errc::malformed, config_folder);
    }
    return open_vaults(*loaded.configuration);
}

sdk::Task<core::Result<Faults>> verify_and_close(ports::Documents& documents, ports::Store& store) {
    auto faults = co_await documents.verify();
    const auto closed = co_await store.close();
    if (faults && !closed) {
        co_return closed.error();
    }
    co_return faults;
}

core::Result<Faults> verify_documents(const std::string& folder, const TenantVaults& keys) {
    const auto clock = runtime::make_system_clock();
    const auto ids = runtime::make_system_ids(*clock);
    const auto writer = runtime::make_thread_executor(1, "store");
    const auto flusher = runtime::make_thread_executor(1, "flusher");
    const auto readers = runtime::make_thread_executor(2, "readers");
    store::SqliteOptions options;
    options.path = folder + database_name;
    const auto store = store::make_sqlite_store(options, *writer, *flusher, *readers, *clock);
    if (!store) {
        return store.error();
    }
    crypto::Vaults vaults;
    for (const auto& [tenant, vault] : keys) {
        vaults.put(tenant, vault);
    }
    const auto files = runtime::make_file_system(folder);
    const auto documents =
        documents::make_documents(**store, vaults, *files, *readers, *clock, *ids);
    boost::asio::io_context io;
    std::optional<core::Result<Faults>> answer;
    std::exception_ptr error;
    boost::asio::co_spawn(io, verify_and_close(*documents, **store),
                          [&](const std::exception_ptr& fault, core::Result<Faults> faults) {
                              error = fault;
                              answer.emplace(std::move(faults));
                          });
    io.run();
    if (error) {
        std::rethrow_exception(error);
    }
    return std::move(*answer);
}

/// Nobody else has the data folder open meanwhile; why not is said, and gives its exit code.
std::unique_ptr<runtime::LockFile> take_folder(const Desk& desk, const std::string& data,
                                               int& exit_code) {
    const auto there = runtime::make_file_system(data)->exists("sluse.db");
    if (!there || !*there) {
        desk.err << "sluse: " << desk.say("ingen database i ", "no database in ") << data << "\n";
        exit_code = exit_not_found;
        return nullptr;
    }
    auto lock =
        runtime::take_lock(data + lock_name, "sluse verify, pid " + std::to_string(::getpid()));
    if (!lock) {
        desk.err << "sluse: "
                 << desk.say("datamappen er i bruk eller kan ikke åpnes: ",
                             "the data folder is in use or cannot be opened: ")
                 << lock.error().detail << "\n  "
                 << desk.say("Stopp tjenesten først, eller kjør uten --offline.",
                             "Stop the service first, or run without --offline.")
                 << "\n";
        exit_code = exit_cannot_open;
        return nullptr;
    }
    return std::move(*lock);
}

/// The keys that checkpoints verify with: the one given, or those of the configuration.
std::map<core::TenantId, std::string>
verification_keys(const LogOptions& options, const std::vector<core::TenantId>& tenants) {
    std::map<core::TenantId, std::string> keys;
    if (!options.public_key.empty()) {
        const auto key = crypto::base64url_decode(options.public_key);
        if (key && tenants.size() == 1) {
            keys[tenants.front()] = *key;
        }
        return keys;
    }
    if (const auto vaults = vaults_of(options.place.config_folder)) {
        for (const auto& [tenant, vault] : *vaults) {
            keys[tenant] = vault->verification_key();
        }
    }
    return keys;
}

std::string checkpoints_of(const LogOptions& options, const core::TenantId& tenant) {
    std::error_code error;
    return std::filesystem::is_directory(options.checkpoints, error)
               ? records::checkpoint_file(options.checkpoints, tenant)
               : options.checkpoints;
}

core::Result<records::LogReport> verify_log(const LogOptions& options, const core::TenantId& tenant,
                                            const std::string& key) {
    records::CheckpointReader checkpoints(tenant, key);
    if (!options.checkpoints.empty()) {
        const auto path = checkpoints_of(options, tenant);
        std::error_code error;
        if (!std::filesystem::exists(path, error)) {
            return core::Failure(core::Errc::not_found, path);
        }
        auto read = records::read_checkpoint_file(path, tenant, key);
        if (!read) {
            return read.error();
        }
        checkpoints = std::move(*read);
    }
    records::LogVerifier verifier(tenant, checkpoints);
    const auto done =
        store::read_access_log(options.data + database_name, tenant,
                               [&verifier](const ports::LogEntry& entry) { verifier.add(entry); });
    if (!done) {
        return done.error();
    }
    return verifier.finish();
}

}   // namespace

int run_verify_offline(const Desk& desk, const OfflineOptions& options) {
    int exit_code = exit_ok;
    const auto lock = take_folder(desk, options.data, exit_code);
    if (!lock) {
        return exit_code;
    }
    auto faults = store::verify_database(options.data + database_name);
    if (!faults) {
        return say_failure(desk, faults.error());
    }
    const auto keys = vaults_of(options.config_folder);
    if (!keys) {
        desk.err << desk.say("merk: dokumentene er ikke lest, for nøklene til dem finnes ikke "
                             "uten en riktig konfigurasjon i ",
                             "note: the documents were not read, for their keys cannot be found "
                             "without a right configuration in ")
                 << options.config_folder << "\n";
    } else if (faults->empty()) {
        const auto documents = verify_documents(options.data, *keys);
        if (!documents) {
            return say_failure(desk, documents.error());
        }
        faults->insert(faults->end(), documents->begin(), documents->end());
    }
    return say_faults(desk, *faults, faults->size());
}

int run_verify_log_offline(const Desk& desk, const LogOptions& options) {
    int exit_code = exit_ok;
    const auto lock = take_folder(desk, options.data, exit_code);
    if (!lock) {
        return exit_code;
    }
    std::vector<core::TenantId> tenants;
    if (options.tenant.empty()) {
        const auto found = store::access_log_tenants(options.data + database_name);
        if (!found) {
            return say_failure(desk, found.error());
        }
        tenants = *found;
    } else {
        tenants.emplace_back(options.tenant);
    }
    const auto keys = verification_keys(options, tenants);
    std::vector<std::pair<core::TenantId, admin::LogView>> logs;
    for (const auto& tenant : tenants) {
        const auto key = keys.find(tenant);
        if (!options.checkpoints.empty() && key == keys.end()) {
            desk.err << "sluse: " << desk.say("underskriftene til ", "the signatures of ")
                     << tenant.value
                     << desk.say(
                            " kan ikke prøves: gi --tenant og --public-key (sluse verify --log "
                            "viser den), eller --config med forseglingsnøkkelen",
                            " cannot be tried: give --tenant and --public-key (sluse verify "
                            "--log shows it), or --config with the sealing key")
                     << "\n";
            return exit_usage;
        }
        const std::string verified_with = key == keys.end() ? std::string() : key->second;
        const auto report = verify_log(options, tenant, verified_with);
        if (!report) {
            return say_failure(desk, report.error());
        }
        logs.emplace_back(tenant, log_view_of(*report, verified_with));
    }
    const auto answer = admin::log_answer(logs, desk.language);
    if (!options.json) {
        return say_logs(desk, answer);
    }
    desk.out << json::write(answer) << "\n";
    return answer["sound"].as_bool() ? exit_ok : exit_failed;
}

bool is_database(const std::string& file) {
    constexpr std::string_view begins("SQLite format 3\0", 16);
    std::string read(begins.size(), ' ');
    std::ifstream(file, std::ios::binary)
        .read(read.data(), static_cast<std::streamsize>(read.size()));
    return read == begins;
}

int say_not_restored(const Desk& desk, const core::Failure& failure) {
    desk.err << "sluse: ";
    if (failure.is(core::Errc::malformed)) {
        desk.err << desk.say("--data og --keys er ikke datafilen og nøkkelfilen fra en "
                             "sikkerhetskopi; er de byttet om?",
                             "--data and --keys are not the data file and the keys file of a "
                             "backup; are they swapped?");
    } else if (failure.is(core::Errc::unsupported)) {
        desk.err << desk.say("sikkerhetskopien er tatt med en nyere utgave av programmet; hent den "
                             "tilbake med den",
                             "the backup was made by a newer program; restore it with that one");
    } else {
        desk.err << desk.say("ble ikke hentet tilbake: ", "not restored: ") << failure.to_string();
    }
    desk.err << "\n";
    return exit_failed;
}

int run_restore(const Desk& desk, const OfflineOptions& options) {
    for (const auto& [option, file] :
         {std::pair("--data", options.data), std::pair("--keys", options.keys)}) {
        if (!is_database(file)) {
            desk.err << "sluse: " << option
                     << desk.say(": dette er ingen fil fra en sikkerhetskopi: ",
                                 ": this is no file of a backup: ")
                     << file << "\n";
            return exit_failed;
        }
    }
    const auto made = runtime::make_file_system("/")->make_directory(options.into);
    if (!made) {
        return say_failure(desk, made.error());
    }
    const auto restored =
        store::restore_backup(options.data, options.keys, options.into + database_name);
    if (!restored && restored.error().is(core::Errc::conflict)) {
        desk.err << "sluse: "
                 << desk.say("det ligger et lager der fra før, og det skrives aldri over: ",
                             "a store is there already, and is never overwritten: ")
                 << options.into << "\n";
        return exit_failed;
    }
    if (!restored) {
        return say_not_restored(desk, restored.error());
    }
    desk.out << desk.say("Hentet tilbake: ", "Restored: ") << restored->messages
             << desk.say(" meldinger", " messages");
    if (restored->without_key > 0) {
        desk.out << ", " << restored->without_key
                 << desk.say(" av dem slettet siden kopien ble tatt (de forblir lukket)",
                             " of them erased since the backup was made (they stay closed)");
    }
    desk.out << "\n"
             << desk.say("Legg documents/ fra filkopien i samme mappe, sett [store] path til den, "
                         "og kjør: sluse verify --offline --path ",
                         "Put documents/ from the file backup into the same folder, point [store] "
                         "path to it, and run: sluse verify --offline --path ")
             << options.into << "\n";
    return exit_ok;
}

}   // namespace gateway::app::client
