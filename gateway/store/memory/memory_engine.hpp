#pragma once

// The in-memory store's data and operations, all under one lock. Private to this folder.

#include "gateway/ports/alarm_store.hpp"
#include "gateway/ports/failure_store.hpp"
#include "gateway/ports/record_types.hpp"
#include "gateway/ports/retention_store.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/store/delivery_rules.hpp"
#include "gateway/store/memory/memory_flow.hpp"
#include "gateway/store/tenant_turns.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace gateway::store {

class MemoryEngine {
public:
    using Nothing = core::Result<void>;

    core::Result<ports::AcceptAnswer> accept(const ports::AcceptCommand&);
    core::Result<std::optional<ports::IdempotencyEntry>>
    find_idempotency(const core::TenantId&, const core::SystemId&, const std::string& key_token);

    core::Result<std::vector<ports::ClaimedDelivery>> claim(const ports::ClaimCommand&);
    core::Result<std::optional<core::Time>>
    next_due(ports::Lane, const std::vector<core::ConnectionId>& excluded);
    Nothing extend(const ports::DeliveryKey&, core::Fence, core::Time lease_until);
    Nothing begin_attempt(const ports::BeginAttempt&);
    Nothing remember(const ports::DeliveryKey&, core::Fence, std::string sealed_progress,
                     const std::vector<ports::NewEvent>&);
    Nothing finish(const ports::FinishCommand&);
    void keep_exchanges(const DeliveryRecord&, const ports::NewExchanges&, core::Time at);
    void remove_exchanges(const core::TenantId&, core::MessageId);
    core::Result<ports::ReceiptAnswer> apply_receipt(const ports::ReceiptCommand&);
    core::Result<std::optional<ports::ClaimedDelivery>>
    find_delivery(const std::vector<core::TenantId>&, core::DeliveryId);

    core::Result<ports::CancelAnswer> cancel(const ports::CancelCommand&);
    Nothing hold(const core::TenantId&, core::DeliveryId, core::Time,
                 const std::vector<ports::NewEvent>&);
    Nothing release(const core::TenantId&, core::DeliveryId, core::Time,
                    const std::vector<ports::NewEvent>&);
    Nothing retry(const ports::RetryCommand&);
    core::Result<ports::AcceptAnswer> replace(const ports::ReplaceCommand&);

    core::Result<std::vector<ports::FailureCount>> failures(const std::optional<core::TenantId>&);
    core::Result<std::vector<ports::FailedDelivery>> failed(const ports::FailureQuery&);

    core::Result<std::vector<ports::Alarm>> open_alarms();
    core::Result<std::vector<ports::Alarm>> alarms(const ports::AlarmQuery&);
    core::Result<std::optional<ports::Alarm>> find_alarm(const core::Uuid&);
    Nothing put_alarms(const ports::AlarmStep&);
    Nothing acknowledge_alarm(const core::Uuid&, const ports::AlarmAcknowledgement&);
    core::Result<std::vector<ports::AlarmNotice>> notices_due(core::Time now, std::size_t limit);
    core::Result<std::vector<ports::AlarmNotice>> notices_of(const core::Uuid& alarm);
    Nothing put_notice(const ports::AlarmNotice&);
    Nothing forget_alarms(core::Time before, std::int64_t traffic_before);
    core::Result<bool> tally_traffic(const ports::TrafficTally&);
    core::Result<std::vector<ports::TrafficDay>> traffic(const core::TenantId&);
    core::Result<ports::FlowSeries> flow_series(const ports::FlowQuery&);
    core::Result<std::vector<ports::FlowWay>> flow_ways(const ports::FlowQuery&);
    core::Result<bool> keep_flow(std::int64_t apart, std::int64_t forget);
    core::Result<std::vector<ports::WaitingMessage>> waiting(const core::TenantId&, core::Time now);
    core::Result<std::vector<ports::ToldEvent>> told(const core::TenantId&, core::Time since);

    core::Result<std::optional<ports::MessageView>> get(const core::TenantId&, core::MessageId);
    core::Result<std::vector<ports::StoredEvent>> timeline(const core::TenantId&, core::MessageId,
                                                           std::size_t limit);
    core::Result<std::vector<ports::StoredExchanges>> exchanges(const core::TenantId&,
                                                                core::MessageId, int attempt);
    core::Result<ports::SearchPage> search(const ports::SearchQuery&);
    core::Result<ports::EventPage> events_after(const ports::EventQuery&);
    core::Result<std::uint64_t> last_position();
    void on_events(std::function<void()>);
    void on_work(std::function<void()>);

