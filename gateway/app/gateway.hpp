#pragma once

// The running gateway: owns every part in the order they need each other, starts them in that
// order (store, what was interrupted, connections, listeners) and stops them backwards. The only
// class that names all concrete classes.

#include "gateway/accept/api.hpp"
#include "gateway/app/alarming.hpp"
#include "gateway/app/config/load.hpp"
#include "gateway/app/config_holder.hpp"
#include "gateway/app/delivery.hpp"
#include "gateway/app/examining.hpp"
#include "gateway/app/feed_acts.hpp"
#include "gateway/app/http_clients.hpp"
#include "gateway/app/incoming.hpp"
#include "gateway/app/intake.hpp"
#include "gateway/app/settling.hpp"
#include "gateway/app/tenant_keys.hpp"
#include "gateway/dispatch/dispatcher.hpp"
#include "gateway/documents/spools.hpp"
#include "gateway/failures/retries.hpp"
#include "gateway/host/connection_set.hpp"
#include "gateway/http/server.hpp"
#include "gateway/notify/service.hpp"
#include "gateway/plugins/registry.hpp"
#include "gateway/records/benefit_figures.hpp"
#include "gateway/records/checkpoint_writer.hpp"
#include "gateway/records/eraser.hpp"
#include "gateway/records/feed_follower.hpp"
#include "gateway/records/keeping.hpp"
#include "gateway/records/prepared_answers.hpp"
#include "gateway/records/retention_preview.hpp"
#include "gateway/records/service.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/runtime/lock_file.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/scan/clamd.hpp"
#include "gateway/scan/scanned_documents.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"
#include "gateway/uploads/uploads.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::app {

class Gateway;

/// The operators' API, which stands on the whole gateway.
class OperatorsApi : public http::Handler {
public:
    /// Streams end; the rest goes on until its listener stops.
    virtual void begin_drain() = 0;
    /// What waited for a second person: carried out or over.
    virtual sdk::Task<core::Result<void>> settle_asked() = 0;
};

struct GatewayOptions {
    std::string config_folder;                     // absolute
    std::string library_folder;                    // lib/sluse; its adapters are loaded
    std::shared_ptr<plugins::Registry> adapters;   // instead of those in a folder
    std::string command = "sluse serve";
    sdk::Severity log_least = sdk::Severity::info;
    /// The admin API, on [listen.admin] and <data>/admin.sock; nothing: neither is opened.
    std::function<std::unique_ptr<OperatorsApi>(Gateway&)> make_admin;
    /// The disk failed: called once, from any thread. By default says so and ends the process with
    /// exit_disk_failed.
    std::function<void(const core::Failure&)> on_fatal;

    GatewayOptions() = default;
};

/// Why it did not start.
struct StartFault {
    int exit_code = 1;
    Said text;
    Mistakes mistakes;

    StartFault() = default;
    StartFault(int code, Said why) : exit_code(code), text(std::move(why)) {}
};

/// What became of a change of configuration.
struct ApplyAnswer {
    std::uint64_t version = 0;   // 0: nothing was changed
    Mistakes mistakes;           // then nothing was changed
    Said refused;                // why not, apart from mistakes; empty otherwise
    std::vector<Said> notes;     // what needs a restart, or could not be written back

    ApplyAnswer() = default;
    bool done() const { return version != 0; }
};

/// How long an adapter may take to start before it is left to come up by itself.
inline constexpr std::chrono::seconds connection_start_max{5};

enum class Phase { starting, serving, draining, stopped };

/// Everything asynchronous runs on `executor`, by any number of threads, but for connections to the
/// public listener: they take turns over `session_executors` (http::Server). open(), start() and
/// stop() once, in this order; what open() made is safe to destroy after stop(), or without
/// start().
class Gateway {
public:
    Gateway(boost::asio::any_io_executor executor, GatewayOptions options,
            std::vector<boost::asio::any_io_executor> session_executors = {});
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Adapters, configuration, lock, store, keys. Blocks.
    std::optional<StartFault> open();
    sdk::Task<std::optional<StartFault>> start();
    /// Refuses what is new, lets what is under way end for limits.drain_time_max, closes the store.
    /// Safe twice.
    sdk::Task<void> stop();

    /// The folder's files come into force, whole or not at all. `who` and `why` stay in the
    /// history.
    sdk::Task<ApplyAnswer> apply(std::string who, std::string why);
    /// Judges the folder's files, changes nothing.
    sdk::Task<LoadedConfig> check();
    /// The version before the one in force comes back, also as files in the folder.
    sdk::Task<ApplyAnswer> undo(std::string who, std::string why);

    Phase phase() const { return phase_.load(); }
    bool disk_full() const { return disk_full_.load(); }
    std::string public_url() const;
    std::string admin_url() const;   // empty without an admin listener
    std::string admin_socket() const;

