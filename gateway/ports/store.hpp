#pragma once

// What is durable. Each call is one transaction and one self-contained command: ids, times and
// random values come from the caller. Sealing and tokens are made above: a store sees sealed bytes
// and 32-byte tokens only. Every call names the tenant, except claim, credential look-up, named
// leases, config versions, adapter state and maintenance.
//
// Errors of every call: storage_full (nothing changed), storage_failed (nothing changed and the
// store is finished: the program must stop), unavailable (closing). A call that returns a value has
// been fsynced when it changed anything. Any strand may call; the answer returns to the caller's
// executor.

#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/ports/subscription_types.hpp"
#include "gateway/sdk/task.hpp"

#include <string>
#include <vector>

namespace gateway::ports {

using sdk::Result;
using sdk::Task;

class RecordStore;

class Store {
public:
    virtual ~Store() = default;

    /// Records and the access log of the same store (ports/record_store.hpp): its calls share the
    /// transactions and flushes of these. Lives as long as the store.
    virtual RecordStore& records() = 0;

    // --- accepting
    /// Message, idempotency key, first delivery, document references and events, at once.
    virtual Task<Result<AcceptAnswer>> accept(AcceptCommand command) = 0;
    /// What an idempotency key stands for, without accepting.
    virtual Task<Result<std::optional<IdempotencyEntry>>>
    find_idempotency(core::TenantId tenant, core::SystemId system, std::string key_token) = 0;

    // --- dispatching
    /// Claims due work, fair by tenant and in order per order key, each with its fence. Invisible
    /// to other claimers until the lease ends. Empty when nothing is due.
    virtual Task<Result<std::vector<ClaimedDelivery>>> claim(ClaimCommand command) = 0;
    /// When the earliest unleased work of the lane falls due (may be past); nothing when there is
    /// none.
    virtual Task<Result<std::optional<core::Time>>>
    next_due(Lane lane, std::vector<core::ConnectionId> excluded) = 0;
    virtual Task<Result<void>> extend(DeliveryKey key, core::Fence fence,
                                      core::Time lease_until) = 0;
    /// The intent, before the attempt: state sending, attempt counted, connection and settings
    /// fixed.
    virtual Task<Result<void>> begin_attempt(BeginAttempt command) = 0;
    virtual Task<Result<void>> remember(DeliveryKey key, core::Fence fence,
                                        std::string sealed_progress,
                                        std::vector<NewEvent> events) = 0;
    /// Ends the claim: new state, next work and when, events, and what takes over.
    virtual Task<Result<void>> finish(FinishCommand command) = 0;
    /// Receipts, each once by its dedupe id; state moves by core::after_receipt. With or without a
    /// claim. What takes over is opened in the same transaction.
    virtual Task<Result<ReceiptAnswer>> apply_receipt(ReceiptCommand command) = 0;

    /// The delivery of the first of these tenants that has one of this id, whatever became of it;
    /// as if claimed, but without a claim.
    virtual Task<Result<std::optional<ClaimedDelivery>>>
    find_delivery(std::vector<core::TenantId> tenants, core::DeliveryId delivery) = 0;

    // --- a person's or a system's wish
    virtual Task<Result<CancelAnswer>> cancel(CancelCommand command) = 0;
    virtual Task<Result<void>> hold(core::TenantId tenant, core::DeliveryId delivery, core::Time at,
                                    std::vector<NewEvent> events) = 0;
    virtual Task<Result<void>> release(core::TenantId tenant, core::DeliveryId delivery,
                                       core::Time at, std::vector<NewEvent> events) = 0;
    /// Closes the old (terminal failed/expired/cancelled, or held) and opens the new, atomically.
    /// `conflict` in any other state.
    virtual Task<Result<void>> retry(RetryCommand command) = 0;
    /// Closes a message for good and accepts a corrected one in its place of the order, atomically;
    /// the same idempotency key and content again gives the first answer. not_found | `conflict`
    /// when the old one is not as it was seen, or may not be replaced.
    virtual Task<Result<AcceptAnswer>> replace(ReplaceCommand command) = 0;