    core::Result<ports::InboundAnswer> store_inbound(const ports::InboundCommand&);
    core::Result<ports::InboxBatch> lease_inbox(const ports::InboxLease&);
    core::Result<bool> has_inbox(const ports::InboxLease&);
    Nothing settle_inbox(const ports::InboxSettle&);
    core::Result<std::optional<ports::InboxItem>>
    find_inbox(const core::TenantId&, const std::optional<core::SystemId>&, core::InboxId);
    core::Result<std::vector<ports::InboxItem>> list_inbox(const ports::InboxQuery&);
    core::Result<std::size_t> replay_inbox(const ports::InboxReplay&);
    core::Result<std::vector<ports::InboxCount>> inbox_counts(const core::TenantId&,
                                                              const std::optional<core::SystemId>&,
                                                              core::Time from, core::Time until);
    core::Result<std::vector<ports::Settlement>> claim_settlements(const ports::SettlementClaim&);
    Nothing finish_settlement(const ports::SettlementDone&);
    Nothing release_quarantined(const ports::ReleaseCommand&);
    core::Result<std::vector<ports::QuarantinedItem>> quarantined(const ports::QuarantineQuery&);
    core::Result<std::optional<ports::QuarantinedItem>> find_quarantined(const core::TenantId&,
                                                                         core::InboxId);
    Nothing resolve_quarantined(const ports::ResolveCommand&);

    core::Result<ports::DocumentRecord> put_document(const ports::DocumentRecord&);
    core::Result<std::optional<ports::DocumentRecord>> find_document(const core::TenantId&,
                                                                     core::Sha256);
    core::Result<bool> may_read_document(const core::TenantId&, const core::SystemId&,
                                         bool sees_all, core::Sha256);
    core::Result<std::vector<ports::DocumentRecord>> orphan_documents(core::Time before,
                                                                      std::size_t limit);
    core::Result<std::vector<ports::DocumentRecord>>
    documents_after(const core::TenantId&, core::Sha256, std::size_t limit);
    Nothing forget_document(const core::TenantId&, core::Sha256);

    core::Result<ports::StateEntry> get_state(const core::ConnectionId&, const std::string& key);
    core::Result<std::uint64_t> put_state(const core::ConnectionId&, const std::string& key,
                                          std::string value, std::uint64_t expected);
    core::Result<std::optional<core::Fence>> take_named_lease(const std::string& name,
                                                              const std::string& owner,
                                                              core::Time now, core::Time until);
    Nothing drop_named_lease(const std::string& name, core::Fence);
    Nothing put_credential(const ports::Credential&);
    core::Result<std::optional<ports::Credential>> find_credential(const std::string& key_id);
    core::Result<std::vector<ports::Credential>>
    list_credentials(const std::optional<core::TenantId>&);
    Nothing revoke_credential(const std::string& key_id, core::Time);
    core::Result<std::uint64_t> add_config_version(ports::ConfigVersion);
    core::Result<std::vector<ports::ConfigVersion>> config_versions(std::size_t limit);

    core::Result<std::uint64_t> put_subscription(const ports::SubscriptionChange&);
    core::Result<std::vector<ports::Subscription>>
    list_subscriptions(const std::optional<core::TenantId>&);
    core::Result<std::optional<ports::Subscription>> find_subscription(const core::TenantId&,
                                                                       core::Uuid);
    Nothing remove_subscription(const core::TenantId&, core::Uuid);
    Nothing advance_subscription(const ports::SubscriptionStep&);
    core::Result<std::vector<ports::WaitingCall>>
    waiting_calls(const core::TenantId&, core::Uuid subscription, std::size_t limit);
    Nothing replay(const ports::ReplayCommand&);
    core::Result<std::vector<ports::StoredEvent>>
    events_at(const core::TenantId&, const std::vector<std::uint64_t>& positions);
    core::Result<std::vector<ports::StoredEvent>> find_events(const core::TenantId&,
                                                              const std::optional<core::SystemId>&,
                                                              const std::vector<core::EventId>&);
    core::Result<std::uint64_t> position_before(const core::TenantId&, core::Time);
    core::Result<std::uint64_t> count_events_after(const ports::EventQuery&);

