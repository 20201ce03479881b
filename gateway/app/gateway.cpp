#include "gateway/app/gateway.hpp"

#include "gateway/app/exit_codes.hpp"
#include "gateway/app/listener_options.hpp"
#include "gateway/app/secrets.hpp"
#include "gateway/app/tenant_keys.hpp"
#include "gateway/runtime/append.hpp"
#include "gateway/validate/schema_set.hpp"
#include "public_pages.hpp"

#include <boost/asio/strand.hpp>

#include <cstdio>
#include <filesystem>

#include <unistd.h>

namespace gateway::app {
namespace {
// Reading and unsealing for callers; enough that one slow disk read does not stop the rest.
constexpr std::size_t reader_threads = 2;
constexpr std::size_t blocking_threads = 4;
// A connection's last calls when everything else has ended.
constexpr std::chrono::seconds connections_drain_max{5};
constexpr std::chrono::milliseconds look_for_change{20};

void end_process(const core::Failure& failure) {
    std::fprintf(
        stderr,
        "sluse: disken svikter, stopper straks; ingenting er bekreftet som ikke er lagret "
        "(the disk failed, stopping at once; nothing was acknowledged that is not stored): %s\n",
        failure.to_string().c_str());
    std::fflush(stderr);
    ::_exit(exit_disk_failed);
}

StartFault fault_of(const core::Failure& failure, const std::string& what_nb,
                    const std::string& what_en, int code) {
    return {code, Said(what_nb + ": " + failure.detail, what_en + ": " + failure.detail)};
}

}   // namespace

Gateway::Gateway(boost::asio::any_io_executor executor, GatewayOptions options,
                 std::vector<boost::asio::any_io_executor> session_executors)
    : executor_(std::move(executor)),
      session_executors_(std::move(session_executors)),
      options_(std::move(options)),
      clock_(runtime::make_system_clock()),
      ids_(runtime::make_system_ids(*clock_)),
      log_(runtime::make_json_log(*clock_, options_.log_least)),
      skew_(std::make_unique<SkewSeen>(*clock_)),
      store_readers_(runtime::make_thread_executor(reader_threads, "sluse-reader")),
      blocking_(runtime::make_thread_executor(blocking_threads, "sluse-blocking")),
      jobs_(std::make_unique<runtime::TaskGroup>(executor_)) {
    if (!options_.on_fatal) {
        options_.on_fatal = end_process;
    }
}

Gateway::~Gateway() = default;

LoadOptions Gateway::load_options() const {
    LoadOptions load;
    load.folder = options_.config_folder;
    load.adapters = adapters_.names();
    load.find_adapter = [this](std::string_view name) { return adapters_.find(name); };
    return load;
}

std::optional<StartFault> Gateway::open() {
    if (options_.adapters) {
        adapters_ = *options_.adapters;
    } else {
        auto adapters = plugins::Registry::load(options_.library_folder + "/adapters");
        if (!adapters) {
            return fault_of(adapters.error(), "en adapter kan ikke lastes",
                            "an adapter cannot be loaded", exit_unavailable);
        }
        adapters_ = std::move(*adapters);
    }
    auto files = read_config_files(options_.config_folder);
    if (!files) {
        return fault_of(files.error(), "konfigurasjonen kan ikke leses",
                        "the configuration cannot be read", exit_config);
    }
    LoadedConfig loaded = load_configuration(*files, load_options());
    if (!loaded.configuration) {
        StartFault fault(exit_config, Said("konfigurasjonen har feil; ingenting er startet",
                                           "the configuration has mistakes; nothing was started"));
        fault.mistakes = std::move(loaded.mistakes);
        return fault;
    }
    opened_files_ = std::move(*files);
    config_.swap(loaded.configuration);
    config_.swap_retentions(loaded.retentions);
    config_.swap_second_person(loaded.second_person);
    return open_store(*loaded.configuration);
}

std::optional<StartFault> Gateway::open_store(const core::Configuration& config) {
    std::error_code error;
    std::filesystem::create_directories(config.data_path, error);
    std::filesystem::permissions(config.data_path, std::filesystem::perms::owner_all, error);
    const std::string who = options_.command + ", pid " + std::to_string(::getpid());
    auto lock = runtime::take_lock(config.data_path + "/sluse.lock", who);
    if (!lock) {
        const std::string& detail = lock.error().detail;
        if (lock.error().is(core::Errc::conflict)) {
            return StartFault(
                exit_cannot_open,
                Said("datamappen " + config.data_path + " er i bruk av " + detail,
                     "the data folder " + config.data_path + " is in use by " + detail));
        }
        return fault_of(lock.error(), "datamappen kan ikke åpnes",
                        "the data folder cannot be opened", exit_cannot_open);
    }
    lock_ = std::move(*lock);
    auto vaults = open_vaults(config);
    if (!vaults) {
        return fault_of(vaults.error(), "en forseglingsnøkkel kan ikke leses",
                        "a sealing key cannot be read", exit_config);
    }
    for (auto& [tenant, vault] : *vaults) {
        vaults_.put(tenant, std::move(vault));
    }
    store::SqliteOptions options;
    options.path = config.data_path + "/sluse.db";
    options.on_fatal = options_.on_fatal;
    auto store = store::make_sqlite_store(options, *store_writer_, *store_flusher_, *store_readers_,
                                          *clock_);
    if (!store) {
        return fault_of(store.error(), "lageret kan ikke åpnes", "the store cannot be opened",
                        exit_cannot_open);
    }
    store_ = std::move(*store);
    files_ = runtime::make_file_system(config.data_path);
    documents::DocumentOptions document_options;
    document_options.free_bytes_min = config.limits.free_disk_min;
    document_options.on_fatal = options_.on_fatal;
    documents_ = documents::make_documents(*store_, vaults_, *files_, *blocking_, *clock_, *ids_,
                                           document_options);
    uploads::UploadOptions upload_options;
    upload_options.free_bytes_min = config.limits.free_disk_min;
    upload_options.on_fatal = options_.on_fatal;
    scanner_ = std::make_unique<scan::ClamdScanner>(config_, *clock_, *log_, metrics_);
    scanned_documents_ = std::make_unique<scan::ScannedDocuments>(*documents_, *scanner_, *log_);
    uploads_ = uploads::make_uploads(*scanned_documents_, vaults_, *files_, *blocking_, executor_,
                                     *clock_, *ids_, upload_options);
    if (const auto opened = uploads_->open(); !opened) {
        return fault_of(opened.error(), "påbegynte opplastinger kan ikke leses",
                        "unfinished uploads cannot be read", exit_cannot_open);
    }
    const auto stale = documents::remove_stale_spools(*files_);
    if (!stale) {
        return fault_of(stale.error(), "midlertidige filer kan ikke fjernes",
                        "temporary files cannot be removed", exit_cannot_open);
    }
    spools_ = documents::make_spools(*files_, *blocking_, *ids_, document_options);
    return std::nullopt;
}

sdk::Task<std::optional<StartFault>> Gateway::check_tenant_keys(const core::Configuration& config) {
    TenantVaults vaults;
    for (const auto& [tenant, value] : config.tenants) {
        vaults.emplace(tenant, vaults_.find(tenant));
    }
    const auto same = co_await same_keys_as_before(*store_, std::move(vaults));
    if (same) {
        co_return std::nullopt;
    }
    const std::string& tenant = same.error().detail;
    if (same.error().is(core::Errc::conflict)) {
        co_return StartFault(
            exit_config,
            Said("forseglingsnøkkelen til " + tenant +
                     " er en annen enn den meldingene er forseglet med; legg den gamle tilbake",
                 "the sealing key of " + tenant +
                     " is another than its messages were sealed with; put the old one back"));
    }
    co_return fault_of(same.error(), "lageret svarer ikke", "the store does not answer",
                       exit_cannot_open);
}

sdk::Task<std::optional<StartFault>> Gateway::start() {
    auto fault = co_await check_tenant_keys(*config_.current());
    if (fault) {
        co_return fault;
    }
    co_await remember_files(options_.command, "start");
    const records::CheckpointParts checkpoints{
        store_->records(), config_, vaults_,  *blocking_,
        *clock_,           *log_,   metrics_, runtime::syslog_socket};
    checkpoints_ = std::make_unique<records::CheckpointWriter>(checkpoints);
    const auto config = config_.current();
    auto schemas = validate::make_schema_set();
    if (!schemas) {
        co_return fault_of(schemas.error(), "et meldingsskjema er ødelagt",
                           "a message schema is broken", exit_failed);
    }
    schemas_ = std::move(*schemas);
    const IncomingParts incoming{*store_, config_,  vaults_,     *clock_,  *ids_,
                                 *log_,   metrics_, *documents_, *scanner_};
    incoming_ = std::make_unique<Incoming>(incoming);
    connections_ = std::make_unique<host::ConnectionSet>(connection_services());
    incoming_->obey(*connections_);
    const auto faults =
        co_await connections_->apply(config, connection_start_max, core::Duration(0));
    say_connection_faults(faults);

    traffic_ = std::make_unique<dispatch::Traffic>(*clock_, *log_, metrics_);
    const dispatch::Services services{*store_, *connections_, config_, vaults_,
                                      *clock_, *ids_,         *log_,   metrics_};
    carrier_ = std::make_unique<DeliveryCarrier>(services);
    dispatcher_ = std::make_unique<dispatch::Dispatcher>(services, *traffic_, *carrier_, executor_);
    const IntakeParts intake{*store_, *schemas_, *connections_, config_,  vaults_,
                             *clock_, *ids_,     *log_,         metrics_, disk_full_};
    intake_ = make_intake(intake);
    notifier_ = std::make_unique<notify::Notifier>(notify_parts(), executor_);
    subscriptions_ = std::make_unique<notify::Service>(notify_parts(), *notifier_);
    const signin::SignInParts sign_in{config_,  *clock_,   *log_,
                                      metrics_, executor_, make_issuer_client(*clock_, metrics_)};
    sign_in_ = std::make_unique<signin::SignIn>(sign_in);
    auto& held = store_->records();
    const records::ServiceParts look_ups{held,  *connections_, config_,  vaults_,  *clock_,
                                         *ids_, *log_,         metrics_, &answers_};
    records_ = std::make_unique<records::Service>(look_ups, executor_);
    const records::FollowerParts follower{
        held,    *connections_, *connections_, config_,  vaults_,
        *clock_, *ids_,         *log_,         metrics_, records_->touches()};
    follower_ = std::make_unique<records::FeedFollower>(follower, executor_);
    acts_ = std::make_unique<FeedActs>(*follower_, *connections_, *connections_);
    keeping_ = std::make_unique<records::Keeping>(look_ups);
    auto* const retention = ports::retention_store_of(*store_);
    GATEWAY_ASSERT(retention != nullptr);
    retention_preview_ = std::make_unique<records::RetentionPreview>(records::PreviewParts{
        *retention, held, config_, vaults_, *clock_, [this] { return config_.retentions(); }});
    const records::EraserParts erasing{held, config_, *clock_, *log_, metrics_, &answers_};
    eraser_ = std::make_unique<records::Eraser>(erasing);
    benefits_ = std::make_unique<records::BenefitFigures>(ports::benefit_store_of(*store_),
                                                          metrics_, *clock_, *log_);
    co_await benefits_->read();
    const accept::ApiParts parts{*store_,
                                 *scanned_documents_,
                                 *uploads_,
                                 *intake_,
                                 *connections_,
                                 config_,
                                 vaults_,
                                 *sign_in_,
                                 *clock_,
                                 *ids_,
                                 *log_,
                                 metrics_,
                                 connections_.get(),
                                 subscriptions_.get(),
                                 records_.get()};
    const accept::PublicPages pages{accept::embedded::openapi_yaml, accept::embedded::docs_html};
    api_ = std::make_unique<accept::PublicApi>(parts, pages);
    const SettlingParts settling{*store_, *connections_, vaults_,  *clock_,
                                 *ids_,   *log_,         metrics_, api_->news()};
    settling_ = std::make_unique<Settling>(settling, executor_);
    const ExaminingParts examining{config_, *connections_, *scanner_, *clock_,
                                   *ids_,   *blocking_,    executor_};
    examining_ = std::make_unique<Examining>(examining);
    alarming_ = std::make_unique<Alarming>(alarming_parts());
    if (options_.make_admin) {
        admin_ = options_.make_admin(*this);
    }
    co_await look_at_disk();
    fault = open_listeners(*config);
    if (fault) {
        co_return fault;
    }
    dispatcher_->start();
    notifier_->start(api_->news());
    settling_->start();
    follower_->start();
    for (auto job : {&Gateway::watch_disk, &Gateway::measure, &Gateway::collect_documents,
                     &Gateway::retry_groups, &Gateway::settle_asked, &Gateway::write_checkpoints,
                     &Gateway::erase_records, &Gateway::keep_benefits, &Gateway::keep_flow,
                     &Gateway::give_back_memory, &Gateway::start_connections_again}) {
        jobs_->spawn_on(boost::asio::make_strand(executor_), (this->*job)());
    }
    jobs_->spawn_on(boost::asio::make_strand(executor_), alarming_->run());
    phase_ = Phase::serving;
    log_->write(sdk::Severity::info, "serving", {{"public", public_url()}});
    co_return std::nullopt;
}

std::optional<StartFault> Gateway::open_listeners(const core::Configuration& config) {
    struct Wanted {
        std::unique_ptr<http::Server>& server;
        core::ListenConfig listen;
        http::Handler* handler;
        std::vector<boost::asio::any_io_executor> session_executors;
    };
    core::ListenConfig socket;
    socket.address = "unix:" + admin_socket();
    const Wanted all[] = {{admin_socket_, socket, admin_.get(), {}},
                          {admin_server_, config.admin_listener, admin_.get(), {}},
                          {public_server_, config.public_listener, api_.get(), session_executors_}};
    for (const Wanted& wanted : all) {
        if (wanted.handler == nullptr || wanted.listen.address.empty()) {
            continue;
        }
        auto options = listener_options(wanted.listen, config.limits);
        if (!options) {
            return fault_of(options.error(), "sertifikatet kan ikke leses",
                            "the certificate cannot be read", exit_config);
        }
        wanted.server = std::make_unique<http::Server>(executor_, *clock_, std::move(*options),
                                                       *wanted.handler, wanted.session_executors);
        if (const auto started = wanted.server->start(); !started) {
            wanted.server.reset();
            return fault_of(started.error(), "kan ikke lytte", "cannot listen", exit_unavailable);
        }
    }
    return std::nullopt;
}

std::string Gateway::public_url() const {
    return public_server_ ? public_server_->url() : "";
}
std::string Gateway::admin_url() const {
    return admin_server_ ? admin_server_->url() : "";
}
std::string Gateway::admin_socket() const {
    return config_.current()->data_path + "/admin.sock";
}

sdk::Task<void> Gateway::stop() {
    if (phase_ == Phase::stopped) {
        co_return;
    }
    phase_ = Phase::draining;
    log_->write(sdk::Severity::info, "draining", {});
    const core::Duration patience = config_.current()->limits.drain_time_max;
    const sdk::Deadline end = clock_->in(patience);
    if (api_) {
        api_->begin_drain();
    }
    if (admin_) {
        admin_->begin_drain();
    }
    // A change of configuration under way comes to its end; none begins after it.
    while (applying_.exchange(true)) {
        co_await clock_->sleep_until(clock_->steady() + look_for_change);
    }
    co_await jobs_->stop();
    if (follower_) {
        co_await follower_->stop();
    }
    // Callers finish while deliveries do.
    runtime::TaskGroup carrying(executor_);
    if (dispatcher_) {
        carrying.spawn_on(boost::asio::make_strand(executor_), dispatcher_->stop(patience));
    }
    if (notifier_) {
        carrying.spawn_on(boost::asio::make_strand(executor_), notifier_->stop(patience));
    }
    if (public_server_) {
        co_await public_server_->stop(end);
    }
    co_await carrying.drain();
    if (sign_in_) {
        co_await sign_in_->stop();
    }
    if (records_) {
        co_await records_->stop();
    }
    if (settling_) {
        co_await settling_->stop();   // whom it was telling is told again after the next start
    }
    if (uploads_) {
        co_await uploads_->stop();
    }
    if (examining_) {
        co_await examining_->stop();
    }
    if (connections_) {
        co_await connections_->stop(connections_drain_max);
    }
    const sdk::Deadline soon = clock_->in(std::chrono::seconds(1));
    for (auto* server : {admin_server_.get(), admin_socket_.get()}) {
        if (server != nullptr) {
            co_await server->stop(soon);
        }
    }
    if (benefits_) {
        co_await benefits_->write();
    }
    if (checkpoints_) {
        co_await checkpoints_->write_all();   // nothing is read any more: all of the log is proved
    }
    if (store_) {
        const auto closed = co_await store_->close();
        if (!closed) {
            log_->write(sdk::Severity::error, "store_close_failed",
                        {{"why", closed.error().to_string()}});
        }
    }
    lock_.reset();
    phase_ = Phase::stopped;
    log_->write(sdk::Severity::info, "stopped", {});
}

}   // namespace gateway::app
