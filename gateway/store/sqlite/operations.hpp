#pragma once

// What the store does, each as a plain function. Those that take the Engine run inside the writer's
// transaction: they find out first and write afterwards, so that an answer of "no" has changed
// nothing. Those that take a Database read in one snapshot. Errors of the disk stick to the
// Database and are looked at by whoever called.

#include "gateway/ports/store.hpp"
#include "gateway/store/delivery_rules.hpp"
#include "gateway/store/sqlite/engine.hpp"

namespace gateway::store::sqlite {

using core::Result;

// accepting.cpp
Result<ports::AcceptAnswer> accept(Engine&, const ports::AcceptCommand&);
/// What would be answered; `accepted` when nothing stands against it. Changes nothing.
ports::AcceptAnswer judge_accept(Database&, const ports::AcceptCommand&);
/// Writes it all, in the order behind others, or at the place that stands in the record. False, and
/// nothing written, when the id is taken.
bool write_accepted(Engine&, const ports::AcceptCommand&, DeliveryRecord, bool keeps_place);
Result<std::optional<ports::IdempotencyEntry>> find_idempotency(Database&, const core::TenantId&,
                                                                const core::SystemId&,
                                                                const std::string& key_token);

// claiming.cpp
Result<std::vector<ports::ClaimedDelivery>> claim(Engine&, const ports::ClaimCommand&);
Result<std::optional<core::Time>> next_due(Database&, ports::Lane,
                                           const std::vector<core::ConnectionId>& excluded);
std::optional<core::Time> oldest_waiting(Database&);
Result<std::optional<ports::ClaimedDelivery>>
find_delivery(Database&, const std::vector<core::TenantId>&, core::DeliveryId);
/// Claims and named leases of a process that is gone: nobody else may have this database open, so
/// they end at once.
void end_old_claims(Engine&);

// attempts.cpp
Result<void> extend(Engine&, const ports::DeliveryKey&, core::Fence, core::Time lease_until);
Result<void> begin_attempt(Engine&, const ports::BeginAttempt&);
Result<void> remember(Engine&, const ports::DeliveryKey&, core::Fence,
                      const std::string& sealed_progress, const std::vector<ports::NewEvent>&);
Result<void> finish(Engine&, const ports::FinishCommand&);
Result<ports::ReceiptAnswer> apply_receipt(Engine&, const ports::ReceiptCommand&);

// exchanges.cpp
void keep_exchanges(Database&, const core::TenantId&, core::MessageId, core::DeliveryId,
                    const ports::NewExchanges&, core::Time at);
void remove_exchanges(Database&, const core::TenantId&, core::MessageId);
Result<std::vector<ports::StoredExchanges>> exchanges(Database&, const core::TenantId&,
                                                      core::MessageId, int attempt);

// wishes.cpp
Result<ports::CancelAnswer> cancel(Engine&, const ports::CancelCommand&);
Result<void> hold(Engine&, const core::TenantId&, core::DeliveryId, core::Time,
                  const std::vector<ports::NewEvent>&);
Result<void> release(Engine&, const core::TenantId&, core::DeliveryId, core::Time,
                     const std::vector<ports::NewEvent>&);
Result<void> retry(Engine&, const ports::RetryCommand&);

// mending.cpp
Result<ports::AcceptAnswer> replace(Engine&, const ports::ReplaceCommand&);
bool is_replaced(Database&, const core::TenantId&, core::MessageId);

// reading.cpp
Result<std::optional<ports::MessageView>> get(Database&, const core::TenantId&, core::MessageId);
Result<std::vector<ports::StoredEvent>> timeline(Database&, const core::TenantId&, core::MessageId,
                                                 std::size_t limit);
Result<ports::EventPage> events_after(Database&, const ports::EventQuery&);
Result<std::uint64_t> last_position(Database&);
Result<ports::StoreCounts> counts(Database&);
Result<std::vector<ports::MessageCount>> message_counts(Database&,
                                                        const std::optional<core::TenantId>&);

// search.cpp
Result<ports::SearchPage> search(Database&, const ports::SearchQuery&);
/// The statement that a search runs: for the test that no search scans.
std::string search_sql(const ports::SearchQuery&);

// inbox.cpp
Result<ports::InboundAnswer> store_inbound(Engine&, const ports::InboundCommand&);
Result<ports::InboxBatch> lease_inbox(Engine&, const ports::InboxLease&);
Result<bool> has_inbox(Database&, const ports::InboxLease&);

// inbox_settling.cpp
Result<void> settle_inbox(Engine&, const ports::InboxSettle&);
Result<std::size_t> replay_inbox(Engine&, const ports::InboxReplay&);
Result<std::vector<ports::Settlement>> claim_settlements(Engine&, const ports::SettlementClaim&);
Result<void> finish_settlement(Engine&, const ports::SettlementDone&);
Result<void> release_quarantined(Engine&, const ports::ReleaseCommand&);

// inbox_reading.cpp
Result<std::optional<ports::InboxItem>>
find_inbox(Database&, const core::TenantId&, const std::optional<core::SystemId>&, core::InboxId);
Result<std::vector<ports::InboxItem>> list_inbox(Database&, const ports::InboxQuery&);
Result<std::vector<ports::InboxCount>> inbox_counts(Database&, const core::TenantId&,
                                                    const std::optional<core::SystemId>&,
                                                    core::Time from, core::Time until);

// quarantine.cpp
/// Beside the row of the item itself, which has the number.
void put_in_quarantine(Database&, const ports::InboundCommand&, std::uint64_t number);
Result<std::vector<ports::QuarantinedItem>> quarantined(Database&, const ports::QuarantineQuery&);
Result<std::optional<ports::QuarantinedItem>> find_quarantined(Database&, const core::TenantId&,
                                                               core::InboxId);
Result<void> resolve_quarantined(Engine&, const ports::ResolveCommand&);
std::uint64_t count_quarantined(Database&);

// documents.cpp
bool has_document(Database&, const core::TenantId&, core::Sha256);
void use_document(Database&, const core::TenantId&, int kind, const core::Uuid& owner,
                  std::size_t place, const core::SystemId& system, core::Sha256 hash);
Result<ports::DocumentRecord> put_document(Engine&, const ports::DocumentRecord&);
Result<std::optional<ports::DocumentRecord>> find_document(Database&, const core::TenantId&,
                                                           core::Sha256);
Result<bool> may_read_document(Database&, const core::TenantId&, const core::SystemId&,
                               bool sees_all, core::Sha256);
Result<std::vector<ports::DocumentRecord>> orphan_documents(Database&, core::Time before,
                                                            std::size_t limit);
Result<std::vector<ports::DocumentRecord>> documents_after(Database&, const core::TenantId&,
                                                           core::Sha256, std::size_t limit);
Result<void> forget_document(Engine&, const core::TenantId&, core::Sha256);

// small.cpp
Result<ports::StateEntry> get_state(Database&, const core::ConnectionId&, const std::string& key);
Result<std::uint64_t> put_state(Engine&, const core::ConnectionId&, const std::string& key,
                                const std::string& value, std::uint64_t expected);
Result<std::optional<core::Fence>> take_named_lease(Engine&, const std::string& name,
                                                    const std::string& owner, core::Time now,
                                                    core::Time until);
Result<void> drop_named_lease(Engine&, const std::string& name, core::Fence);
Result<void> put_credential(Engine&, const ports::Credential&);
Result<std::optional<ports::Credential>> find_credential(Database&, const std::string& key_id);
Result<std::vector<ports::Credential>> list_credentials(Database&,
                                                        const std::optional<core::TenantId>&);
Result<void> revoke_credential(Engine&, const std::string& key_id, core::Time);
Result<std::uint64_t> add_config_version(Engine&, const ports::ConfigVersion&);
Result<std::vector<ports::ConfigVersion>> config_versions(Database&, std::size_t limit);

// subscriptions.cpp
Result<std::uint64_t> put_subscription(Engine&, const ports::SubscriptionChange&);
Result<std::vector<ports::Subscription>> list_subscriptions(Database&,
                                                            const std::optional<core::TenantId>&);
Result<std::optional<ports::Subscription>> find_subscription(Database&, const core::TenantId&,
                                                             core::Uuid);
Result<void> remove_subscription(Engine&, const core::TenantId&, core::Uuid);
Result<void> advance_subscription(Engine&, const ports::SubscriptionStep&);
Result<std::vector<ports::WaitingCall>> waiting_calls(Database&, const core::TenantId&,
                                                      core::Uuid subscription, std::size_t limit);
Result<void> replay(Engine&, const ports::ReplayCommand&);
Result<std::vector<ports::StoredEvent>> events_at(Database&, const core::TenantId&,
                                                  std::vector<std::uint64_t> positions);
Result<std::vector<ports::StoredEvent>> find_events(Database&, const core::TenantId&,
                                                    const std::optional<core::SystemId>&,
                                                    const std::vector<core::EventId>&);
Result<std::uint64_t> position_before(Database&, const core::TenantId&, core::Time);
Result<std::uint64_t> count_events_after(Database&, const ports::EventQuery&);

// verify.cpp
std::vector<std::string> verify(Database&);

}   // namespace gateway::store::sqlite