    /// Handles of those who are known; nothing: a legal hold stands on one of them.
    using KnownPersons =
        std::function<std::optional<std::vector<core::Uuid>>(const std::vector<std::string>&)>;
    core::Result<ports::RetentionPage> retention_page(const ports::RetentionQuery&);
    /// `log`: what is to be written.
    core::Result<std::size_t> retain(const ports::RetentionStep&, const KnownPersons&,
                                     std::vector<ports::NewLogEntry>& log);
    Nothing hold_content(const core::TenantId&, ports::KeptKind, core::Uuid id, bool held,
                         const std::vector<ports::NewEvent>&);
    Nothing sweep_erased();
    /// Removes, or only counts.
    core::Result<ports::BareRemoved> bare(const ports::BareRemoval&, bool remove,
                                          std::vector<ports::NewLogEntry>& log);
    core::Result<std::size_t> forget_removed(core::Time before);
    /// `held`: somebody of the tenant is under a legal hold.
    core::Result<ports::QuarantineTurn> quarantine_term(const ports::QuarantineTerm&, bool held,
                                                        bool retire,
                                                        std::vector<ports::NewLogEntry>& log);
    core::Result<ports::QuarantineEnding> quarantine_ending(const core::TenantId&);

    core::Result<ports::StoreCounts> counts();
    core::Result<std::vector<ports::MessageCount>>
    message_counts(const std::optional<core::TenantId>&);
    core::Result<std::vector<std::string>> verify();
    Nothing close();
    bool is_closed();
    /// Life events, for MemoryRecords.
    void tell(const core::TenantId&, const std::vector<ports::FeedStep::Telling>&);

private:
    struct Message {
        core::SystemId system;
        std::string type;
        core::Time created{};
        core::Time changed{};
        std::string sealed_content;
        std::string wrapped_key;
        std::set<std::pair<std::uint8_t, std::string>> tokens;
        std::vector<core::Sha256> documents;
        std::vector<core::DeliveryId> deliveries;   // oldest first
        std::optional<core::MessageId> replaces;
        std::optional<core::MessageId> replaced_by;
    };
    struct Document {
        ports::DocumentRecord record;
        std::set<core::SystemId> uploaders;
        std::multiset<core::SystemId>
            readers;   // one for each message or inbox item that refers to it
    };
    struct Inbound {
        ports::InboundCommand item;
        std::uint64_t number = 0;
    };
    using CopyKey = std::tuple<core::TenantId, core::SystemId, std::uint64_t>;
    /// What the adapter is to be told of an item, and when.
    struct Telling {
        std::optional<core::Time> answer_by;
        std::size_t open = 0;
        std::optional<ports::SettlementKind> kind;
        core::Time at{};
        core::SystemId system;
        std::optional<core::Time> due;
        int failures = 0;
    };
    struct Subscribed {
        ports::Subscription record;
        std::map<std::uint64_t, ports::WaitingCall> calls;   // by position

        ports::Subscription counted() const;
    };
    struct Lease {
        std::string owner;
        core::Fence fence;
        core::Time until{};
    };
    using ErasedKey = std::tuple<core::TenantId, ports::KeptKind, core::Uuid>;
    struct Erased {
        core::Time at{};
        std::string type;
        core::Time look_at{};
        std::optional<core::Time> removed;
    };
    using Place =
        std::tuple<core::TenantId, std::string, std::uint64_t>;   // tenant, order token, place

    /// What fails now, in no order.
    std::vector<ports::FailedDelivery> failing();

    /// Holds the lock; gives the hints that are due once it has been let go.
    class Section;

    DeliveryRecord* find(const core::TenantId&, core::DeliveryId);
    ports::AcceptAnswer judge_accept(const ports::AcceptCommand&) const;
    bool is_id_taken(const ports::AcceptCommand&) const;
    void write_accepted(const ports::AcceptCommand&, DeliveryRecord record, bool keeps_place);
    DeliveryRecord* find_claimed(const ports::DeliveryKey&, core::Fence);
    void add_delivery(DeliveryRecord record, bool in_place_of_another);
    /// After any change to a record: indexes and order.
    void save(DeliveryRecord& record, bool kept_place);
    void append(const DeliveryRecord&, const std::vector<ports::NewEvent>&);
    void append(const ports::Subscription&, const std::vector<ports::NewEvent>&);
    /// In the history of the flow.
    void count_moved(const DeliveryRecord& before, const DeliveryRecord& after, core::Time at,
                     bool taken_over);
    bool was_sent_anew(const DeliveryRecord& record) const;
    /// False when `old` is not its message's newest delivery, or the new id is taken.
    bool open_instead(const DeliveryRecord& old, const ports::TakeOver&, core::Time at);
    ports::MessageView view(core::MessageId, const Message&) const;
    /// As a claim would give it, but without its fence.
    ports::ClaimedDelivery with_message(const DeliveryRecord&) const;
    ports::InboundAnswer what_became_of(const core::TenantId& tenant, core::InboxId id) const;
    void put_in_quarantine(const ports::InboundCommand&, std::uint64_t number);
    bool keeps_documents(const core::TenantId&) const;
    void append(const core::TenantId&, const ports::InboxItem& copy, core::EventId,
                const std::string& name, core::Time at, core::Params params);
    void add_copy(const Inbound&, const core::SystemId&, core::Time at, core::EventId);
    /// In the order they came, what may be handed out now.
    std::vector<CopyKey> due_copies(const ports::InboxLease&);
    std::vector<CopyKey> copies_of(const core::TenantId&, core::InboxId) const;
    ports::InboxItem whole(const ports::InboxItem& copy, const core::TenantId&) const;
    void settle_item(Telling&, ports::SettlementKind, core::Time at, const core::SystemId&);

