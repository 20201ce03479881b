#include "gateway/store/sqlite/alarms.hpp"
#include "gateway/store/sqlite/asked.hpp"
#include "gateway/store/sqlite/backup.hpp"
#include "gateway/store/sqlite/benefits.hpp"
#include "gateway/store/sqlite/failures.hpp"
#include "gateway/store/sqlite/flow.hpp"
#include "gateway/store/sqlite/operations.hpp"
#include "gateway/store/sqlite/port.hpp"
#include "gateway/store/sqlite/record_port.hpp"
#include "gateway/store/sqlite/retention.hpp"

namespace gateway::store {
namespace {

using sdk::Result;
using sdk::Task;

/// Every method hands its command to the writer or to the readers. None is a coroutine that holds
/// `this`: what runs later owns what it needs.
class SqliteStore final : public ports::Store,
                          public ports::FailureStore,
                          public ports::AlarmStore,
                          public ports::AskedStore,
                          public ports::BenefitStore,
                          public ports::FlowStore,
                          public ports::RetentionStore {
public:
    SqliteStore(sqlite::OpenOptions options, std::shared_ptr<sqlite::Writer> writer,
                std::shared_ptr<sqlite::Readers> readers)
        : options_(std::move(options)),
          writer_(std::move(writer)),
          readers_(std::move(readers)),
          records_(writer_, readers_) {}

    ports::RecordStore& records() override { return records_; }

    Task<Result<std::vector<ports::FailureCount>>>
    failures(std::optional<core::TenantId> tenant) override {
        auto work = [tenant = std::move(tenant)](sqlite::Database& db) {
            return sqlite::failures(db, tenant);
        };
        return readers_->call<Result<std::vector<ports::FailureCount>>>(std::move(work));
    }
    Task<Result<std::vector<ports::FailedDelivery>>> failed(ports::FailureQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::failed(db, query);
        };
        return readers_->call<Result<std::vector<ports::FailedDelivery>>>(std::move(work));
    }