    // --- reading
    virtual Task<Result<std::optional<MessageView>>> get(core::TenantId tenant,
                                                         core::MessageId message) = 0;
    virtual Task<Result<std::vector<StoredEvent>>>
    timeline(core::TenantId tenant, core::MessageId message, std::size_t limit) = 0;
    /// Of one attempt of each of the message's deliveries, by delivery, work and call.
    virtual Task<Result<std::vector<StoredExchanges>>>
    exchanges(core::TenantId tenant, core::MessageId message, int attempt) = 0;
    /// Newest first. Always by an index.
    virtual Task<Result<SearchPage>> search(SearchQuery query) = 0;
    /// In commit order; never skips an event that becomes visible later.
    virtual Task<Result<EventPage>> events_after(EventQuery query) = 0;
    /// The position of the newest event.
    virtual Task<Result<std::uint64_t>> last_position() = 0;
    /// Called (from any thread, cheap) after each commit that added events; a hint, never the only
    /// way to learn of them.
    virtual void on_events(std::function<void()> hint) = 0;
    /// Called after each commit that may have made work due.
    virtual void on_work(std::function<void()> hint) = 0;

    // --- inbound
    virtual Task<Result<InboundAnswer>> store_inbound(InboundCommand command) = 0;
    /// In the order they came; of an order key only the first that is not settled.
    virtual Task<Result<InboxBatch>> lease_inbox(InboxLease command) = 0;
    /// Whether lease_inbox would change anything. Cheap.
    virtual Task<Result<bool>> has_inbox(InboxLease command) = 0;
    /// not_found | conflict (leased by another since, or settled otherwise) | done, also when
    /// repeated.
    virtual Task<Result<void>> settle_inbox(InboxSettle command) = 0;
    /// The system's copy; of any system, the first, when none is named.
    virtual Task<Result<std::optional<InboxItem>>>
    find_inbox(core::TenantId tenant, std::optional<core::SystemId> system, core::InboxId id) = 0;
    /// Newest first, without content.
    virtual Task<Result<std::vector<InboxItem>>> list_inbox(InboxQuery query) = 0;
    /// Dead and settled copies are handed out again, in their old place; how many. not_found |
    /// conflict: none is dead or settled. The component is told nothing anew.
    virtual Task<Result<std::size_t>> replay_inbox(InboxReplay command) = 0;
    /// Of what was received in [from, until), of one system or of all.
    virtual Task<Result<std::vector<InboxCount>>> inbox_counts(core::TenantId tenant,
                                                               std::optional<core::SystemId> system,
                                                               core::Time from,
                                                               core::Time until) = 0;
    /// What adapters are to be told now: all copies acknowledged, one rejected, or overdue. Each
    /// item is settled once.
    virtual Task<Result<std::vector<Settlement>>> claim_settlements(SettlementClaim command) = 0;
    virtual Task<Result<void>> finish_settlement(SettlementDone command) = 0;

    /// What is quarantined, newest first, without its bytes. Always by an index.
    virtual Task<Result<std::vector<QuarantinedItem>>> quarantined(QuarantineQuery query) = 0;
    virtual Task<Result<std::optional<QuarantinedItem>>> find_quarantined(core::TenantId tenant,
                                                                          core::InboxId id) = 0;
    /// A person has looked at it. not_found | conflict: settled before.
    virtual Task<Result<void>> resolve_quarantined(ResolveCommand command) = 0;
    /// Settles it, and each system has its copy. not_found | conflict: settled before, or no
    /// message.
    virtual Task<Result<void>> release_quarantined(ReleaseCommand command) = 0;

    // --- documents (the bytes lie behind ports::Documents)
    /// The same document again is the same: keeps the first key, adds the uploader.
    virtual Task<Result<DocumentRecord>> put_document(DocumentRecord record) = 0;
    virtual Task<Result<std::optional<DocumentRecord>>> find_document(core::TenantId tenant,
                                                                      core::Sha256 hash) = 0;
    /// The uploader, or a system that may see a message referring to it.
    virtual Task<Result<bool>> may_read_document(core::TenantId tenant, core::SystemId system,
                                                 bool sees_all, core::Sha256 hash) = 0;
    /// Older than `before`, without a reference, of tenants with nothing in quarantine or untold.
    virtual Task<Result<std::vector<DocumentRecord>>> orphan_documents(core::Time before,
                                                                       std::size_t limit) = 0;
    /// All tenants' by tenant and hash, from behind this one on: to look at every document there
    /// is.
    virtual Task<Result<std::vector<DocumentRecord>>>
    documents_after(core::TenantId tenant, core::Sha256 hash, std::size_t limit) = 0;
    /// Its key is destroyed. `conflict` when a reference came meanwhile.
    virtual Task<Result<void>> forget_document(core::TenantId tenant, core::Sha256 hash) = 0;