    bool is_erased(const core::TenantId&, ports::KeptKind, core::Uuid id) const;
    std::optional<ports::KeptContent> judge(const core::TenantId&, ports::KeptKind,
                                            core::Uuid id) const;
    void erase_content(const ports::RetentionStep&, const ports::ContentErasure&);
    bool count_bare(const ErasedKey&, ports::BareRemoved& counted) const;
    void remove_rows(const ErasedKey&);

    std::mutex mutex_;
    bool closed_ = false;
    std::vector<std::function<void()>> event_hints_;
    std::vector<std::function<void()>> work_hints_;

    std::map<std::pair<core::TenantId, core::MessageId>, Message> messages_;
    std::map<std::tuple<core::TenantId, core::SystemId, std::string>, ports::IdempotencyEntry>
        idempotency_;
    std::map<std::pair<core::TenantId, core::DeliveryId>, DeliveryRecord> deliveries_;
    std::set<std::pair<core::TenantId, core::DeliveryId>> waiting_;   // with a wake or an expiry
    std::map<Place, core::DeliveryId> places_;   // open deliveries with an order
    std::set<std::tuple<core::TenantId, core::DeliveryId, std::string>> receipts_;
    /// By message, attempt, delivery, work and place: 0 the first call, 1 the newest.
    std::map<std::tuple<core::TenantId, core::MessageId, int, core::DeliveryId, core::Work, int>,
             ports::StoredExchanges>
        exchanges_;
    std::vector<ports::StoredEvent> events_;
    std::map<std::pair<core::TenantId, core::Sha256>, Document> documents_;
    std::map<std::pair<core::TenantId, core::InboxId>, Inbound> inbound_;
    std::map<std::tuple<core::TenantId, core::ConnectionId, std::string>, core::InboxId>
        inbound_keys_;
    std::map<std::pair<core::TenantId, core::InboxId>, ports::QuarantinedItem> quarantine_;
    std::map<CopyKey, ports::InboxItem> copies_;   // without what the item has
    std::map<std::pair<core::TenantId, core::InboxId>, Telling> tellings_;
    std::map<std::pair<core::ConnectionId, std::string>, ports::StateEntry> states_;
    std::map<std::string, Lease> leases_;
    std::map<std::string, ports::Credential> credentials_;
    std::vector<ports::ConfigVersion> config_;
    std::map<std::pair<core::TenantId, core::Uuid>, Subscribed> subscriptions_;
    std::map<core::Uuid, ports::Alarm> alarms_;
    std::map<std::tuple<core::Uuid, std::string, std::string>, ports::AlarmNotice> notices_;
    std::map<std::tuple<core::TenantId, core::SystemId, std::string, std::int64_t>, std::uint64_t>
        traffic_;
    std::map<core::TenantId, std::pair<core::Time, core::MessageId>> traffic_counted_;
    std::map<ErasedKey, Erased> erased_;
    std::map<std::pair<core::TenantId, core::InboxId>, core::Time> quarantine_told_;
    std::set<ErasedKey> content_holds_;
    std::map<std::tuple<core::TenantId, ports::KeptKind, std::string>, ports::RetentionMark>
        retention_marks_;
    std::set<std::tuple<core::TenantId, ports::KeptKind, std::string, core::Time, core::Uuid>>
        retention_later_;
    MemoryFlow flow_;
    std::array<TenantTurns, ports::lanes> turns_;
    std::uint64_t numbers_ = 0;
    std::uint64_t flushes_ = 0;
};

/// Locks, refuses after close, counts a flush and gives hints when something changed.
class MemoryEngine::Section {
public:
    explicit Section(MemoryEngine& engine)
        : engine_(engine), lock_(engine.mutex_), events_(engine.events_.size()) {}
    ~Section();
    bool is_closed() const { return engine_.closed_; }
    void changed() { changed_ = true; }
    void made_work() { work_ = true; }

private:
    MemoryEngine& engine_;
    std::unique_lock<std::mutex> lock_;
    std::size_t events_;
    bool changed_ = false;
    bool work_ = false;
};

core::Failure closing();

}   // namespace gateway::store
