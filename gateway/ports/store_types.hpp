#pragma once

// Commands to the store and its answers. Strings named sealed_* are sealed by crypto::Vault; tokens
// are 32-byte HMACs.

#include "gateway/core/channel.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store_inbox_types.hpp"
#include "gateway/ports/store_small_types.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

struct SearchToken {
    std::uint8_t kind = 0;   // crypto::TokenKind
    std::string token;

    SearchToken() = default;
    SearchToken(std::uint8_t what, std::string value) : kind(what), token(std::move(value)) {}
};

/// A line of the timeline. Position and order are given by the store.
struct NewEvent {
    core::EventId id;
    core::Time at{};
    std::string name;   // "accepted": also the last part of the CloudEvents type
    core::Code code;    // text code; often the name
    core::Params params;
    std::string sealed_params;   // what is personal, and what the component said; may be empty

    NewEvent() = default;
};

struct NewDelivery {
    core::DeliveryId id;
    std::optional<core::ConnectionId>
        connection;                         // none: chosen by dispatch before the first attempt
    std::string settings = "{}";            // the route's `with`; plain: never personal
    std::optional<core::Channel> channel;   // with the connection
    std::string choice;   // what policy chose and has tried (route::Trail); plain: never personal
    core::Time due{};
    std::optional<core::Time> expires_at;
    std::string upstream_key;
    std::string order_token;   // empty: no order asked
    std::optional<core::DeliveryId> replaces;

    NewDelivery() = default;
};

struct IdempotencyClaim {
    std::string key_token;
    std::string fingerprint;

    IdempotencyClaim() = default;
};

struct AcceptCommand {
    core::TenantId tenant;
    core::SystemId system;
    core::MessageId message;
    std::string type;
    core::Time at{};
    std::string sealed_content;
    std::string wrapped_key;
    std::uint64_t content_bytes = 0;
    std::vector<SearchToken> tokens;
    std::vector<core::Sha256> documents;
    std::optional<IdempotencyClaim> idempotency;
    NewDelivery delivery;
    std::vector<NewEvent> events;

    AcceptCommand() = default;
};

enum class Accepted { accepted, same, conflict, unknown_document };

struct AcceptAnswer {
    Accepted result = Accepted::accepted;
    core::MessageId message;         // accepted, same: the first message of the key
    core::Sha256 unknown_document;   // unknown_document: the first that is not there

    AcceptAnswer() = default;
};

struct IdempotencyEntry {
    core::MessageId message;
    std::string fingerprint;

    IdempotencyEntry() = default;
};

/// Attempts (send, look_up, cancel) do not wait behind polling, nor behind a slow register.
enum class Lane : std::uint8_t { attempts = 1, receipts = 2, choices = 3 };
inline constexpr std::size_t lanes = 3;

struct ClaimCommand {
    core::Time now{};
    core::Time lease_until{};
    std::size_t limit = 0;
    Lane lane = Lane::attempts;
    std::vector<core::ConnectionId> excluded;   // open circuits, full connections

    ClaimCommand() = default;
};

struct DeliveryKey {
    core::TenantId tenant;
    core::DeliveryId delivery;

    DeliveryKey() = default;
    DeliveryKey(core::TenantId who, core::DeliveryId what)
        : tenant(std::move(who)), delivery(what) {}
};

struct DeliveryRow {
    core::DeliveryId id;
    core::MessageId message;
    std::optional<core::ConnectionId> connection;
    std::string settings;
    core::DeliveryState state = core::DeliveryState::queued;
    core::Work work = core::Work::send;
    core::Time created{};
    core::Time changed{};
    std::optional<core::Time> due;
    std::optional<core::Time> expires_at;
    std::optional<core::Time> overdue_at;   // when a missing receipt becomes an event
    std::optional<core::Time> unread_at;   // when, still unopened, the letter's unread rule applies
    std::optional<core::Channel> channel;   // with the connection
    std::string choice;
    int attempts = 0;
    int failures = 0;   // in a row, for back-off
    std::string upstream_key;
    std::string sealed_upstream_reference;
    std::string sealed_progress;
    std::string sealed_result;   // what the component made of it: a JSON object; may be empty
    std::optional<core::DeliveryId> replaces;
    bool cancel_requested = false;
    core::Code code;   // why it is in this state
    core::Params params;

    DeliveryRow() = default;
};