    // --- small durable things
    virtual Task<Result<StateEntry>> get_state(core::ConnectionId connection, std::string key) = 0;
    virtual Task<Result<std::uint64_t>> put_state(core::ConnectionId connection, std::string key,
                                                  std::string value, std::uint64_t expected) = 0;
    virtual Task<Result<std::optional<core::Fence>>>
    take_named_lease(std::string name, std::string owner, core::Time now, core::Time until) = 0;
    virtual Task<Result<void>> drop_named_lease(std::string name, core::Fence fence) = 0;
    virtual Task<Result<void>>
    put_credential(Credential credential) = 0;   // conflict: the key id exists
    virtual Task<Result<std::optional<Credential>>> find_credential(std::string key_id) = 0;
    virtual Task<Result<std::vector<Credential>>>
    list_credentials(std::optional<core::TenantId> tenant) = 0;
    virtual Task<Result<void>> revoke_credential(std::string key_id, core::Time at) = 0;
    virtual Task<Result<std::uint64_t>> add_config_version(ConfigVersion version) = 0;
    virtual Task<Result<std::vector<ConfigVersion>>>
    config_versions(std::size_t limit) = 0;   // newest first

    // --- subscriptions to events
    /// Written, new or changed; gives the new version. Enabling forgets old failures and lets what
    /// waits be tried now. conflict: another version stands there, or it is not new. not_found.
    virtual Task<Result<std::uint64_t>> put_subscription(SubscriptionChange change) = 0;
    /// Of one tenant or of all, in the order of their ids.
    virtual Task<Result<std::vector<Subscription>>>
    list_subscriptions(std::optional<core::TenantId> tenant) = 0;
    virtual Task<Result<std::optional<Subscription>>> find_subscription(core::TenantId tenant,
                                                                        core::Uuid id) = 0;
    virtual Task<Result<void>> remove_subscription(core::TenantId tenant, core::Uuid id) = 0;
    /// Progress and calls, at once. conflict: a replay has moved the position, nothing is changed.
    virtual Task<Result<void>> advance_subscription(SubscriptionStep step) = 0;
    /// The calls that wait, the first due first; none that were given up.
    virtual Task<Result<std::vector<WaitingCall>>>
    waiting_calls(core::TenantId tenant, core::Uuid subscription, std::size_t limit) = 0;
    /// Moves the position back, or puts calls among those that wait, due at once. not_found.
    virtual Task<Result<void>> replay(ReplayCommand command) = 0;
    /// Those that are there, in the order of their positions.
    virtual Task<Result<std::vector<StoredEvent>>>
    events_at(core::TenantId tenant, std::vector<std::uint64_t> positions) = 0;
    /// The same by their ids; of one system, or of all.
    virtual Task<Result<std::vector<StoredEvent>>> find_events(core::TenantId tenant,
                                                               std::optional<core::SystemId> system,
                                                               std::vector<core::EventId> ids) = 0;
    /// A position beyond which every event of the tenant lies whose id was made at `at` or later.
    virtual Task<Result<std::uint64_t>> position_before(core::TenantId tenant, core::Time at) = 0;
    /// How many events lie beyond the position, counted up to a limit.
    virtual Task<Result<std::uint64_t>> count_events_after(EventQuery query) = 0;

    // --- maintenance
    virtual Task<Result<StoreCounts>> counts() = 0;
    /// Exact, without counting rows, by tenant, system, channel and state; of one tenant or of all.
    virtual Task<Result<std::vector<MessageCount>>>
    message_counts(std::optional<core::TenantId> tenant) = 0;
    /// Online: `<folder>/sluse-data.db` without the key table, and `<folder>/sluse-keys.db`. The
    /// folder must be empty.
    virtual Task<Result<void>> backup(std::string folder) = 0;
    /// Every fault found in structure and references, in words; empty when sound.
    virtual Task<Result<std::vector<std::string>>> verify() = 0;
    virtual Task<Result<void>> close() = 0;
};

}   // namespace gateway::ports