    const GatewayOptions& options() const { return options_; }
    boost::asio::any_io_executor executor() const { return executor_; }
    sdk::Clock& clock() { return *clock_; }
    sdk::Ids& ids() { return *ids_; }
    sdk::Log& log() { return *log_; }
    runtime::MetricsRegistry& metrics() { return metrics_; }
    runtime::Executor& blocking() { return *blocking_; }
    const plugins::Registry& adapters() const { return adapters_; }
    ConfigHolder& configuration() { return config_; }
    const crypto::Vaults& vaults() const { return vaults_; }
    ports::Store& store() { return *store_; }
    ports::Documents& documents() { return *documents_; }
    host::ConnectionSet& connections() { return *connections_; }
    ports::Subscriptions& subscriptions() { return *subscriptions_; }
    ports::Intake& intake() { return *intake_; }
    ports::RecordKeeping& keeping() { return *keeping_; }
    ports::RetentionPreview& retention_preview() { return *retention_preview_; }
    dispatch::Dispatcher& dispatcher() { return *dispatcher_; }
    dispatch::Traffic& traffic() { return *traffic_; }
    accept::PublicApi& public_api() { return *api_; }
    ports::Acts& acts() { return *acts_; }
    runtime::Signal& alarm_news() { return alarm_news_; }
    doctor::Doctor& doctor() { return examining_->doctor(); }
    /// What a connection's services are made of.
    host::Services connection_services();
    failures::RetryParts retry_parts() {
        return {*store_, config_, vaults_, *clock_, *ids_, *log_};
    }

private:
    LoadOptions load_options() const;
    notify::Parts notify_parts();
    AlarmingParts alarming_parts();
    void say_connection_faults(const std::vector<host::ConnectionFault>& faults);
    std::optional<StartFault> open_store(const core::Configuration& config);
    sdk::Task<std::optional<StartFault>> check_tenant_keys(const core::Configuration& config);
    std::optional<StartFault> open_listeners(const core::Configuration& config);
    sdk::Task<void> remember_files(std::string who, std::string why);

    sdk::Task<ApplyAnswer> apply_files(ConfigFiles files, std::string who, std::string why);
    void take_over(const TenantVaults& vaults, const core::Configuration& before);
    std::vector<Said> renew_certificates(const core::Configuration& next);

    sdk::Task<void> watch_disk();
    sdk::Task<void> look_at_disk();
    sdk::Task<void> measure();
    sdk::Task<void> collect_documents();
    sdk::Task<void> write_checkpoints();
    sdk::Task<void> erase_records();
    sdk::Task<void> keep_benefits();
    sdk::Task<void> keep_flow();
    sdk::Task<void> give_back_memory();
    sdk::Task<void> retry_groups();
    sdk::Task<void> settle_asked();
    /// What did not come up, or has been mended since, needs nobody to press anything.
    sdk::Task<void> start_connections_again();

    boost::asio::any_io_executor executor_;
    const std::vector<boost::asio::any_io_executor> session_executors_;
    GatewayOptions options_;
    std::atomic<Phase> phase_{Phase::starting};
    std::atomic<bool> disk_full_{false};
    std::atomic<bool> applying_{false};

    std::unique_ptr<sdk::Clock> clock_;
    std::unique_ptr<sdk::Ids> ids_;
    std::unique_ptr<sdk::Log> log_;
    runtime::MetricsRegistry metrics_;
    runtime::Signal alarm_news_;
    Housekeeping housekeeping_;
    std::unique_ptr<SkewSeen> skew_;
    std::unique_ptr<runtime::FileSystem> files_;   // jobs of the executors use it to their end
    std::unique_ptr<runtime::Executor> store_writer_ =
        runtime::make_thread_executor(1, "sluse-writer");
    std::unique_ptr<runtime::Executor> store_flusher_ =
        runtime::make_thread_executor(1, "sluse-flusher");
    std::unique_ptr<runtime::Executor> store_readers_;
    std::unique_ptr<runtime::Executor> blocking_;
    plugins::Registry adapters_;
    ConfigHolder config_;
    ConfigFiles opened_files_;
    std::unique_ptr<runtime::LockFile> lock_;
    crypto::Vaults vaults_;
    std::unique_ptr<ports::Store> store_;
    std::unique_ptr<records::CheckpointWriter> checkpoints_;
    std::unique_ptr<ports::Documents> documents_;
    std::unique_ptr<sdk::Spools> spools_;
    std::unique_ptr<scan::ClamdScanner> scanner_;
    std::unique_ptr<scan::ScannedDocuments> scanned_documents_;   // as systems upload to them
    std::unique_ptr<uploads::DiskUploads> uploads_;
    std::unique_ptr<Incoming> incoming_;
    std::unique_ptr<ports::SchemaSet> schemas_;
    std::unique_ptr<host::ConnectionSet> connections_;
    std::unique_ptr<dispatch::Traffic> traffic_;
    std::unique_ptr<DeliveryCarrier> carrier_;
    std::unique_ptr<dispatch::Dispatcher> dispatcher_;
    std::unique_ptr<ports::Intake> intake_;
    std::unique_ptr<signin::SignIn> sign_in_;
    std::unique_ptr<notify::Notifier> notifier_;
    std::unique_ptr<notify::Service> subscriptions_;
    records::PreparedAnswers answers_;
    std::unique_ptr<records::Service> records_;
    std::unique_ptr<records::FeedFollower> follower_;
    std::unique_ptr<FeedActs> acts_;
    std::unique_ptr<records::Keeping> keeping_;
    std::unique_ptr<records::RetentionPreview> retention_preview_;
    std::unique_ptr<records::Eraser> eraser_;
    std::unique_ptr<records::BenefitFigures> benefits_;
    std::unique_ptr<accept::PublicApi> api_;
    std::unique_ptr<Settling> settling_;
    std::unique_ptr<Examining> examining_;
    std::unique_ptr<Alarming> alarming_;
    std::unique_ptr<OperatorsApi> admin_;
    std::unique_ptr<http::Server> public_server_;
    std::unique_ptr<http::Server> admin_server_;
    std::unique_ptr<http::Server> admin_socket_;
    std::unique_ptr<runtime::TaskGroup> jobs_;
};

}   // namespace gateway::app