struct ClaimedDelivery {
    core::TenantId tenant;
    core::SystemId system;
    std::string type;
    core::Time accepted_at{};
    std::string sealed_content;
    std::string wrapped_key;
    std::vector<core::Sha256> documents;
    DeliveryRow row;
    core::Fence fence;
    bool was_interrupted =
        false;   // an earlier holder's lease ran out in state sending: its outcome is unknown

    ClaimedDelivery() = default;
};

struct BeginAttempt {
    DeliveryKey key;
    core::Fence fence;
    core::Time at{};
    core::ConnectionId connection;
    std::string settings;
    bool counts = true;   // a continuation of a pending delivery is not a new attempt
    std::vector<NewEvent> events;

    BeginAttempt() = default;
};

/// What policy chose for a delivery that had no connection.
struct ChosenWay {
    core::ConnectionId connection;
    std::string settings = "{}";
    core::Channel channel = core::Channel::digital;
    std::string choice;
    std::optional<core::Time> expires_at;   // none: as it was

    ChosenWay() = default;
};

/// A delivery that takes over from one that ends, or goes beside one that nobody has opened:
/// opened in the same transaction, or not at all. It replaces the old and keeps its place in the
/// order. Never after a wish to cancel, never beside a newer delivery of the message.
struct TakeOver {
    NewDelivery delivery;
    std::vector<NewEvent> events;   // on the new

    TakeOver() = default;
};

/// What passed between here and the component during one call for a delivery, sealed with the
/// message's key. The store sees how many calls there were, not what.
struct NewExchanges {
    int attempt = 0;
    core::Work work = core::Work::none;   // what the call was for
    std::string sealed;

    NewExchanges() = default;
};

struct FinishCommand {
    DeliveryKey key;
    core::Fence fence;
    core::Time at{};
    core::DeliveryState state = core::DeliveryState::queued;
    core::Work work = core::Work::none;
    std::optional<core::Time> due;          // none: nothing is due
    std::optional<core::Time> overdue_at;   // none: leaves it as it is
    bool overdue_said = false;              // the overdue event is among `events`: clear overdue_at
    /// The component answered the cancel request (withdrawn or refused): the request is forgotten.
    /// While one is unanswered, also when it came during the claim, a `queued`, `pending`, `sent`
    /// or `delivered` result gets work `cancel`; it is due at once when it came during the claim,
    /// else when `due` says.
    bool cancel_answered = false;
    int failures = 0;
    std::string sealed_upstream_reference;        // empty: leaves it
    std::optional<std::string> sealed_progress;   // none: leaves it
    std::vector<SearchToken> tokens;              // upstream id
    core::Code code;
    core::Params params;
    std::vector<NewEvent> events;
    /// Of each attempt and kind of work those of the first call and of the newest are kept.
    std::optional<NewExchanges> exchanges;
    std::optional<ChosenWay> chosen;       // with state queued: where it is to be sent
    std::optional<core::Time> unread_at;   // with state delivered
    /// The unread rule has been applied, or cannot be: `unread_at` is cleared.
    bool unread_settled = false;
    /// Opened when this command ends the delivery as failed or expired; with `unread_settled`, when
    /// the delivery still is `delivered` and its rule had not been settled before.
    std::optional<TakeOver> take_over;

    FinishCommand() = default;
};

struct ReceiptCommand {
    DeliveryKey key;
    std::optional<core::Fence> fence;   // with a claim: must still hold
    std::string dedupe_id;
    std::optional<core::DeliveryState> reached;
    core::FailureCause cause = core::FailureCause::none;
    core::Time at{};
    core::Code code;
    core::Params params;
    std::vector<NewEvent> events;
    std::optional<core::Time> unread_at;   // kept when this makes it `delivered`
    /// When this moves it to `sent` or `delivered`: until then another is to come.
    std::optional<core::Time> overdue_at;
    std::string sealed_result;         // empty: leaves it
    std::vector<SearchToken> tokens;   // business keys the component gave it
    /// Opened when this receipt makes the delivery fail, unless a person held it.
    std::optional<TakeOver> take_over;

    ReceiptCommand() = default;
};

struct ReceiptAnswer {
    bool duplicate = false;
    core::DeliveryState state = core::DeliveryState::queued;
    bool taken_over = false;

    ReceiptAnswer() = default;
};

struct CancelCommand {
    core::TenantId tenant;
    core::MessageId message;
    std::optional<core::SystemId> system;   // must be its own, unless none
    core::Time at{};
    bool component_can = false;        // the connection's capability has a cancel
    std::vector<NewEvent> requested;   // event cancel_requested
    std::vector<NewEvent> cancelled;   // event cancelled, added when no attempt had begun