    Task<Result<void>> ask(ports::AskedAct act) override {
        auto work = [act = std::move(act)](sqlite::Engine& engine) {
            return sqlite::ask(engine.db(), act);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::optional<ports::AskedAct>>> find_asked(core::Uuid id) override {
        auto work = [id](sqlite::Database& db) { return sqlite::find_asked(db, id); };
        return readers_->call<Result<std::optional<ports::AskedAct>>>(std::move(work));
    }
    Task<Result<std::vector<ports::AskedAct>>> asked(ports::AskedQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::asked(db, query);
        };
        return readers_->call<Result<std::vector<ports::AskedAct>>>(std::move(work));
    }
    Task<Result<std::vector<ports::AskedAct>>> asked_due(core::Time now,
                                                         std::size_t limit) override {
        auto work = [now, limit](sqlite::Database& db) {
            return sqlite::asked_due(db, now, limit);
        };
        return readers_->call<Result<std::vector<ports::AskedAct>>>(std::move(work));
    }
    Task<Result<void>> move_asked(ports::AskedMove move) override {
        auto work = [move = std::move(move)](sqlite::Engine& engine) {
            return sqlite::move_asked(engine.db(), move);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> forget_asked(core::Time before) override {
        auto work = [before](sqlite::Engine& engine) {
            return sqlite::forget_asked(engine.db(), before);
        };
        return writer_->call<Result<void>>(std::move(work));
    }

    Task<Result<std::vector<ports::Alarm>>> open_alarms() override {
        auto work = [](sqlite::Database& db) { return sqlite::open_alarms(db); };
        return readers_->call<Result<std::vector<ports::Alarm>>>(std::move(work));
    }
    Task<Result<std::vector<ports::Alarm>>> alarms(ports::AlarmQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::alarms(db, query);
        };
        return readers_->call<Result<std::vector<ports::Alarm>>>(std::move(work));
    }
    Task<Result<std::optional<ports::Alarm>>> find_alarm(core::Uuid id) override {
        auto work = [id](sqlite::Database& db) { return sqlite::find_alarm(db, id); };
        return readers_->call<Result<std::optional<ports::Alarm>>>(std::move(work));
    }
    Task<Result<void>> put_alarms(ports::AlarmStep step) override {
        auto work = [step = std::move(step)](sqlite::Engine& engine) {
            return sqlite::put_alarms(engine.db(), step);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> acknowledge_alarm(core::Uuid id, ports::AlarmAcknowledgement how) override {
        auto work = [id, how = std::move(how)](sqlite::Engine& engine) {
            return sqlite::acknowledge_alarm(engine.db(), id, how);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::vector<ports::AlarmNotice>>> notices_due(core::Time now,
                                                              std::size_t limit) override {
        auto work = [now, limit](sqlite::Database& db) {
            return sqlite::notices_due(db, now, limit);
        };
        return readers_->call<Result<std::vector<ports::AlarmNotice>>>(std::move(work));
    }
    Task<Result<std::vector<ports::AlarmNotice>>> notices_of(core::Uuid alarm) override {
        auto work = [alarm](sqlite::Database& db) { return sqlite::notices_of(db, alarm); };
        return readers_->call<Result<std::vector<ports::AlarmNotice>>>(std::move(work));
    }
    Task<Result<void>> put_notice(ports::AlarmNotice notice) override {
        auto work = [notice = std::move(notice)](sqlite::Engine& engine) {
            return sqlite::put_notice(engine.db(), notice);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> forget_alarms(core::Time before, std::int64_t traffic_before) override {
        auto work = [before, traffic_before](sqlite::Engine& engine) {
            return sqlite::forget_alarms(engine.db(), before, traffic_before);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<bool>> tally_traffic(ports::TrafficTally tally) override {
        auto work = [tally = std::move(tally)](sqlite::Engine& engine) {
            return sqlite::tally_traffic(engine.db(), tally);
        };
        return writer_->call<Result<bool>>(std::move(work));
    }
    Task<Result<std::vector<ports::TrafficDay>>> traffic(core::TenantId tenant) override {
        auto work = [tenant = std::move(tenant)](sqlite::Database& db) {
            return sqlite::traffic(db, tenant);
        };
        return readers_->call<Result<std::vector<ports::TrafficDay>>>(std::move(work));
    }
    Task<Result<std::vector<ports::WaitingMessage>>> waiting(core::TenantId tenant,
                                                             core::Time now) override {
        auto work = [tenant = std::move(tenant), now](sqlite::Database& db) {
            return sqlite::waiting(db, tenant, now);
        };
        return readers_->call<Result<std::vector<ports::WaitingMessage>>>(std::move(work));
    }
    Task<Result<std::vector<ports::ToldEvent>>> told(core::TenantId tenant,
                                                     core::Time since) override {
        auto work = [tenant = std::move(tenant), since](sqlite::Database& db) {
            return sqlite::told(db, tenant, since);
        };
        return readers_->call<Result<std::vector<ports::ToldEvent>>>(std::move(work));
    }
    Task<Result<void>> add_benefits(std::chrono::sys_days day,
                                    std::vector<ports::BenefitCount> counts,
                                    std::chrono::sys_days apart) override {
        auto work = [day, counts = std::move(counts), apart](sqlite::Engine& engine) {
            return sqlite::add_benefits(engine.db(), day, counts, apart);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<ports::BenefitSums>> benefits(std::optional<std::chrono::sys_days> from,
                                              std::optional<std::chrono::sys_days> until) override {
        auto work = [from, until](sqlite::Database& db) {
            return sqlite::benefits(db, from, until);
        };
        return readers_->call<Result<ports::BenefitSums>>(std::move(work));
    }

    Task<Result<ports::FlowSeries>> flow_series(ports::FlowQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::flow_series(db, query);
        };
        return readers_->call<Result<ports::FlowSeries>>(std::move(work));
    }
    Task<Result<std::vector<ports::FlowWay>>> flow_ways(ports::FlowQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::flow_ways(db, query);
        };
        return readers_->call<Result<std::vector<ports::FlowWay>>>(std::move(work));
    }
    Task<Result<bool>> keep_flow(std::int64_t apart, std::int64_t forget) override {
        auto work = [apart, forget](sqlite::Engine& engine) {
            return sqlite::keep_flow(engine.db(), apart, forget);
        };
        return writer_->call<Result<bool>>(std::move(work));
    }

    Task<Result<ports::RetentionPage>> retention_page(ports::RetentionQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::retention_page(db, query);
        };
        return readers_->call<Result<ports::RetentionPage>>(std::move(work));
    }
    Task<Result<std::size_t>> retain(ports::RetentionStep step) override {
        auto work = [step = std::move(step)](sqlite::Engine& engine) {
            return sqlite::retain(engine, step);
        };
        return writer_->call<Result<std::size_t>>(std::move(work));
    }
    Task<Result<ports::BareRemoved>> remove_bare(ports::BareRemoval command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::remove_bare(engine, command);
        };
        return writer_->call<Result<ports::BareRemoved>>(std::move(work));
    }
    Task<Result<ports::BareRemoved>> count_bare(ports::BareRemoval command) override {
        auto work = [command = std::move(command)](sqlite::Database& db) {
            return sqlite::count_bare(db, command);
        };
        return readers_->call<Result<ports::BareRemoved>>(std::move(work));
    }
    Task<Result<ports::QuarantineTurn>> retire_quarantined(ports::QuarantineTerm term) override {
        auto work = [term = std::move(term)](sqlite::Engine& engine) {
            return sqlite::retire_quarantined(engine, term);
        };
        return writer_->call<Result<ports::QuarantineTurn>>(std::move(work));
    }
    Task<Result<ports::QuarantineTurn>> count_quarantined(ports::QuarantineTerm term) override {
        auto work = [term = std::move(term)](sqlite::Database& db) {
            return sqlite::count_quarantined(db, term);
        };
        return readers_->call<Result<ports::QuarantineTurn>>(std::move(work));
    }
    Task<Result<ports::QuarantineEnding>> quarantine_ending(core::TenantId tenant) override {
        auto work = [tenant = std::move(tenant)](sqlite::Database& db) {
            return sqlite::quarantine_ending(db, tenant);
        };
        return readers_->call<Result<ports::QuarantineEnding>>(std::move(work));
    }
    Task<Result<std::size_t>> forget_removed(core::Time before) override {
        auto work = [before](sqlite::Engine& engine) {
            return sqlite::forget_removed(engine.db(), before);
        };
        return writer_->call<Result<std::size_t>>(std::move(work));
    }
    Task<Result<std::optional<ports::SweepPlace>>> sweep_erased(ports::SweepPlace from,
                                                                std::size_t limit) override {
        using Answer = Result<std::optional<ports::SweepPlace>>;
        auto work = [from = std::move(from), limit](sqlite::Engine& engine) {
            return sqlite::sweep_erased(engine.db(), from, limit);
        };
        return writer_->call<Answer>(std::move(work));
    }
    Task<Result<void>> hold_content(core::TenantId tenant, ports::KeptKind kind, core::Uuid id,
                                    bool held, core::Time at, std::vector<ports::NewLogEntry> log,
                                    std::vector<ports::NewEvent> events) override {
        auto work = [tenant = std::move(tenant), kind, id, held, at, log = std::move(log),
                     events = std::move(events)](sqlite::Engine& engine) {
            return sqlite::hold_content(engine, tenant, kind, id, held, at, log, events);
        };
        return writer_->call<Result<void>>(std::move(work));
    }

    Task<Result<ports::AcceptAnswer>> accept(ports::AcceptCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::accept(engine, command);
        };
        return writer_->call<Result<ports::AcceptAnswer>>(std::move(work));
    }
    Task<Result<std::optional<ports::IdempotencyEntry>>>
    find_idempotency(core::TenantId tenant, core::SystemId system, std::string key_token) override {
        auto work = [tenant = std::move(tenant), system = std::move(system),
                     key_token = std::move(key_token)](sqlite::Database& db) {
            return sqlite::find_idempotency(db, tenant, system, key_token);
        };
        return readers_->call<Result<std::optional<ports::IdempotencyEntry>>>(std::move(work));
    }
    Task<Result<std::vector<ports::ClaimedDelivery>>> claim(ports::ClaimCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::claim(engine, command);
        };
        return writer_->call<Result<std::vector<ports::ClaimedDelivery>>>(std::move(work));
    }
    Task<Result<std::optional<core::Time>>>
    next_due(ports::Lane lane, std::vector<core::ConnectionId> excluded) override {
        auto work = [lane = std::move(lane), excluded = std::move(excluded)](sqlite::Database& db) {
            return sqlite::next_due(db, lane, excluded);
        };
        return readers_->call<Result<std::optional<core::Time>>>(std::move(work));
    }
    Task<Result<void>> extend(ports::DeliveryKey key, core::Fence fence,
                              core::Time lease_until) override {
        auto work = [key = std::move(key), fence = std::move(fence),
                     lease_until = std::move(lease_until)](sqlite::Engine& engine) {
            return sqlite::extend(engine, key, fence, lease_until);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> begin_attempt(ports::BeginAttempt command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::begin_attempt(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> remember(ports::DeliveryKey key, core::Fence fence,
                                std::string sealed_progress,
                                std::vector<ports::NewEvent> events) override {
        auto work = [key = std::move(key), fence = std::move(fence),
                     sealed_progress = std::move(sealed_progress),
                     events = std::move(events)](sqlite::Engine& engine) {
            return sqlite::remember(engine, key, fence, sealed_progress, events);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> finish(ports::FinishCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::finish(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<ports::ReceiptAnswer>> apply_receipt(ports::ReceiptCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::apply_receipt(engine, command);
        };
        return writer_->call<Result<ports::ReceiptAnswer>>(std::move(work));
    }
    Task<Result<std::optional<ports::ClaimedDelivery>>>
    find_delivery(std::vector<core::TenantId> tenants, core::DeliveryId delivery) override {
        auto work = [tenants = std::move(tenants), delivery](sqlite::Database& db) {
            return sqlite::find_delivery(db, tenants, delivery);
        };
        return readers_->call<Result<std::optional<ports::ClaimedDelivery>>>(std::move(work));
    }
    Task<Result<ports::CancelAnswer>> cancel(ports::CancelCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::cancel(engine, command);
        };
        return writer_->call<Result<ports::CancelAnswer>>(std::move(work));
    }
    Task<Result<void>> hold(core::TenantId tenant, core::DeliveryId delivery, core::Time at,
                            std::vector<ports::NewEvent> events) override {
        auto work = [tenant = std::move(tenant), delivery = std::move(delivery), at = std::move(at),
                     events = std::move(events)](sqlite::Engine& engine) {
            return sqlite::hold(engine, tenant, delivery, at, events);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> release(core::TenantId tenant, core::DeliveryId delivery, core::Time at,
                               std::vector<ports::NewEvent> events) override {
        auto work = [tenant = std::move(tenant), delivery = std::move(delivery), at = std::move(at),
                     events = std::move(events)](sqlite::Engine& engine) {
            return sqlite::release(engine, tenant, delivery, at, events);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> retry(ports::RetryCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::retry(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<ports::AcceptAnswer>> replace(ports::ReplaceCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::replace(engine, command);
        };
        return writer_->call<Result<ports::AcceptAnswer>>(std::move(work));
    }
    Task<Result<std::optional<ports::MessageView>>> get(core::TenantId tenant,
                                                        core::MessageId message) override {
        auto work = [tenant = std::move(tenant), message = std::move(message)](
                        sqlite::Database& db) { return sqlite::get(db, tenant, message); };
        return readers_->call<Result<std::optional<ports::MessageView>>>(std::move(work));
    }
    Task<Result<std::vector<ports::StoredEvent>>>
    timeline(core::TenantId tenant, core::MessageId message, std::size_t limit) override {
        auto work = [tenant = std::move(tenant), message = std::move(message),
                     limit = std::move(limit)](sqlite::Database& db) {
            return sqlite::timeline(db, tenant, message, limit);
        };
        return readers_->call<Result<std::vector<ports::StoredEvent>>>(std::move(work));
    }
    Task<Result<std::vector<ports::StoredExchanges>>>
    exchanges(core::TenantId tenant, core::MessageId message, int attempt) override {
        auto work = [tenant = std::move(tenant), message = std::move(message),
                     attempt = std::move(attempt)](sqlite::Database& db) {
            return sqlite::exchanges(db, tenant, message, attempt);
        };
        return readers_->call<Result<std::vector<ports::StoredExchanges>>>(std::move(work));
    }
    Task<Result<ports::SearchPage>> search(ports::SearchQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::search(db, query);
        };
        return readers_->call<Result<ports::SearchPage>>(std::move(work));
    }
    Task<Result<ports::EventPage>> events_after(ports::EventQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::events_after(db, query);
        };
        return readers_->call<Result<ports::EventPage>>(std::move(work));
    }
    Task<Result<std::uint64_t>> last_position() override {
        auto work = [](sqlite::Database& db) { return sqlite::last_position(db); };
        return readers_->call<Result<std::uint64_t>>(std::move(work));
    }
    Task<Result<ports::InboundAnswer>> store_inbound(ports::InboundCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::store_inbound(engine, command);
        };
        return writer_->call<Result<ports::InboundAnswer>>(std::move(work));
    }
    Task<Result<ports::InboxBatch>> lease_inbox(ports::InboxLease command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::lease_inbox(engine, command);
        };
        return writer_->call<Result<ports::InboxBatch>>(std::move(work));
    }
    Task<Result<bool>> has_inbox(ports::InboxLease command) override {
        auto work = [command = std::move(command)](sqlite::Database& db) {
            return sqlite::has_inbox(db, command);
        };
        return readers_->call<Result<bool>>(std::move(work));
    }
    Task<Result<std::optional<ports::InboxItem>>> find_inbox(core::TenantId tenant,
                                                             std::optional<core::SystemId> system,
                                                             core::InboxId id) override {
        auto work = [tenant = std::move(tenant), system = std::move(system),
                     id](sqlite::Database& db) {
            return sqlite::find_inbox(db, tenant, system, id);
        };
        return readers_->call<Result<std::optional<ports::InboxItem>>>(std::move(work));
    }
    Task<Result<std::vector<ports::InboxItem>>> list_inbox(ports::InboxQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::list_inbox(db, query);
        };
        return readers_->call<Result<std::vector<ports::InboxItem>>>(std::move(work));
    }
    Task<Result<std::size_t>> replay_inbox(ports::InboxReplay command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::replay_inbox(engine, command);
        };
        return writer_->call<Result<std::size_t>>(std::move(work));
    }
    Task<Result<std::vector<ports::InboxCount>>> inbox_counts(core::TenantId tenant,
                                                              std::optional<core::SystemId> system,
                                                              core::Time from,
                                                              core::Time until) override {
        auto work = [tenant = std::move(tenant), system = std::move(system), from,
                     until](sqlite::Database& db) {
            return sqlite::inbox_counts(db, tenant, system, from, until);
        };
        return readers_->call<Result<std::vector<ports::InboxCount>>>(std::move(work));
    }
    Task<Result<std::vector<ports::Settlement>>>
    claim_settlements(ports::SettlementClaim command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::claim_settlements(engine, command);
        };
        return writer_->call<Result<std::vector<ports::Settlement>>>(std::move(work));
    }
    Task<Result<void>> finish_settlement(ports::SettlementDone command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::finish_settlement(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> release_quarantined(ports::ReleaseCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::release_quarantined(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> settle_inbox(ports::InboxSettle command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::settle_inbox(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::vector<ports::QuarantinedItem>>>
    quarantined(ports::QuarantineQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::quarantined(db, query);
        };
        return readers_->call<Result<std::vector<ports::QuarantinedItem>>>(std::move(work));
    }
    Task<Result<std::optional<ports::QuarantinedItem>>>
    find_quarantined(core::TenantId tenant, core::InboxId id) override {
        auto work = [tenant = std::move(tenant), id](sqlite::Database& db) {
            return sqlite::find_quarantined(db, tenant, id);
        };
        return readers_->call<Result<std::optional<ports::QuarantinedItem>>>(std::move(work));
    }
    Task<Result<void>> resolve_quarantined(ports::ResolveCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::resolve_quarantined(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<ports::DocumentRecord>> put_document(ports::DocumentRecord record) override {
        auto work = [record = std::move(record)](sqlite::Engine& engine) {
            return sqlite::put_document(engine, record);
        };
        return writer_->call<Result<ports::DocumentRecord>>(std::move(work));
    }
    Task<Result<std::optional<ports::DocumentRecord>>> find_document(core::TenantId tenant,
                                                                     core::Sha256 hash) override {
        auto work = [tenant = std::move(tenant), hash = std::move(hash)](sqlite::Database& db) {
            return sqlite::find_document(db, tenant, hash);
        };
        return readers_->call<Result<std::optional<ports::DocumentRecord>>>(std::move(work));
    }
    Task<Result<bool>> may_read_document(core::TenantId tenant, core::SystemId system,
                                         bool sees_all, core::Sha256 hash) override {
        auto work = [tenant = std::move(tenant), system = std::move(system),
                     sees_all = std::move(sees_all), hash = std::move(hash)](sqlite::Database& db) {
            return sqlite::may_read_document(db, tenant, system, sees_all, hash);
        };
        return readers_->call<Result<bool>>(std::move(work));
    }
    Task<Result<std::vector<ports::DocumentRecord>>> orphan_documents(core::Time before,
                                                                      std::size_t limit) override {
        auto work = [before = std::move(before), limit = std::move(limit)](sqlite::Database& db) {
            return sqlite::orphan_documents(db, before, limit);
        };
        return readers_->call<Result<std::vector<ports::DocumentRecord>>>(std::move(work));
    }
    Task<Result<std::vector<ports::DocumentRecord>>>
    documents_after(core::TenantId tenant, core::Sha256 hash, std::size_t limit) override {
        auto work = [tenant = std::move(tenant), hash, limit](sqlite::Database& db) {
            return sqlite::documents_after(db, tenant, hash, limit);
        };
        return readers_->call<Result<std::vector<ports::DocumentRecord>>>(std::move(work));
    }
    Task<Result<void>> forget_document(core::TenantId tenant, core::Sha256 hash) override {
        auto work = [tenant = std::move(tenant), hash = std::move(hash)](sqlite::Engine& engine) {
            return sqlite::forget_document(engine, tenant, hash);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<ports::StateEntry>> get_state(core::ConnectionId connection,
                                              std::string key) override {
        auto work = [connection = std::move(connection), key = std::move(key)](
                        sqlite::Database& db) { return sqlite::get_state(db, connection, key); };
        return readers_->call<Result<ports::StateEntry>>(std::move(work));
    }
    Task<Result<std::uint64_t>> put_state(core::ConnectionId connection, std::string key,
                                          std::string value, std::uint64_t expected) override {
        auto work = [connection = std::move(connection), key = std::move(key),
                     value = std::move(value),
                     expected = std::move(expected)](sqlite::Engine& engine) {
            return sqlite::put_state(engine, connection, key, value, expected);
        };
        return writer_->call<Result<std::uint64_t>>(std::move(work));
    }
    Task<Result<std::optional<core::Fence>>> take_named_lease(std::string name, std::string owner,
                                                              core::Time now,
                                                              core::Time until) override {
        auto work = [name = std::move(name), owner = std::move(owner), now = std::move(now),
                     until = std::move(until)](sqlite::Engine& engine) {
            return sqlite::take_named_lease(engine, name, owner, now, until);
        };
        return writer_->call<Result<std::optional<core::Fence>>>(std::move(work));
    }
    Task<Result<void>> drop_named_lease(std::string name, core::Fence fence) override {
        auto work = [name = std::move(name), fence = std::move(fence)](sqlite::Engine& engine) {
            return sqlite::drop_named_lease(engine, name, fence);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> put_credential(ports::Credential credential) override {
        auto work = [credential = std::move(credential)](sqlite::Engine& engine) {
            return sqlite::put_credential(engine, credential);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::optional<ports::Credential>>> find_credential(std::string key_id) override {
        auto work = [key_id = std::move(key_id)](sqlite::Database& db) {
            return sqlite::find_credential(db, key_id);
        };
        return readers_->call<Result<std::optional<ports::Credential>>>(std::move(work));
    }
    Task<Result<std::vector<ports::Credential>>>
    list_credentials(std::optional<core::TenantId> tenant) override {
        auto work = [tenant = std::move(tenant)](sqlite::Database& db) {
            return sqlite::list_credentials(db, tenant);
        };
        return readers_->call<Result<std::vector<ports::Credential>>>(std::move(work));
    }
    Task<Result<void>> revoke_credential(std::string key_id, core::Time at) override {
        auto work = [key_id = std::move(key_id), at = std::move(at)](sqlite::Engine& engine) {
            return sqlite::revoke_credential(engine, key_id, at);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::uint64_t>> add_config_version(ports::ConfigVersion version) override {
        auto work = [version = std::move(version)](sqlite::Engine& engine) {
            return sqlite::add_config_version(engine, version);
        };
        return writer_->call<Result<std::uint64_t>>(std::move(work));
    }
    Task<Result<std::vector<ports::ConfigVersion>>> config_versions(std::size_t limit) override {
        auto work = [limit = std::move(limit)](sqlite::Database& db) {
            return sqlite::config_versions(db, limit);
        };
        return readers_->call<Result<std::vector<ports::ConfigVersion>>>(std::move(work));
    }
    Task<Result<std::uint64_t>> put_subscription(ports::SubscriptionChange change) override {
        auto work = [change = std::move(change)](sqlite::Engine& engine) {
            return sqlite::put_subscription(engine, change);
        };
        return writer_->call<Result<std::uint64_t>>(std::move(work));
    }
    Task<Result<std::vector<ports::Subscription>>>
    list_subscriptions(std::optional<core::TenantId> tenant) override {
        auto work = [tenant = std::move(tenant)](sqlite::Database& db) {
            return sqlite::list_subscriptions(db, tenant);
        };
        return readers_->call<Result<std::vector<ports::Subscription>>>(std::move(work));
    }
    Task<Result<std::optional<ports::Subscription>>> find_subscription(core::TenantId tenant,
                                                                       core::Uuid id) override {
        auto work = [tenant = std::move(tenant), id](sqlite::Database& db) {
            return sqlite::find_subscription(db, tenant, id);
        };
        return readers_->call<Result<std::optional<ports::Subscription>>>(std::move(work));
    }
    Task<Result<void>> remove_subscription(core::TenantId tenant, core::Uuid id) override {
        auto work = [tenant = std::move(tenant), id](sqlite::Engine& engine) {
            return sqlite::remove_subscription(engine, tenant, id);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> advance_subscription(ports::SubscriptionStep step) override {
        auto work = [step = std::move(step)](sqlite::Engine& engine) {
            return sqlite::advance_subscription(engine, step);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::vector<ports::WaitingCall>>>
    waiting_calls(core::TenantId tenant, core::Uuid subscription, std::size_t limit) override {
        auto work = [tenant = std::move(tenant), subscription, limit](sqlite::Database& db) {
            return sqlite::waiting_calls(db, tenant, subscription, limit);
        };
        return readers_->call<Result<std::vector<ports::WaitingCall>>>(std::move(work));
    }
    Task<Result<void>> replay(ports::ReplayCommand command) override {
        auto work = [command = std::move(command)](sqlite::Engine& engine) {
            return sqlite::replay(engine, command);
        };
        return writer_->call<Result<void>>(std::move(work));
    }
    Task<Result<std::vector<ports::StoredEvent>>>
    events_at(core::TenantId tenant, std::vector<std::uint64_t> positions) override {
        auto work = [tenant = std::move(tenant), positions = std::move(positions)](
                        sqlite::Database& db) { return sqlite::events_at(db, tenant, positions); };
        return readers_->call<Result<std::vector<ports::StoredEvent>>>(std::move(work));
    }
    Task<Result<std::vector<ports::StoredEvent>>>
    find_events(core::TenantId tenant, std::optional<core::SystemId> system,
                std::vector<core::EventId> ids) override {
        auto work = [tenant = std::move(tenant), system = std::move(system),
                     ids = std::move(ids)](sqlite::Database& db) {
            return sqlite::find_events(db, tenant, system, ids);
        };
        return readers_->call<Result<std::vector<ports::StoredEvent>>>(std::move(work));
    }
    Task<Result<std::uint64_t>> position_before(core::TenantId tenant, core::Time at) override {
        auto work = [tenant = std::move(tenant), at](sqlite::Database& db) {
            return sqlite::position_before(db, tenant, at);
        };
        return readers_->call<Result<std::uint64_t>>(std::move(work));
    }
    Task<Result<std::uint64_t>> count_events_after(ports::EventQuery query) override {
        auto work = [query = std::move(query)](sqlite::Database& db) {
            return sqlite::count_events_after(db, query);
        };
        return readers_->call<Result<std::uint64_t>>(std::move(work));
    }

    Task<Result<ports::StoreCounts>> counts() override {
        auto work = [writer = writer_](sqlite::Database& db) {
            auto counts = sqlite::counts(db);
            if (counts) {
                counts->flushes = writer->flushes();
            }
            return counts;
        };
        return readers_->call<Result<ports::StoreCounts>>(std::move(work));
    }
    Task<Result<std::vector<ports::MessageCount>>>
    message_counts(std::optional<core::TenantId> tenant) override {
        auto work = [tenant = std::move(tenant)](sqlite::Database& db) {
            return sqlite::message_counts(db, tenant);
        };
        return readers_->call<Result<std::vector<ports::MessageCount>>>(std::move(work));
    }
    Task<Result<std::vector<std::string>>> verify() override {
        auto work = [](sqlite::Database& db) {
            return Result<std::vector<std::string>>(sqlite::verify(db));
        };
        return readers_->call<Result<std::vector<std::string>>>(std::move(work));
    }
    Task<Result<void>> backup(std::string folder) override {
        auto work = [options = options_, folder = std::move(folder)](sqlite::Database&) {
            return sqlite::write_backup(options, folder);
        };
        return readers_->call<Result<void>>(std::move(work));
    }
    Task<Result<void>> close() override { return close_both(writer_, readers_); }
    void on_events(std::function<void()> hint) override { writer_->on_events(std::move(hint)); }
    void on_work(std::function<void()> hint) override { writer_->on_work(std::move(hint)); }

private:
    static Task<Result<void>> close_both(std::shared_ptr<sqlite::Writer> writer,
                                         std::shared_ptr<sqlite::Readers> readers) {
        readers->close();
        co_await writer->close();
        co_return Result<void>();
    }

    sqlite::OpenOptions options_;
    std::shared_ptr<sqlite::Writer> writer_;
    std::shared_ptr<sqlite::Readers> readers_;
    sqlite::SqliteRecords records_;
};

}   // namespace

namespace sqlite {

std::unique_ptr<ports::Store> make_port(OpenOptions options, std::shared_ptr<Writer> writer,
                                        std::shared_ptr<Readers> readers) {
    return std::make_unique<SqliteStore>(std::move(options), std::move(writer), std::move(readers));
}

}   // namespace sqlite

}   // namespace gateway::store
