#include "gateway/store/memory/memory_store.hpp"

#include "gateway/ports/alarm_store.hpp"
#include "gateway/ports/asked_store.hpp"
#include "gateway/ports/failure_store.hpp"
#include "gateway/ports/retention_store.hpp"
#include "gateway/store/memory/memory_asked.hpp"
#include "gateway/store/memory/memory_benefits.hpp"
#include "gateway/store/memory/memory_engine.hpp"
#include "gateway/store/memory/memory_records.hpp"

namespace gateway::store {
namespace {

using sdk::Result;
using sdk::Task;

/// Answers at once, on the caller's executor.
class MemoryStore final : public ports::Store,
                          public ports::FailureStore,
                          public ports::AlarmStore,
                          public ports::AskedStore,
                          public ports::BenefitStore,
                          public ports::FlowStore,
                          public ports::RetentionStore {
public:
    ports::RecordStore& records() override { return records_; }

    Task<Result<std::vector<ports::FailureCount>>>
    failures(std::optional<core::TenantId> tenant) override {
        co_return engine_.failures(tenant);
    }
    Task<Result<std::vector<ports::FailedDelivery>>> failed(ports::FailureQuery query) override {
        co_return engine_.failed(query);
    }

    Task<Result<void>> ask(ports::AskedAct act) override { co_return asked_.ask(std::move(act)); }
    Task<Result<std::optional<ports::AskedAct>>> find_asked(core::Uuid id) override {
        co_return asked_.find_asked(id);
    }
    Task<Result<std::vector<ports::AskedAct>>> asked(ports::AskedQuery query) override {
        co_return asked_.asked(query);
    }
    Task<Result<std::vector<ports::AskedAct>>> asked_due(core::Time now,
                                                         std::size_t limit) override {
        co_return asked_.asked_due(now, limit);
    }
    Task<Result<void>> move_asked(ports::AskedMove move) override {
        co_return asked_.move_asked(move);
    }
    Task<Result<void>> forget_asked(core::Time before) override {
        co_return asked_.forget_asked(before);
    }

    Task<Result<std::vector<ports::Alarm>>> open_alarms() override {
        co_return engine_.open_alarms();
    }
    Task<Result<std::vector<ports::Alarm>>> alarms(ports::AlarmQuery query) override {
        co_return engine_.alarms(query);
    }
    Task<Result<std::optional<ports::Alarm>>> find_alarm(core::Uuid id) override {
        co_return engine_.find_alarm(id);
    }
    Task<Result<void>> put_alarms(ports::AlarmStep step) override {
        co_return engine_.put_alarms(step);
    }
    Task<Result<void>> acknowledge_alarm(core::Uuid id, ports::AlarmAcknowledgement how) override {
        co_return engine_.acknowledge_alarm(id, how);
    }
    Task<Result<std::vector<ports::AlarmNotice>>> notices_due(core::Time now,
                                                              std::size_t limit) override {
        co_return engine_.notices_due(now, limit);
    }
    Task<Result<std::vector<ports::AlarmNotice>>> notices_of(core::Uuid alarm) override {
        co_return engine_.notices_of(alarm);
    }
    Task<Result<void>> put_notice(ports::AlarmNotice notice) override {
        co_return engine_.put_notice(notice);
    }
    Task<Result<void>> forget_alarms(core::Time before, std::int64_t traffic_before) override {
        co_return engine_.forget_alarms(before, traffic_before);
    }
    Task<Result<bool>> tally_traffic(ports::TrafficTally tally) override {
        co_return engine_.tally_traffic(tally);
    }
    Task<Result<std::vector<ports::TrafficDay>>> traffic(core::TenantId tenant) override {
        co_return engine_.traffic(tenant);
    }
    Task<Result<std::vector<ports::WaitingMessage>>> waiting(core::TenantId tenant,
                                                             core::Time now) override {
        co_return engine_.waiting(tenant, now);
    }
    Task<Result<std::vector<ports::ToldEvent>>> told(core::TenantId tenant,
                                                     core::Time since) override {
        co_return engine_.told(tenant, since);
    }
    Task<Result<void>> add_benefits(std::chrono::sys_days day,
                                    std::vector<ports::BenefitCount> counts,
                                    std::chrono::sys_days apart) override {
        benefits_.add(day, counts, apart);
        co_return Result<void>();
    }
    Task<Result<ports::BenefitSums>> benefits(std::optional<std::chrono::sys_days> from,
                                              std::optional<std::chrono::sys_days> until) override {
        co_return benefits_.sums(from, until);
    }

    Task<Result<ports::FlowSeries>> flow_series(ports::FlowQuery query) override {
        co_return engine_.flow_series(query);
    }
    Task<Result<std::vector<ports::FlowWay>>> flow_ways(ports::FlowQuery query) override {
        co_return engine_.flow_ways(query);
    }
    Task<Result<bool>> keep_flow(std::int64_t apart, std::int64_t forget) override {
        co_return engine_.keep_flow(apart, forget);
    }

    Task<Result<ports::RetentionPage>> retention_page(ports::RetentionQuery query) override {
        co_return engine_.retention_page(query);
    }
    Task<Result<std::size_t>> retain(ports::RetentionStep step) override {
        const MemoryEngine::KnownPersons known = [this,
                                                  &step](const std::vector<std::string>& tokens) {
            return records_.known_persons(step.tenant, tokens);
        };
        std::vector<ports::NewLogEntry> log;
        auto done = engine_.retain(step, known, log);
        records_.append_log(step.tenant, log);
        co_return done;
    }
    Task<Result<ports::BareRemoved>> remove_bare(ports::BareRemoval command) override {
        std::vector<ports::NewLogEntry> log;
        auto done = engine_.bare(command, true, log);
        records_.append_log(command.tenant, log);
        co_return done;
    }
    Task<Result<ports::BareRemoved>> count_bare(ports::BareRemoval command) override {
        std::vector<ports::NewLogEntry> log;
        co_return engine_.bare(command, false, log);
    }
    Task<Result<ports::QuarantineTurn>> retire_quarantined(ports::QuarantineTerm term) override {
        std::vector<ports::NewLogEntry> log;
        auto done = engine_.quarantine_term(term, records_.holds_anybody(term.tenant), true, log);
        records_.append_log(term.tenant, log);
        co_return done;
    }
    Task<Result<ports::QuarantineTurn>> count_quarantined(ports::QuarantineTerm term) override {
        std::vector<ports::NewLogEntry> log;
        co_return engine_.quarantine_term(term, records_.holds_anybody(term.tenant), false, log);
    }
    Task<Result<ports::QuarantineEnding>> quarantine_ending(core::TenantId tenant) override {
        co_return engine_.quarantine_ending(tenant);
    }
    Task<Result<std::size_t>> forget_removed(core::Time before) override {
        co_return engine_.forget_removed(before);
    }
    Task<Result<std::optional<ports::SweepPlace>>> sweep_erased(ports::SweepPlace,
                                                                std::size_t) override {
        if (const auto swept = engine_.sweep_erased(); !swept) {
            co_return swept.error();
        }
        co_return std::optional<ports::SweepPlace>();
    }
    Task<Result<void>> hold_content(core::TenantId tenant, ports::KeptKind kind, core::Uuid id,
                                    bool held, core::Time, std::vector<ports::NewLogEntry> log,
                                    std::vector<ports::NewEvent> events) override {
        auto done = engine_.hold_content(tenant, kind, id, held, events);
        if (done) {
            records_.append_log(tenant, log);
        }
        co_return done;
    }

    Task<Result<ports::AcceptAnswer>> accept(ports::AcceptCommand command) override {
        co_return engine_.accept(command);
    }
    Task<Result<std::optional<ports::IdempotencyEntry>>>
    find_idempotency(core::TenantId tenant, core::SystemId system, std::string key_token) override {
        co_return engine_.find_idempotency(tenant, system, key_token);
    }
    Task<Result<std::vector<ports::ClaimedDelivery>>> claim(ports::ClaimCommand command) override {
        co_return engine_.claim(command);
    }
    Task<Result<std::optional<core::Time>>>
    next_due(ports::Lane lane, std::vector<core::ConnectionId> excluded) override {
        co_return engine_.next_due(lane, excluded);
    }
    Task<Result<void>> extend(ports::DeliveryKey key, core::Fence fence,
                              core::Time lease_until) override {
        co_return engine_.extend(key, fence, lease_until);
    }
    Task<Result<void>> begin_attempt(ports::BeginAttempt command) override {
        co_return engine_.begin_attempt(command);
    }
    Task<Result<void>> remember(ports::DeliveryKey key, core::Fence fence,
                                std::string sealed_progress,
                                std::vector<ports::NewEvent> events) override {
        co_return engine_.remember(key, fence, std::move(sealed_progress), events);
    }
    Task<Result<void>> finish(ports::FinishCommand command) override {
        co_return engine_.finish(command);
    }
    Task<Result<ports::ReceiptAnswer>> apply_receipt(ports::ReceiptCommand command) override {
        co_return engine_.apply_receipt(command);
    }
    Task<Result<std::optional<ports::ClaimedDelivery>>>
    find_delivery(std::vector<core::TenantId> tenants, core::DeliveryId delivery) override {
        co_return engine_.find_delivery(tenants, delivery);
    }
    Task<Result<ports::CancelAnswer>> cancel(ports::CancelCommand command) override {
        co_return engine_.cancel(command);
    }
    Task<Result<void>> hold(core::TenantId tenant, core::DeliveryId delivery, core::Time at,
                            std::vector<ports::NewEvent> events) override {
        co_return engine_.hold(tenant, delivery, at, events);
    }
    Task<Result<void>> release(core::TenantId tenant, core::DeliveryId delivery, core::Time at,
                               std::vector<ports::NewEvent> events) override {
        co_return engine_.release(tenant, delivery, at, events);
    }
    Task<Result<void>> retry(ports::RetryCommand command) override {
        co_return engine_.retry(command);
    }
    Task<Result<ports::AcceptAnswer>> replace(ports::ReplaceCommand command) override {
        co_return engine_.replace(command);
    }
    Task<Result<std::optional<ports::MessageView>>> get(core::TenantId tenant,
                                                        core::MessageId message) override {
        co_return engine_.get(tenant, message);
    }
    Task<Result<std::vector<ports::StoredEvent>>>
    timeline(core::TenantId tenant, core::MessageId message, std::size_t limit) override {
        co_return engine_.timeline(tenant, message, limit);
    }
    Task<Result<std::vector<ports::StoredExchanges>>>
    exchanges(core::TenantId tenant, core::MessageId message, int attempt) override {
        co_return engine_.exchanges(tenant, message, attempt);
    }
    Task<Result<ports::SearchPage>> search(ports::SearchQuery query) override {
        co_return engine_.search(query);
    }
    Task<Result<ports::EventPage>> events_after(ports::EventQuery query) override {
        co_return engine_.events_after(query);
    }
    Task<Result<std::uint64_t>> last_position() override { co_return engine_.last_position(); }
    Task<Result<ports::InboundAnswer>> store_inbound(ports::InboundCommand command) override {
        co_return engine_.store_inbound(command);
    }
    Task<Result<bool>> has_inbox(ports::InboxLease command) override {
        co_return engine_.has_inbox(command);
    }
    Task<Result<std::optional<ports::InboxItem>>> find_inbox(core::TenantId tenant,
                                                             std::optional<core::SystemId> system,
                                                             core::InboxId id) override {
        co_return engine_.find_inbox(tenant, system, id);
    }
    Task<Result<std::vector<ports::InboxItem>>> list_inbox(ports::InboxQuery query) override {
        co_return engine_.list_inbox(query);
    }
    Task<Result<std::size_t>> replay_inbox(ports::InboxReplay command) override {
        co_return engine_.replay_inbox(command);
    }
    Task<Result<std::vector<ports::InboxCount>>> inbox_counts(core::TenantId tenant,
                                                              std::optional<core::SystemId> system,
                                                              core::Time from,
                                                              core::Time until) override {
        co_return engine_.inbox_counts(tenant, system, from, until);
    }
    Task<Result<std::vector<ports::Settlement>>>
    claim_settlements(ports::SettlementClaim command) override {
        co_return engine_.claim_settlements(command);
    }
    Task<Result<void>> finish_settlement(ports::SettlementDone command) override {
        co_return engine_.finish_settlement(command);
    }
    Task<Result<void>> release_quarantined(ports::ReleaseCommand command) override {
        co_return engine_.release_quarantined(command);
    }
    Task<Result<ports::InboxBatch>> lease_inbox(ports::InboxLease command) override {
        co_return engine_.lease_inbox(command);
    }
    Task<Result<void>> settle_inbox(ports::InboxSettle command) override {
        co_return engine_.settle_inbox(command);
    }
    Task<Result<std::vector<ports::QuarantinedItem>>>
    quarantined(ports::QuarantineQuery query) override {
        co_return engine_.quarantined(query);
    }
    Task<Result<std::optional<ports::QuarantinedItem>>>
    find_quarantined(core::TenantId tenant, core::InboxId id) override {
        co_return engine_.find_quarantined(tenant, id);
    }
    Task<Result<void>> resolve_quarantined(ports::ResolveCommand command) override {
        co_return engine_.resolve_quarantined(command);
    }
    Task<Result<ports::DocumentRecord>> put_document(ports::DocumentRecord record) override {
        co_return engine_.put_document(record);
    }
    Task<Result<std::optional<ports::DocumentRecord>>> find_document(core::TenantId tenant,
                                                                     core::Sha256 hash) override {
        co_return engine_.find_document(tenant, hash);
    }
    Task<Result<bool>> may_read_document(core::TenantId tenant, core::SystemId system,
                                         bool sees_all, core::Sha256 hash) override {
        co_return engine_.may_read_document(tenant, system, sees_all, hash);
    }
    Task<Result<std::vector<ports::DocumentRecord>>> orphan_documents(core::Time before,
                                                                      std::size_t limit) override {
        co_return engine_.orphan_documents(before, limit);
    }
    Task<Result<std::vector<ports::DocumentRecord>>>
    documents_after(core::TenantId tenant, core::Sha256 hash, std::size_t limit) override {
        co_return engine_.documents_after(tenant, hash, limit);
    }
    Task<Result<void>> forget_document(core::TenantId tenant, core::Sha256 hash) override {
        co_return engine_.forget_document(tenant, hash);
    }
    Task<Result<ports::StateEntry>> get_state(core::ConnectionId connection,
                                              std::string key) override {
        co_return engine_.get_state(connection, key);
    }
    Task<Result<std::uint64_t>> put_state(core::ConnectionId connection, std::string key,
                                          std::string value, std::uint64_t expected) override {
        co_return engine_.put_state(connection, key, std::move(value), expected);
    }
    Task<Result<std::optional<core::Fence>>> take_named_lease(std::string name, std::string owner,
                                                              core::Time now,
                                                              core::Time until) override {
        co_return engine_.take_named_lease(name, owner, now, until);
    }
    Task<Result<void>> drop_named_lease(std::string name, core::Fence fence) override {
        co_return engine_.drop_named_lease(name, fence);
    }
    Task<Result<void>> put_credential(ports::Credential credential) override {
        co_return engine_.put_credential(credential);
    }
    Task<Result<std::optional<ports::Credential>>> find_credential(std::string key_id) override {
        co_return engine_.find_credential(key_id);
    }
    Task<Result<std::vector<ports::Credential>>>
    list_credentials(std::optional<core::TenantId> tenant) override {
        co_return engine_.list_credentials(tenant);
    }
    Task<Result<void>> revoke_credential(std::string key_id, core::Time at) override {
        co_return engine_.revoke_credential(key_id, at);
    }
    Task<Result<std::uint64_t>> add_config_version(ports::ConfigVersion version) override {
        co_return engine_.add_config_version(std::move(version));
    }
    Task<Result<std::vector<ports::ConfigVersion>>> config_versions(std::size_t limit) override {
        co_return engine_.config_versions(limit);
    }
    Task<Result<std::uint64_t>> put_subscription(ports::SubscriptionChange change) override {
        co_return engine_.put_subscription(change);
    }
    Task<Result<std::vector<ports::Subscription>>>
    list_subscriptions(std::optional<core::TenantId> tenant) override {
        co_return engine_.list_subscriptions(tenant);
    }
    Task<Result<std::optional<ports::Subscription>>> find_subscription(core::TenantId tenant,
                                                                       core::Uuid id) override {
        co_return engine_.find_subscription(tenant, id);
    }
    Task<Result<void>> remove_subscription(core::TenantId tenant, core::Uuid id) override {
        co_return engine_.remove_subscription(tenant, id);
    }
    Task<Result<void>> advance_subscription(ports::SubscriptionStep step) override {
        co_return engine_.advance_subscription(step);
    }
    Task<Result<std::vector<ports::WaitingCall>>>
    waiting_calls(core::TenantId tenant, core::Uuid subscription, std::size_t limit) override {
        co_return engine_.waiting_calls(tenant, subscription, limit);
    }
    Task<Result<void>> replay(ports::ReplayCommand command) override {
        co_return engine_.replay(command);
    }
    Task<Result<std::vector<ports::StoredEvent>>>
    events_at(core::TenantId tenant, std::vector<std::uint64_t> positions) override {
        co_return engine_.events_at(tenant, positions);
    }
    Task<Result<std::vector<ports::StoredEvent>>>
    find_events(core::TenantId tenant, std::optional<core::SystemId> system,
                std::vector<core::EventId> ids) override {
        co_return engine_.find_events(tenant, system, ids);
    }
    Task<Result<std::uint64_t>> position_before(core::TenantId tenant, core::Time at) override {
        co_return engine_.position_before(tenant, at);
    }
    Task<Result<std::uint64_t>> count_events_after(ports::EventQuery query) override {
        co_return engine_.count_events_after(query);
    }
    Task<Result<ports::StoreCounts>> counts() override { co_return engine_.counts(); }
    Task<Result<std::vector<ports::MessageCount>>>
    message_counts(std::optional<core::TenantId> tenant) override {
        co_return engine_.message_counts(tenant);
    }
    Task<Result<std::vector<std::string>>> verify() override { co_return engine_.verify(); }
    Task<Result<void>> close() override { co_return engine_.close(); }
    Task<Result<void>> backup(std::string) override {
        co_return core::Failure(core::Errc::unsupported, "a store in memory keeps nothing");
    }
    void on_events(std::function<void()> hint) override { engine_.on_events(std::move(hint)); }
    void on_work(std::function<void()> hint) override { engine_.on_work(std::move(hint)); }

private:
    MemoryEngine engine_;
    MemoryBenefits benefits_;
    MemoryAsked asked_;
    MemoryRecords records_{engine_};
};

}   // namespace

std::unique_ptr<ports::Store> make_memory_store() {
    return std::make_unique<MemoryStore>();
}

}   // namespace gateway::store