    CancelCommand() = default;
};

enum class CancelAnswer { cancelled, requested, terminal, not_possible, not_found };

struct RetryCommand {
    core::TenantId tenant;
    core::DeliveryId old;
    std::optional<core::Time> seen_changed;   // the old must have been changed last then
    core::Time at{};
    std::vector<NewEvent> closing;   // on the old
    NewDelivery delivery;            // replaces = old
    std::vector<NewEvent> events;    // on the new

    RetryCommand() = default;
};

/// A corrected message in place of one that failed. Nothing is changed unless the old one is as it
/// was seen and may be replaced (ports/mending.hpp).
struct ReplaceCommand {
    core::MessageId old;   // of the tenant of `message`
    core::DeliveryId seen;
    core::Time seen_changed{};
    std::vector<NewEvent> closing;   // on the old, which ends `cancelled`
    AcceptCommand message;

    ReplaceCommand() = default;
};

struct MessageView {
    core::MessageId id;
    core::SystemId system;
    std::string type;
    core::Time created{};
    core::Time changed{};
    core::DeliveryState state = core::DeliveryState::queued;
    std::string sealed_content;
    std::string wrapped_key;
    std::vector<DeliveryRow> deliveries;          // oldest first
    std::optional<core::MessageId> replaces;      // it corrects that one
    std::optional<core::MessageId> replaced_by;   // and that one it

    MessageView() = default;
};

struct StoredEvent {
    std::uint64_t position = 0;
    core::EventId id;
    core::TenantId tenant;
    core::SystemId system;
    core::MessageId message;
    std::optional<core::Uuid> subscription;   // what it is about; then there is no message
    std::optional<core::Uuid> subject;   // a life event: whom it is about; then there is no message
    std::optional<core::DeliveryId> delivery;
    std::optional<core::ConnectionId> connection;
    core::DeliveryState state = core::DeliveryState::queued;   // after it
    /// Of an inbound item: its state after it; `message` is the item's id then.
    std::optional<core::InboundState> inbound;
    core::Time at{};
    std::string name;
    core::Code code;
    core::Params params;
    std::string sealed_params;
    std::optional<core::Time> next;   // when the next step is due
    std::string wrapped_key;          // of the message

    StoredEvent() = default;
};

/// Those of one call.
struct StoredExchanges {
    core::DeliveryId delivery;
    int attempt = 0;
    core::Work work = core::Work::none;
    std::uint64_t call = 0;   // which it was of its attempt and work, from 1; between are not kept
    core::Time at{};          // when it had ended
    std::string sealed;

    StoredExchanges() = default;
};

struct SearchQuery {
    core::TenantId tenant;
    std::optional<core::SystemId> system;   // none: granted to read all
    std::optional<SearchToken> token;
    std::optional<std::string> type;
    std::optional<core::DeliveryState> state;
    std::optional<core::ConnectionId> connection;
    std::optional<core::Time> from;    // created, inclusive
    std::optional<core::Time> until;   // created, exclusive
    std::size_t limit = 50;
    std::string cursor;   // of the page before; empty: from the newest

    SearchQuery() = default;
};

struct SearchPage {
    std::vector<MessageView> items;
    std::string next;   // empty: no more

    SearchPage() = default;
};

struct EventQuery {
    core::TenantId tenant;
    std::optional<core::SystemId> system;
    std::uint64_t after = 0;
    std::size_t limit = 100;

    EventQuery() = default;
};

struct EventPage {
    std::vector<StoredEvent> items;
    std::uint64_t last = 0;   // position to go on from, also past events of others

    EventPage() = default;
};

/// How many messages of a system stand so now, each counted by its newest delivery.
struct MessageCount {
    core::TenantId tenant;
    core::SystemId system;
    std::optional<core::Channel> channel;   // none: not chosen yet
    core::DeliveryState state = core::DeliveryState::queued;
    std::uint64_t count = 0;

    MessageCount() = default;
    friend bool operator==(const MessageCount&, const MessageCount&) = default;
};

struct StoreCounts {
    std::vector<std::pair<core::DeliveryState, std::uint64_t>> deliveries;
    std::optional<core::Time> oldest_waiting;   // due time of the oldest queued
    std::uint64_t events = 0;
    std::uint64_t quarantined = 0;   // and not settled
    std::uint64_t flushes = 0;       // fsyncs of the log since start

    StoreCounts() = default;
};

}   // namespace gateway::ports
